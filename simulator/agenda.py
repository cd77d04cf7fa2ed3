"""What is to be done at certain moments, by one timer of the clock."""

from collections.abc import Callable
import heapq
import itertools
import math

from .clock import Clock, Timer


class Agenda:
    """Calls in the order of their moments; those of the same one in that of asking."""

    def __init__(self, clock: Clock) -> None:
        """Start with nothing to do."""
        self._clock = clock
        self._calls: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._timer: Timer | None = None
        self._next = math.inf

    def now(self) -> float:
        """Return the seconds since 1970-01-01 00:00 UTC."""
        return self._clock.now()

    def at(self, moment: float, call: Callable[[], None]) -> None:
        """Make the call once the moment (seconds since 1970) has come."""
        heapq.heappush(self._calls, (moment, next(self._numbers), call))
        if moment < self._next:
            self._set_timer(moment)

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Make the call after so many seconds."""
        self.at(self._clock.now() + seconds, call)

    def clear(self) -> None:
        """Drop all calls."""
        self._calls.clear()
        self._drop_timer()

    def _run(self) -> None:
        """Make the calls that are due."""
        self._drop_timer()
        now = self._clock.now()
        calls = self._calls
        while calls and calls[0][0] <= now:
            heapq.heappop(calls)[2]()
        if calls and calls[0][0] < self._next:
            self._set_timer(calls[0][0])

    def _set_timer(self, moment: float) -> None:
        """Be called at a moment, instead of at a later one."""
        self._drop_timer()
        self._next = moment
        self._timer = self._clock.call_at(moment, self._run)

    def _drop_timer(self) -> None:
        """Not be called any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._next = math.inf
