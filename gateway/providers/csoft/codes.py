"""The report codes of Connection Software, of receipts and of answers.

The specification names none; the provider's public list is what is here. Any other code
is `unknown`, with its number.
"""

import re
from typing import Final, NamedTuple

from ...errors import CreditError, LoginError, ProviderError, RecipientError
from ...model import State


class Report(NamedTuple):
    """What a code means: to a message on its way, and as the answer to a request.

    `error` is None for a code with which the provider has taken what was asked.
    """

    text: str
    state: State
    error: type[ProviderError] | None


DELIVERED: Final = 0
ACCEPTED_BY_SMSC: Final = -4
CATCH_ALL: Final = -1
INVALID_LOGIN: Final = 2

REPORTS: Final[dict[int, Report]] = {
    ACCEPTED_BY_SMSC: Report("Accepted by SMSC", State.ENROUTE, None),
    -3: Report("Delayed", State.ENROUTE, None),
    DELIVERED: Report("Accepted by phone", State.DELIVERED, None),
    INVALID_LOGIN: Report("Invalid login", State.REJECTED, LoginError),
    3: Report("Invalid number", State.UNDELIVERABLE, RecipientError),
    4: Report("Inactive number", State.UNDELIVERABLE, RecipientError),
    5: Report("Invalid number", State.UNDELIVERABLE, RecipientError),
    7: Report("Invalid number", State.UNDELIVERABLE, RecipientError),
    8: Report("Blacklisted number", State.REJECTED, RecipientError),
    # The rest of the text was processed.
    11: Report("Invalid characters removed", State.ENROUTE, None),
    19: Report("Invalid characters removed", State.ENROUTE, None),
    25: Report("Deleted by SMSC", State.DELETED, ProviderError),
    27: Report("Expired by SMSC", State.EXPIRED, ProviderError),
    28: Report("Abandoned by SMSC", State.UNDELIVERABLE, ProviderError),
}
_UNKNOWN: Final = Report("Unknown report code", State.UNKNOWN, ProviderError)
_NOTHING_WRONG: Final = frozenset({DELIVERED, ACCEPTED_BY_SMSC})
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}")
_CREDIT: Final = re.compile(r"\bcredits?\b", re.IGNORECASE)


def read_code(text: str) -> int | None:
    """Return the number that a `Report` holds, None when it holds none."""
    return int(text) if _NUMBER.fullmatch(text) else None


def report_of(code: int) -> Report:
    """Return what a code means."""
    return REPORTS.get(code, _UNKNOWN)


def error_code(code: int) -> str | None:
    """Return the code as a receipt tells it; None for one that tells of nothing wrong."""
    return None if code in _NOTHING_WRONG else str(code)


def error_of(code: int, text: str, answer: str) -> ProviderError | None:
    """Return the error that an answer with this code is, None when it is none.

    `text` is what the provider says besides. That credit is missing has no code in the
    public list: the text of an unknown one may say so.
    """
    report = report_of(code)
    if report.error is None:
        return None
    kind = report.error
    if report is _UNKNOWN and _CREDIT.search(text):
        kind = CreditError
    return kind(text or report.text, code=str(code), answer=answer)
