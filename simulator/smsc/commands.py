"""The commands, and the ways to bind."""

from enum import IntEnum, StrEnum

RESPONSE = 0x80000000
"""The bit of command_id that marks a response (SMPP specification v3.4, 5.1.2.1)."""


class Command(IntEnum):
    """A command_id (SMPP specification v3.4, clause 5.1.2.1)."""

    BIND_RECEIVER = 0x00000001
    BIND_TRANSMITTER = 0x00000002
    QUERY_SM = 0x00000003
    SUBMIT_SM = 0x00000004
    DELIVER_SM = 0x00000005
    UNBIND = 0x00000006
    REPLACE_SM = 0x00000007
    CANCEL_SM = 0x00000008
    BIND_TRANSCEIVER = 0x00000009
    OUTBIND = 0x0000000B
    ENQUIRE_LINK = 0x00000015
    SUBMIT_MULTI = 0x00000021
    ALERT_NOTIFICATION = 0x00000102
    DATA_SM = 0x00000103
    GENERIC_NACK = 0x80000000
    BIND_RECEIVER_RESP = 0x80000001
    BIND_TRANSMITTER_RESP = 0x80000002
    QUERY_SM_RESP = 0x80000003
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM_RESP = 0x80000005
    UNBIND_RESP = 0x80000006
    REPLACE_SM_RESP = 0x80000007
    CANCEL_SM_RESP = 0x80000008
    BIND_TRANSCEIVER_RESP = 0x80000009
    ENQUIRE_LINK_RESP = 0x80000015
    SUBMIT_MULTI_RESP = 0x80000021
    DATA_SM_RESP = 0x80000103


class BindMode(StrEnum):
    """What an ESME is bound as (SMPP specification v3.4, clause 2.2)."""

    TRANSMITTER = "transmitter"
    RECEIVER = "receiver"
    TRANSCEIVER = "transceiver"

    @property
    def receives(self) -> bool:
        """Tell whether the ESME gets messages and receipts."""
        return self is not BindMode.TRANSMITTER


SENDING = frozenset({BindMode.TRANSMITTER, BindMode.TRANSCEIVER})
BOUND = frozenset(BindMode)
