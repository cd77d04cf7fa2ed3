"""Requests that went out and wait for their response: the window of a session."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from .encode import LAST_SEQUENCE

type Answered = Callable[[int, bytes], None]
"""Takes the command_status and the body of the response."""
type Lost = Callable[[], None]
"""Hears that there will be no response."""


class Pending(NamedTuple):
    """A request without a response yet, sent at a time of the loop's clock."""

    command: int
    sent_at: float
    answered: Answered
    lost: Lost


class Window:
    """At most `size` requests, each for at most `timeout` seconds.

    All have the same timeout, so the oldest is always the next one due: one timer
    serves them all, and it is set again only when it fires.
    """

    def __init__(
        self, size: int, timeout: float, expired: Callable[[Pending], None]
    ) -> None:
        """Begin empty; `expired` hears of each request that nobody answered in time."""
        self._size = size
        self._timeout = timeout
        self._expired = expired
        self._loop = asyncio.get_running_loop()
        self._pending: dict[int, Pending] = {}
        self._last_sequence = 0
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """Count the requests without a response."""
        return len(self._pending)

    @property
    def is_full(self) -> bool:
        """Whether no other request may go out now."""
        return len(self._pending) >= self._size

    def enter(self, command: int, answered: Answered, lost: Lost) -> int:
        """Add a request that goes out now; returns its sequence_number."""
        sequence = self._next_sequence()
        now = self._loop.time()
        self._pending[sequence] = Pending(command, now, answered, lost)
        if self._timer is None:
            self._timer = self._loop.call_at(now + self._timeout, self._look)
        return sequence

    def take(self, sequence: int) -> Pending | None:
        """Remove the request that a response is for, None when there is none."""
        return self._pending.pop(sequence, None)

    def take_only(self) -> Pending | None:
        """Remove the request when it is the only one, else None."""
        if len(self._pending) != 1:
            return None
        return self._pending.popitem()[1]

    def clear(self) -> list[Pending]:
        """Remove all, oldest first."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        pending = list(self._pending.values())
        self._pending.clear()
        return pending

    def _next_sequence(self) -> int:
        """Count on; a number that is still in use is passed over."""
        sequence = self._last_sequence
        while True:
            sequence = sequence % LAST_SEQUENCE + 1
            if sequence not in self._pending:
                self._last_sequence = sequence
                return sequence

    def _look(self) -> None:
        """Let go of what has waited too long, and look again when the next is due."""
        self._timer = None
        limit = self._loop.time() - self._timeout
        while self._pending:
            sequence, oldest = next(iter(self._pending.items()))
            if oldest.sent_at > limit:
                due = oldest.sent_at + self._timeout
                self._timer = self._loop.call_at(due, self._look)
                return
            del self._pending[sequence]
            self._expired(oldest)
