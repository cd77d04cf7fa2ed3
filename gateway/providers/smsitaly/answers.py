"""What the server says, a line at a time.

Source: smsitaly specification, the columns "Positive Server Answer" and "Negative
Server Answer".
"""

from dataclasses import dataclass
from decimal import Decimal
import re
from typing import Final

from ...errors import ProviderError
from ...model import AccountStatus
from .codes import SHUT_DOWN, error_of

RAW_LENGTH: Final = 500
"""Characters of an answer that are kept for the user to see."""

_POSITIVE: Final = re.compile(
    r"\+OK\s+\d+(?:\s+(?P<credit>\d{1,15}(?:[.,]\d{1,6})?))?(?![^\s\[])"
    # A note such as "(Default 0)" follows some.
    r"(?:\s*\[(?P<text>.*)\])?.*",
    re.DOTALL,
)
_NEGATIVE: Final = re.compile(
    r"-ERR\s+(?P<code>\d{1,4})\s*(?:\[(?P<text>[^\]]*)\])?(?P<rest>.*)", re.DOTALL
)
_CLOSED: Final = re.compile(r"connection\s+closed", re.IGNORECASE)
_STATUS: Final = re.compile(r"\bSTATUS:\s*(\w+)", re.IGNORECASE)

_STATUSES: Final = {
    "active": AccountStatus.ACTIVE,
    "inactive": AccountStatus.INACTIVE,
    "expired": AccountStatus.EXPIRED,
    "blocked": AccountStatus.BLOCKED,
    "standby": AccountStatus.STANDBY,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of the server: `error` is None for `+OK`.

    `credit` is what follows the `01`, where something does; `is_last` says that the
    server closes the connection after it.
    """

    raw: str
    text: str = ""
    credit: Decimal | None = None
    error: ProviderError | None = None
    is_last: bool = False

    @property
    def is_shut_down(self) -> bool:
        """Whether this is the end of a session that nobody used."""
        return self.error is not None and self.error.code == SHUT_DOWN

    @property
    def balance(self) -> Decimal | None:
        """The credit in the answer to `SmsQuery=Balance`, None when there is none."""
        if self.credit is not None:
            return self.credit
        found = re.fullmatch(r"\s*(\d{1,15}(?:[.,]\d{1,6})?)\s*", self.text)
        return _amount(found[1]) if found else None

    @property
    def status(self) -> AccountStatus | None:
        """The account's status in a login or `SmsQuery=Status`, None when unknown."""
        found = _STATUS.search(self.text)
        word = found[1] if found else self.text.strip()
        return _STATUSES.get(word.lower())


def read_answer(line: str) -> Answer | None:
    """Read a line; None when it is none of the two forms."""
    raw = line[:RAW_LENGTH]
    if found := _POSITIVE.fullmatch(line):
        credit = found["credit"]
        return Answer(raw, found["text"] or "", _amount(credit) if credit else None)
    if found := _NEGATIVE.fullmatch(line):
        closed = _CLOSED.search(found["rest"]) is not None
        error, closes = error_of(found["code"], found["text"] or "")
        return Answer(raw, error.text, error=error, is_last=closed or closes)
    return None


def _amount(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "."))
