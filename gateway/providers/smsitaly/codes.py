"""Which error a negative answer is, and whether the session goes on after it.

Source: smsitaly specification, all tables. Code 89 has three texts, which mean
different things.
"""

from typing import Final

from ...errors import (
    AccountExpiredError,
    AddressLockedError,
    BlockedError,
    CreditError,
    InactiveError,
    LoginError,
    ProviderError,
    RecipientError,
    ScheduleError,
    SenderError,
    SessionsError,
    TextError,
    TransientError,
    UnavailableError,
)
from ...model import AccountStatus

PERMISSION_DENIED: Final = "79"
BAD_STRING: Final = "100"
SHUT_DOWN: Final = "102"

_CODES: Final[dict[str, tuple[type[ProviderError], str]]] = {
    "72": (TextError, "Dcs Not Valid"),
    "73": (ProviderError, "SmsRef Not Valid"),
    "74": (ScheduleError, "SmsValidity Not Valid"),
    "75": (ProviderError, "Notification Not Valid"),
    "76": (ProviderError, "Delivery Request Not Valid"),
    "77": (TextError, "Udh Not Valid"),
    PERMISSION_DENIED: (UnavailableError, "Permission Denied!"),
    "80": (BlockedError, "TCP/IP Not Allowed!"),
    "84": (SenderError, "Sender Not Valid"),
    "85": (AddressLockedError, "IP Not Available!"),
    "86": (RecipientError, "Recipient Locked From Account!"),
    "87": (AddressLockedError, "IP Locked!"),
    "88": (TextError, "Sms Type Not Valid"),
    "89": (LoginError, "Account Not Valid"),
    "92": (ScheduleError, "Sms Date/Hour Not Valid"),
    "93": (TextError, "Sms Text Message Not Valid"),
    "94": (RecipientError, "Phone Number Not Valid"),
    "95": (RecipientError, "Gsm Code Not Valid"),
    "96": (RecipientError, "Country Code Not Valid"),
    "99": (CreditError, "Credit Not Available!"),
    BAD_STRING: (ProviderError, "String Not Valid or Bad Command Request"),
    "101": (SessionsError, "Too many sessions"),
    SHUT_DOWN: (UnavailableError, "Shut Down by Server"),
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
    kind, usual = _CODES.get(code, (ProviderError, "unknown error"))
    words = text.strip() or usual
    if kind is LoginError:
        kind = next(
            (other for word, other in _ACCOUNTS.items() if word in words.lower()), kind
        )
    return kind(words, code=code), code in _CLOSING
