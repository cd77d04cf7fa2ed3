"""Which error a command_status is.

Source: SMPP specification v3.4, clause 5.1.3. The error carries the status by its name
in the specification, and its meaning and its number as text.
"""

from typing import Final

from smpplib import consts

from ...errors import (
    LoginError,
    NoRecordError,
    ProviderError,
    RecipientError,
    ScheduleError,
    SenderError,
    SessionsError,
    TextError,
    TransientError,
    UnavailableError,
)
from .commands import hexadecimal, status_name, status_text

THROTTLED: Final = frozenset({consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL})
"""What asks for a slower pace."""

_CLASSES: Final[dict[int, type[ProviderError]]] = {
    consts.SMPP_ESME_RINVPASWD: LoginError,
    consts.SMPP_ESME_RINVSYSID: LoginError,
    consts.SMPP_ESME_RINVSYSTYP: LoginError,
    # The server may still hold a session that broke, or have no place for another one:
    # both pass, and an alarm that waits must not wait for a person.
    consts.SMPP_ESME_RALYBND: SessionsError,
    consts.SMPP_ESME_RBINDFAIL: UnavailableError,
    consts.SMPP_ESME_RINVBNDSTS: UnavailableError,
    consts.SMPP_ESME_RSYSERR: TransientError,
    consts.SMPP_ESME_RTHROTTLED: TransientError,
    consts.SMPP_ESME_RMSGQFUL: TransientError,
    consts.SMPP_ESME_RSUBMITFAIL: TransientError,
    consts.SMPP_ESME_RX_T_APPN: TransientError,
    consts.SMPP_ESME_RUNKNOWNERR: TransientError,
    consts.SMPP_ESME_RINVSRCADR: SenderError,
    consts.SMPP_ESME_RINVSRCTON: SenderError,
    consts.SMPP_ESME_RINVSRCNPI: SenderError,
    consts.SMPP_ESME_RINVDSTADR: RecipientError,
    consts.SMPP_ESME_RINVDSTTON: RecipientError,
    consts.SMPP_ESME_RINVDSTNPI: RecipientError,
    consts.SMPP_ESME_RINVNUMDESTS: RecipientError,
    consts.SMPP_ESME_RINVMSGLEN: TextError,
    consts.SMPP_ESME_RINVESMCLASS: TextError,
    consts.SMPP_ESME_RINVSCHED: ScheduleError,
    consts.SMPP_ESME_RINVEXPIRY: ScheduleError,
    consts.SMPP_ESME_RINVMSGID: NoRecordError,
}


def error_of(status: int) -> ProviderError:
    """Return the error that a command_status other than ESME_ROK is."""
    kind = _CLASSES.get(status, ProviderError)
    name, number = status_name(status), hexadecimal(status)
    text = status_text(status)
    return kind(text if name == number else f"{text} ({number})", code=name)
