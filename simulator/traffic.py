"""The requests that a server of HTTP sees."""

from collections import Counter, deque
from typing import Final

from .waiting import Waiting

KEPT_REQUESTS: Final = 100_000


class Traffic[Record](Waiting):
    """The last 100,000 requests, how many there were, and how many at once."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        super().__init__()
        self.requests: deque[Record] = deque(maxlen=KEPT_REQUESTS)
        self.counts: Counter[str] = Counter()
        self.in_flight = 0
        self.max_in_flight = 0

    def enter(self) -> None:
        """Count a request in."""
        self.in_flight += 1
        self.max_in_flight = max(self.in_flight, self.max_in_flight)

    def leave(self) -> None:
        """Count a request out."""
        self.in_flight -= 1
        self.changed()

    def keep(self, service: str, record: Record) -> None:
        """Keep a request that has arrived completely."""
        self.requests.append(record)
        self.counts[service] += 1
        self.changed()

    def clear(self) -> None:
        """Forget what was seen; requests in flight stay counted."""
        self.requests.clear()
        self.counts.clear()
        self.max_in_flight = self.in_flight
