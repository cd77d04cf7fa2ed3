"""What can be seen from outside: requests, counts, and waiting for events."""

from collections import Counter, deque
import time
from typing import NamedTuple

from ..waiting import Waiting
from .endpoints import Endpoint

KEPT_REQUESTS = 100_000


class RequestRecord(NamedTuple):
    """A request as it came: `arrived` is by `time.monotonic()`, `target` undecoded."""

    arrived: float
    endpoint: Endpoint
    method: str
    target: str
    body: str


class Observation(Waiting):
    """The record of what happened; of requests, the last 100,000."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        super().__init__()
        self.requests: deque[RequestRecord] = deque(maxlen=KEPT_REQUESTS)
        self.counts: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
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

    def record(self, endpoint: Endpoint, method: str, target: str, body: str) -> None:
        """Keep a request that has arrived completely."""
        arrived = time.monotonic()
        self.requests.append(RequestRecord(arrived, endpoint, method, target, body))
        self.counts[endpoint] += 1
        self.changed()

    def clear(self) -> None:
        """Forget what was seen; requests in flight stay counted."""
        self.requests.clear()
        self.counts.clear()
        self.errors.clear()
        self.max_in_flight = self.in_flight
