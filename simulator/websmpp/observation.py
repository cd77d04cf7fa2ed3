"""What can be seen from outside: requests, counts, and waiting for events."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
import time
from typing import NamedTuple

from .endpoints import Endpoint

KEPT_REQUESTS = 100_000


class RequestRecord(NamedTuple):
    """A request as it came: `arrived` is by `time.monotonic()`, `target` undecoded."""

    arrived: float
    endpoint: Endpoint
    method: str
    target: str
    body: str


class Observation:
    """The record of what happened; of requests, the last 100,000."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.requests: deque[RequestRecord] = deque(maxlen=KEPT_REQUESTS)
        self.counts: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.in_flight = 0
        self.max_in_flight = 0
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

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

    def changed(self) -> None:
        """Look whether anything waited for has come true."""
        if self._waiting:
            for condition, future in self._waiting:
                if not future.done() and condition():
                    future.set_result(None)

    async def wait_for(
        self,
        condition: Callable[[], bool],
        timeout: float,  # noqa: ASYNC109
    ) -> None:
        """Wait until the condition holds; raises `TimeoutError` after the timeout."""
        if condition():
            return
        future = asyncio.get_running_loop().create_future()
        entry = (condition, future)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(timeout):
                await future
        finally:
            self._waiting.remove(entry)

    def clear(self) -> None:
        """Forget what was seen; requests in flight stay counted."""
        self.requests.clear()
        self.counts.clear()
        self.errors.clear()
        self.max_in_flight = self.in_flight
