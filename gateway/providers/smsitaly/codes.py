"""Which error a negative answer is, and whether the session goes on after it.

Source: smsitaly specification, all tables. Code 89 has three texts, which mean
different things.
"""

import re
from typing import Final, NamedTuple

from ...errors import (
    AccountExpiredError,
    AddressLockedError,
    BlockedError,
    CreditError,
    InactiveError,
    LoginError,
    ProviderError,
    RecipientError,
    RecipientLockedError,
    ScheduleError,
    SenderError,
    SessionsError,
    TextError,
    TransientError,
    UnavailableError,
)
from ...model import AccountStatus

PERMISSION_DENIED: Final = "79"
_DATE: Final = "92"
BAD_STRING: Final = "100"
SHUT_DOWN: Final = "102"


class _Code(NamedTuple):
    """A code: its error, its usual words, and which field it is about, if one."""

    kind: type[ProviderError]
    words: str
    field: str | None = None


_CODES: Final[dict[str, _Code]] = {
    "72": _Code(TextError, "Dcs Not Valid", "Dcs"),
    "73": _Code(ProviderError, "SmsRef Not Valid", "SmsRef"),
    "74": _Code(ScheduleError, "SmsValidity Not Valid", "SmsValidity"),
    "75": _Code(ProviderError, "Notification Not Valid", "Notification"),
    "76": _Code(ProviderError, "Delivery Request Not Valid", "Delivery"),
    "77": _Code(TextError, "Udh Not Valid", "Udh"),
    PERMISSION_DENIED: _Code(UnavailableError, "Permission Denied!"),
    "80": _Code(BlockedError, "TCP/IP Not Allowed!"),
    "84": _Code(SenderError, "Sender Not Valid", "Sender"),
    "85": _Code(AddressLockedError, "IP Not Available!"),
    "86": _Code(RecipientLockedError, "Recipient Locked From Account!"),
    "87": _Code(AddressLockedError, "IP Locked!"),
    "88": _Code(TextError, "Sms Type Not Valid", "SmsType"),
    "89": _Code(LoginError, "Account Not Valid"),
    _DATE: _Code(ScheduleError, "Sms Date/Hour Not Valid"),
    "93": _Code(TextError, "Sms Text Message Not Valid", "TextMessage"),
    "94": _Code(RecipientError, "Phone Number Not Valid", "PhoneNumber"),
    "95": _Code(RecipientError, "Gsm Code Not Valid", "GsmCode"),
    "96": _Code(RecipientError, "Country Code Not Valid", "CountryCode"),
    "99": _Code(CreditError, "Credit Not Available!"),
    BAD_STRING: _Code(ProviderError, "String Not Valid or Bad Command Request"),
    "101": _Code(SessionsError, "Too many sessions"),
    SHUT_DOWN: _Code(UnavailableError, "Shut Down by Server"),
}
_ACCOUNTS: Final[dict[str, type[ProviderError]]] = {
    "blocked": BlockedError,
    "not active": InactiveError,
}
"""What else than a wrong login is said with code 89."""
_CLOSING: Final = frozenset(
    {PERMISSION_DENIED, "80", "85", "87", "89", "99", "101", SHUT_DOWN}
)
"""Codes with `[Connection Closed]` wherever they stand; `100` has it in one place."""


_STATUSES: Final[dict[AccountStatus, type[ProviderError]]] = {
    AccountStatus.INACTIVE: InactiveError,
    AccountStatus.STANDBY: InactiveError,
    AccountStatus.EXPIRED: AccountExpiredError,
    AccountStatus.BLOCKED: BlockedError,
}
_OF_A_MESSAGE: Final = frozenset(_CODES) - _CLOSING - {BAD_STRING}
_OF_THE_SESSION: Final = (
    TransientError,
    LoginError,
    BlockedError,
    InactiveError,
    AddressLockedError,
    CreditError,
)


def is_of_a_message(error: ProviderError) -> bool:
    """Whether an error is about one message, and would not meet all of them."""
    return error.code in _OF_A_MESSAGE


def without_session(error: ProviderError) -> ProviderError:
    """Return why there is no session, from the error of a greeting or a login.

    One that says nothing of the account is no reason to refuse what waits.
    """
    if isinstance(error, _OF_THE_SESSION):
        return error
    return UnavailableError(error.text, code=error.code)


def of_status(error: ProviderError, status: AccountStatus | None) -> ProviderError:
    """Return what an error means, once the login was taken and this status told.

    A command that sends knows two texts only for accounts that may not: that of an
    account that is not valid means no wrong password then.
    """
    if isinstance(error, LoginError) and status in _STATUSES:
        return _STATUSES[status](error.text, code=error.code)
    return error


def error_of(code: str, text: str) -> tuple[ProviderError, bool]:
    """Return the error of a code and its text, and whether the session ends with it."""
    kind, usual, field = _CODES.get(code, _Code(ProviderError, "unknown error"))
    words = text.strip() or usual
    if kind is LoginError:
        kind = next(
            (other for word, other in _ACCOUNTS.items() if word in words.lower()), kind
        )
    if code == _DATE:
        # Six fields share it: "Sms Day Not Valid".
        field = re.sub(r"\s+|not valid", "", words, flags=re.IGNORECASE)
    return kind(words, code=code, field=field), code in _CLOSING
