"""The time the simulator lives in: the real one, or one moved by hand."""

import asyncio
from collections.abc import Callable
import heapq
import itertools
import time
from typing import Protocol


class Timer(Protocol):
    """A call that is still to come."""

    def cancel(self) -> None:
        """Drop the call."""


class Clock(Protocol):
    """What the simulator asks of a clock."""

    def now(self) -> float:
        """Return the seconds since 1970-01-01 00:00 UTC."""

    def call_at(self, moment: float, callback: Callable[[], None]) -> Timer:
        """Call back once `now()` has reached the moment (seconds since 1970)."""


class SystemClock:
    """The real time."""

    def now(self) -> float:
        """Return the seconds since 1970-01-01 00:00 UTC."""
        return time.time()

    def call_at(self, moment: float, callback: Callable[[], None]) -> Timer:
        """Call back from the running event loop at the moment."""
        delay = max(0.0, moment - time.time())
        return asyncio.get_running_loop().call_later(delay, callback)


class ManualClock:
    """A time that stands still until it is moved, for tests without sleeps."""

    def __init__(self, start: float = 1_462_890_000.0) -> None:
        """Start at a moment in seconds since 1970 (2016-05-10 14:20 UTC)."""
        self._now = start
        self._timers: list[tuple[float, int, _ManualTimer]] = []
        self._numbers = itertools.count()

    def now(self) -> float:
        """Return the seconds since 1970-01-01 00:00 UTC."""
        return self._now

    def call_at(self, moment: float, callback: Callable[[], None]) -> Timer:
        """Call back when `advance` passes the moment."""
        timer = _ManualTimer(callback)
        heapq.heappush(self._timers, (moment, next(self._numbers), timer))
        return timer

    def advance(self, seconds: float) -> None:
        """Move the time on and make the calls that fall due, in their order."""
        target = self._now + seconds
        while self._timers and self._timers[0][0] <= target:
            moment, _, timer = heapq.heappop(self._timers)
            self._now = max(self._now, moment)
            timer.fire()
        self._now = target


class _ManualTimer:
    """One call of a `ManualClock`."""

    __slots__ = ("_callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        """Keep the callback until it is due or cancelled."""
        self._callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Drop the call."""
        self._callback = None

    def fire(self) -> None:
        """Make the call, unless it was dropped."""
        if self._callback is not None:
            self._callback()
