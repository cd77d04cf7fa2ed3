"""What is wrong with a submitted message: SMPP specification v3.4, clause 5.2."""

import re

from ..accounts import Account
from . import codings
from .pdus import Address, ShortMessage
from .statuses import CommandStatus, RefusedError

_TONS = frozenset(range(7))
_INTERNATIONAL, _ALPHANUMERIC = 1, 5
_NPIS = frozenset({0, 1, 3, 4, 6, 8, 9, 10, 14, 18})
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_INTERNATIONAL_NUMBER = re.compile(r"\+?[1-9][0-9]{4,14}")

_MESSAGE_TYPES = 0x3C
_SUBMITTED_TYPES = frozenset({0x00, 0x08, 0x10})
_HIGHEST_PRIORITY = 3
_RECEIPT, _RESERVED_RECEIPT, _RESERVED = 0x03, 0x03, 0xE0


def check(message: ShortMessage, account: Account, coding_status: int) -> None:
    """Raise `RefusedError` if a field has no value that it may have."""
    if message.esm_class & _MESSAGE_TYPES not in _SUBMITTED_TYPES:
        raise RefusedError(CommandStatus.ESME_RINVESMCLASS)
    if message.priority_flag > _HIGHEST_PRIORITY:
        raise RefusedError(CommandStatus.ESME_RINVPRTFLG)
    if message.replace_if_present_flag > 1:
        raise RefusedError(CommandStatus.ESME_RINVREPFLAG)
    if codings.coding_of(message.data_coding) is None:
        raise RefusedError(coding_status)
    check_receipt_and_default(message.registered_delivery, message.sm_default_msg_id)
    _check_source(message.source, account)
    _check_destination(message.destination)


def check_receipt_and_default(registered_delivery: int, default: int) -> None:
    """Raise `RefusedError` for a reserved value; there are no predefined messages."""
    if (
        registered_delivery & _RESERVED
        or registered_delivery & _RECEIPT == _RESERVED_RECEIPT
    ):
        raise RefusedError(CommandStatus.ESME_RINVREGDLVFLG)
    if default:
        raise RefusedError(CommandStatus.ESME_RINVDFTMSGID)


def _check_source(source: Address, account: Account) -> None:
    """See that the account may send as the source; an empty one is the SMSC's own."""
    ton, npi, digits = source
    if ton not in _TONS:
        raise RefusedError(CommandStatus.ESME_RINVSRCTON)
    if npi not in _NPIS:
        raise RefusedError(CommandStatus.ESME_RINVSRCNPI)
    if not digits and account.senders is None:
        return
    if not account.may_send_as(digits):
        raise RefusedError(CommandStatus.ESME_RINVSRCADR)
    if ton != _ALPHANUMERIC and _NUMBER.fullmatch(digits) is None:
        raise RefusedError(CommandStatus.ESME_RINVSRCADR)


def _check_destination(destination: Address) -> None:
    """See that the destination is a number."""
    ton, npi, digits = destination
    if ton not in _TONS:
        raise RefusedError(CommandStatus.ESME_RINVDSTTON)
    if npi not in _NPIS:
        raise RefusedError(CommandStatus.ESME_RINVDSTNPI)
    form = _INTERNATIONAL_NUMBER if ton == _INTERNATIONAL else _NUMBER
    if ton == _ALPHANUMERIC or form.fullmatch(digits) is None:
        raise RefusedError(CommandStatus.ESME_RINVDSTADR)
