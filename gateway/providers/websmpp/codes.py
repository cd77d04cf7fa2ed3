"""The words of a websmpp server: error codes and message states.

Source: websmpp specification, "Response Format" and the table of resulting states.
Codes 27 and 28 are known from servers only.
"""

import re
from typing import Final

from ...errors import (
    AccountExpiredError,
    CreditError,
    LoginError,
    NoRecordError,
    ProviderError,
    RecipientError,
    ScheduleError,
    SenderError,
    TextError,
    TransientError,
)
from ...model import State

_CODES: Final[dict[int, tuple[type[ProviderError], str]]] = {
    1: (ProviderError, "Invalid HTTP URL Format"),
    2: (ProviderError, "Invalid query string"),
    3: (TransientError, "Message Submission Failed"),
    4: (LoginError, "Invalid Password"),
    5: (LoginError, "Invalid System ID"),
    6: (SenderError, "Invalid Sender ID"),
    7: (TextError, "Invalid Type"),
    8: (NoRecordError, "Invalid Message ID"),
    9: (RecipientError, "Invalid Destination Address"),
    10: (ProviderError, "Invalid number of messages"),
    11: (TransientError, "Requested service is unavailable"),
    12: (TransientError, "Submit Failed"),
    13: (TransientError, "Query request failed"),
    14: (TransientError, "Bind failed"),
    15: (ProviderError, "Not Authorized for the request"),
    16: (ProviderError, "Invalid Request"),
    17: (TextError, "Invalid Message Length"),
    18: (CreditError, "INSUFFICIENT CREDITS/BALANCE"),
    19: (TextError, "Invalid DATA CODING SCHEME"),
    20: (TextError, "Invalid ESM"),
    21: (TextError, "Invalid HEADER"),
    22: (ScheduleError, "Invalid Schedule Time"),
    23: (TransientError, "Routing Error"),
    24: (ProviderError, "Exceeded number of Destination"),
    25: (NoRecordError, "No Record Found"),
    26: (AccountExpiredError, "Account Expired"),
    28: (LoginError, "Password expired"),
}

RAW_LENGTH: Final = 500
"""Characters of an answer that are kept for the user to see."""

_ERROR: Final = re.compile(r"\bHTTP[ -]?(\d{2})\b(?!/)[ \t>-]*([^\r\n]{0,200})")
_BAD_LOGIN: Final = re.compile(r"INVALID\s+USER\s*/?\s*PASSWORD", re.IGNORECASE)
_SEARCHED: Final = 1000
"""Characters of an answer in which an error is looked for."""

_STATES: Final = {
    "ATES": State.ENROUTE,
    "ENROUTE": State.ENROUTE,
    "PENDING": State.ENROUTE,
    "DELIVRD": State.DELIVERED,
    "DELIVERED": State.DELIVERED,
    "UNDELIV": State.UNDELIVERABLE,
    "UNDELIVERED": State.UNDELIVERABLE,
    "EXPIRED": State.EXPIRED,
    "REJECTD": State.REJECTED,
    "REJECTED": State.REJECTED,
    "ACCEPTD": State.ACCEPTED,
    "ACCEPTED": State.ACCEPTED,
    "DELETED": State.DELETED,
    "UNKNOWN": State.UNKNOWN,
}
STATE_WORD: Final = re.compile(rf"\b({'|'.join(_STATES)})\b", re.IGNORECASE)


def find_error(answer: str) -> ProviderError | None:
    """Return the error that an answer begins with, as the class that fits its code."""
    answer = answer[:_SEARCHED]
    if _BAD_LOGIN.search(answer):
        return LoginError("INVALID USER/PASSWORD", answer=excerpt(answer))
    if (match := _ERROR.search(answer)) is None:
        return None
    number = int(match[1])
    error, text = _CODES.get(number, (ProviderError, None))
    words = text or match[2].strip() or "unknown error"
    return error(words, code=f"HTTP{number:02}", answer=excerpt(answer))


def state_of(word: str) -> State:
    """Return the state that a word of the server means; unknown ones are `UNKNOWN`."""
    return _STATES.get(word.strip().upper(), State.UNKNOWN)


def excerpt(answer: str) -> str:
    """Cut an answer to what is kept for the user to see."""
    return answer[:RAW_LENGTH].strip()
