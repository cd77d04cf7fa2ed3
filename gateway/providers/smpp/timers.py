"""The timers of a session, and the two that run while nothing happens.

Source: SMPP specification v3.4, clause 7.2.
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """The timers of clause 7.2, in seconds; None is off.

    `enquire_link` is how long the connection may be silent before we ask whether the
    server is there, `inactivity` how long no message may pass before we unbind.
    """

    session_init: float = 10
    enquire_link: float | None = 30
    inactivity: float | None = None
    response: float = 60


class Watched(Protocol):
    """What is done with a session that is silent."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits for an answer, neither side's."""
        ...

    def enquire(self) -> None:
        """Ask whether the server is there."""
        ...

    def leave(self) -> None:
        """Unbind: nothing has passed for long enough."""
        ...


class Watch:
    """Asks whether the server is there when it has been silent, or leaves it.

    `heard_at` and `busy_at` are when the server last said anything, and when a message
    last passed, by the time of the loop.
    """

    def __init__(self, timers: Timers, watched: Watched) -> None:
        """Take what to watch; nothing is asked before `start`."""
        self._timers = timers
        self._watched = watched
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self.heard_at = self.busy_at = self._loop.time()

    def start(self) -> None:
        """Look after the session from now on."""
        self.stop()
        now = self._loop.time()
        due: list[float] = []
        inactivity, enquire_link = self._timers.inactivity, self._timers.enquire_link
        if inactivity is not None:
            due.append(self.busy_at + inactivity)
            if now >= due[-1]:
                if self._watched.is_settled:
                    self._watched.leave()
                    return
                due[-1] = now + inactivity
        if enquire_link is not None:
            due.append(self.heard_at + enquire_link)
            if now >= due[-1]:
                self._watched.enquire()
                due[-1] = now + enquire_link
        if due:
            self._timer = self._loop.call_at(min(due), self.start)

    def stop(self) -> None:
        """Look no more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
