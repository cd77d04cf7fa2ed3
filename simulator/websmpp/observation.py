"""What can be seen from outside: requests, counts, and waiting for events."""

from collections import Counter
import time
from typing import NamedTuple, override

from ..traffic import Traffic
from .endpoints import Endpoint


class RequestRecord(NamedTuple):
    """A request as it came: `arrived` is by `time.monotonic()`, `target` undecoded."""

    arrived: float
    endpoint: Endpoint
    method: str
    target: str
    body: str


class Observation(Traffic[RequestRecord]):
    """The record of what happened; of requests, the last 100,000."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        super().__init__()
        self.errors: Counter[str] = Counter()

    def record(self, endpoint: Endpoint, method: str, target: str, body: str) -> None:
        """Keep a request that has arrived completely."""
        arrived = time.monotonic()
        self.keep(endpoint, RequestRecord(arrived, endpoint, method, target, body))

    @override
    def clear(self) -> None:
        """Forget what was seen; requests in flight stay counted."""
        super().clear()
        self.errors.clear()
