"""What can be seen from outside: lines and answers, sessions, and waiting for events."""

from collections import Counter, deque
from dataclasses import dataclass
from typing import NamedTuple

from ..waiting import Waiting
from .answers import Answer

KEPT_EXCHANGES = 100_000


class Exchange(NamedTuple):
    """A line that came and what it was answered, None where it was not carried out.

    `name` is one of `requests.NAMES`. A fault may have kept the answer from being sent.
    """

    session: int
    name: str
    value: str
    answer: Answer | None


@dataclass(slots=True)
class SessionRecord:
    """A session: `opened` and `ended` are seconds since 1970, None while it is open.

    `reason` is why it ended: `client`, `stop`, the first words of the answer that ended
    it as `-ERR 102`, or the kind of the fault. `account` is empty until the login.
    `lines` is how many came, `answers` how many were sent, the greeting included.
    """

    number: int = 0
    ip: str = ""
    opened: float = 0.0
    account: str = ""
    lines: int = 0
    answers: int = 0
    ended: float | None = None
    reason: str = ""

    def end(self, now: float, reason: str) -> None:
        """Note the first reason of the end."""
        if self.ended is None:
            self.ended, self.reason = now, reason


class Observation(Waiting):
    """The record of what happened; of exchanges, the last 100,000.

    `counts` is of the lines by name, `errors` of the negative answers by number.
    `max_open` is the most connections that were open at once.
    """

    def __init__(self) -> None:
        """Start with nothing seen."""
        super().__init__()
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT_EXCHANGES)
        self.sessions: list[SessionRecord] = []
        self.counts: Counter[str] = Counter()
        self.errors: Counter[int] = Counter()
        self.max_open = 0

    def record(self, exchange: Exchange) -> None:
        """Keep a line and its answer."""
        self.exchanges.append(exchange)
        self.counts[exchange.name] += 1

    def enter(self, session: SessionRecord, count: int) -> None:
        """Keep a session, being one of so many that are open."""
        self.sessions.append(session)
        self.max_open = max(count, self.max_open)

    def clear(self) -> None:
        """Forget what was seen, but for the sessions that are open."""
        self.exchanges.clear()
        self.sessions[:] = [each for each in self.sessions if each.ended is None]
        self.counts.clear()
        self.errors.clear()
        self.max_open = len(self.sessions)
