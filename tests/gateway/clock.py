"""A time that stands still until a test moves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import heapq
from itertools import count

START = datetime(2030, 5, 10, 14, 0, tzinfo=UTC)


class ManualClock:
    """A `gateway.clock.Clock` moved by hand."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._order = count()
        self._alarms: list[tuple[datetime, int, Callable[[], None]]] = []
        self._cancelled: set[int] = set()

    def now(self) -> datetime:
        return self._now

    def call_later(self, delay: float, call: Callable[[], None]) -> Callable[[], None]:
        number = next(self._order)
        heapq.heappush(
            self._alarms, (self._now + timedelta(seconds=delay), number, call)
        )
        return lambda: self._cancelled.add(number)

    @property
    def pauses(self) -> list[float]:
        """Seconds until each alarm that is set."""
        return sorted(
            (due - self._now).total_seconds()
            for due, number, _ in self._alarms
            if number not in self._cancelled
        )

    def advance(self, time: timedelta | float) -> None:
        """Move on, and make the calls that fall due on the way."""
        step = time if isinstance(time, timedelta) else timedelta(seconds=time)
        target = self._now + step
        while self._alarms and self._alarms[0][0] <= target:
            due, number, call = heapq.heappop(self._alarms)
            self._now = max(self._now, due)
            if number not in self._cancelled:
                call()
        self._now = target
