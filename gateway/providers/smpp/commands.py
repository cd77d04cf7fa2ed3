"""The commands of SMPP 3.4 (specification, clause 5.1.2.1) and their statuses."""

from enum import IntEnum
from typing import Final

from smpplib import consts

RESPONSE: Final = 0x80000000
"""The bit that makes a command the response to itself."""


class Command(IntEnum):
    """command_id."""

    GENERIC_NACK = 0x80000000
    BIND_RECEIVER = 0x00000001
    BIND_RECEIVER_RESP = 0x80000001
    BIND_TRANSMITTER = 0x00000002
    BIND_TRANSMITTER_RESP = 0x80000002
    QUERY_SM = 0x00000003
    QUERY_SM_RESP = 0x80000003
    SUBMIT_SM = 0x00000004
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM = 0x00000005
    DELIVER_SM_RESP = 0x80000005
    UNBIND = 0x00000006
    UNBIND_RESP = 0x80000006
    REPLACE_SM = 0x00000007
    REPLACE_SM_RESP = 0x80000007
    CANCEL_SM = 0x00000008
    CANCEL_SM_RESP = 0x80000008
    BIND_TRANSCEIVER = 0x00000009
    BIND_TRANSCEIVER_RESP = 0x80000009
    OUTBIND = 0x0000000B
    ENQUIRE_LINK = 0x00000015
    ENQUIRE_LINK_RESP = 0x80000015
    SUBMIT_MULTI = 0x00000021
    SUBMIT_MULTI_RESP = 0x80000021
    ALERT_NOTIFICATION = 0x00000102
    DATA_SM = 0x00000103
    DATA_SM_RESP = 0x80000103


_STATUS_NAMES: Final[dict[int, str]] = {
    value: name.removeprefix("SMPP_")
    for name, value in vars(consts).items()
    if name.startswith("SMPP_ESME_")
}
_UNDESCRIBED: Final = "<"


def status_name(status: int) -> str:
    """Name a command_status as the specification does, an unknown one in hex."""
    return _STATUS_NAMES.get(status) or hexadecimal(status)


def hexadecimal(status: int) -> str:
    """Write a command_status as the specification lists them."""
    return f"0x{status:08X}"


def status_text(status: int) -> str:
    """Say what a command_status means."""
    text: str = consts.DESCRIPTIONS.get(status, "vendor specific error")
    # The library leaves one of them out.
    return "Invalid Registered Delivery Flag" if text.startswith(_UNDESCRIBED) else text
