"""How fast messages may leave: the account's rate, and what the server can stand."""

from collections.abc import Callable
from typing import Final

from ...pauses import jittered

FIRST_HOLD: Final = 0.5
LONGEST_HOLD: Final = 30.0
BURST: Final = 0.05
"""Seconds' worth of messages that may leave at once after a pause."""


class Pace:
    """Says how long the next message has to wait, in seconds.

    A server that is throttling gets a hold that doubles each time, jittered, until it
    takes a message again.
    """

    def __init__(self, rate: float | None, time: Callable[[], float]) -> None:
        """Take the messages a second (None: as fast as they go), and a clock."""
        self._interval = 1 / rate if rate else 0.0
        self._time = time
        self._next_at = 0.0
        self._held_until = 0.0
        self._hold = FIRST_HOLD

    def wait(self) -> float:
        """Return how long to wait; 0 is to send now."""
        return max(0.0, max(self._next_at, self._held_until) - self._time())

    def sent(self) -> None:
        """Count a message that leaves now."""
        if self._interval:
            earliest = self._time() - BURST
            self._next_at = max(self._next_at, earliest) + self._interval

    def taken(self) -> None:
        """Learn that the server took a message."""
        self._hold = FIRST_HOLD

    def throttled(self) -> None:
        """Learn that the server did not; several at once are one."""
        now = self._time()
        if now >= self._held_until:
            self._held_until = now + jittered(self._hold)
            self._hold = min(2 * self._hold, LONGEST_HOLD)
