"""The figures of an account, kept up with each change of a message."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from .journal import Totals
from .model import UNDELIVERED_STATES, Change, Message, State

RATE_WINDOW: Final = 100
"""Finished messages that the delivery rate looks back on."""


class Statistics:
    """What an account has sent, and what became of it.

    `sent`, `delivered`, `undelivered` and `failed` count messages since the account was
    set up; `queued` is how many wait now; `last_*` are about the newest.
    """

    def __init__(
        self, totals: Totals, unfinished: Iterable[Message], finished: list[Message]
    ) -> None:
        """Take what the journal knows; `finished` has the newest first."""
        self.sent = totals["sent"]
        self.delivered = totals["delivered"]
        self.undelivered = totals["undelivered"]
        self.failed = totals["failed"]
        self.queued = 0
        self.last_state: State | None = None
        self._last_delivered: Message | None = None
        self._outcomes: deque[bool] = deque(maxlen=RATE_WINDOW)
        unfinished = list(unfinished)
        self.queued = sum(each.state is State.QUEUED for each in unfinished)
        for message in reversed(finished):
            self._finish(message)
        newest = max(
            [*unfinished, *finished], key=lambda each: each.updated_at, default=None
        )
        if newest is not None:
            self.last_state = newest.state

    @property
    def last_delivered_at(self) -> datetime | None:
        """When the newest receipt of a delivery came."""
        last = self._last_delivered
        return None if last is None else last.finished_at

    @property
    def last_latency(self) -> timedelta | None:
        """How long that message was on its way."""
        last = self._last_delivered
        return None if last is None else last.latency

    @property
    def delivery_rate(self) -> float | None:
        """Percentage delivered of the last messages whose end is known."""
        if not self._outcomes:
            return None
        return 100 * sum(self._outcomes) / len(self._outcomes)

    def update(self, change: Change) -> None:
        """Count one change."""
        message = change.message
        state = message.state
        self.last_state = state
        if change.before is None:
            self.queued += 1
            return
        if change.before is State.QUEUED:
            self.queued -= 1
            self.sent += state is State.ACCEPTED
        if state is State.DELIVERED:
            self.delivered += 1
        elif state in UNDELIVERED_STATES and message.accepted_at:
            self.undelivered += 1
        elif state.is_final and state is not State.DELETED:
            self.failed += 1
        if state.is_final:
            self._finish(message)

    def _finish(self, message: Message) -> None:
        if message.state is State.DELIVERED:
            self._outcomes.append(True)
            self._last_delivered = message
        elif message.state in UNDELIVERED_STATES and message.accepted_at:
            self._outcomes.append(False)
