"""The one session of an account: opened when it is wanted, at the host that answers.

A server that cannot be used is left alone for a pause that grows from try to try, and
one that does not take the login until that is mended: wrong logins lock accounts.
"""

import asyncio
from collections.abc import Callable, Sequence
from enum import StrEnum
import math
from typing import Final

from ...errors import (
    LoginError,
    ProviderError,
    SessionsError,
    TransientError,
    UnavailableError,
)
from ...pauses import growing
from ...reasons import Reason
from .login import Host
from .session import Session

FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 300.0
RETURN_AFTER: Final = 600.0
"""Seconds for which a host that could not be used comes after the others."""
CONNECT_TIMEOUT: Final = 10.0
CLOSE_GRACE: Final = 2.0


class LineState(StrEnum):
    """Where the line stands."""

    IDLE = "idle"
    """There is no session; what is to be sent opens one."""
    CONNECTING = "connecting"
    OPEN = "open"
    WAITING = "waiting"
    """For a pause to end, after a failure."""
    REFUSED = "refused"
    """By a server that does not take the login."""
    CLOSED = "closed"


class Line:
    """Opens sessions; `changed` is called after every change of state."""

    def __init__(self, hosts: Sequence[Host], changed: Callable[[], None]) -> None:
        """Take the hosts in their order, and who hears of changes."""
        self.state = LineState.IDLE
        self.error: ProviderError | None = None
        self._hosts = hosts
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._session: Session | None = None
        self._host: Host | None = None
        self._failures = 0
        self._not_before = 0.0
        self._failed_at: dict[Host, float] = {}
        self._ended = asyncio.Event()

    @property
    def session(self) -> Session | None:
        """The session, if one is open."""
        session = self._session
        return session if session is not None and session.is_open else None

    @property
    def is_doubtful(self) -> bool:
        """Whether the session's host has failed, and taken no login since."""
        return self._host in self._failed_at

    async def open(self) -> Session:
        """Return the session, or a new one that nobody has logged in to.

        Raises ProviderError; what failed is not tried again before its time.
        """
        if self.session and self._host != (preferred := self._in_order()[0]):
            await self._go_back(preferred)
        if session := self.session:
            return session
        if self.state is LineState.CLOSED:
            raise UnavailableError(Reason("account_closed"))
        if self.error is not None and (
            self.state is LineState.REFUSED or self._loop.time() < self._not_before
        ):
            raise self.error
        self._enter(LineState.CONNECTING)
        try:
            session = await self._connect()
        except ProviderError as error:
            self.fail(error)
            raise
        except BaseException:
            self._enter(LineState.IDLE)
            raise
        self._session = session
        return session

    def succeed(self) -> None:
        """Learn that the login was taken."""
        self._failures = 0
        self.error = None
        if self._host:
            self._failed_at.pop(self._host, None)
        self._enter(LineState.OPEN)

    def fail(self, error: ProviderError) -> None:
        """Learn that the session cannot be had, or not be used."""
        if self.state is LineState.CLOSED:
            return
        self._drop()
        self.error = error
        if self._host and _is_the_hosts(error):
            self._set_aside(self._host)
        if isinstance(error, LoginError):
            self._enter(LineState.REFUSED)
            return
        # What is refused for good is not kept from the next try for long: the credit may
        # be there by then.
        longest = LONGEST_PAUSE if isinstance(error, TransientError) else FIRST_PAUSE
        pause = growing(FIRST_PAUSE, longest, self._failures)
        self._not_before = self._loop.time() + pause
        self._failures += 1
        self._enter(LineState.WAITING)

    def leave(self) -> None:
        """Let go of a session that has ended as sessions do."""
        self._drop()
        if self.state in (LineState.CONNECTING, LineState.OPEN):
            self._enter(LineState.IDLE)

    async def rest(self, seconds: float, failures: int) -> None:
        """Wait so long, or until the session has ended and may be opened again.

        After so many `failures` in a row it is left alone as long as a server that does
        not answer: messages may try sooner what is refused for good, nobody else.
        """
        self._ended.clear()
        try:
            async with asyncio.timeout(seconds if self.session else 0):
                await self._ended.wait()
        except TimeoutError:
            if self.session:
                return
        pause = growing(FIRST_PAUSE, LONGEST_PAUSE, failures)
        await asyncio.sleep(max(pause, self._not_before - self._loop.time()))

    async def close(self) -> None:
        """Open no more, and close what is open."""
        session = self._session
        self._enter(LineState.CLOSED)
        self._drop()
        if session is None:
            return
        try:
            async with asyncio.timeout(CLOSE_GRACE):
                await session.wait_closed()
        except TimeoutError:
            session.abort()

    async def _connect(self) -> Session:
        """Try the hosts in turn."""
        failure = UnavailableError(Reason("no_server"))
        self._host = None
        for host in self._in_order():
            try:
                session = await Session.connect(host, CONNECT_TIMEOUT, self._end)
            except UnavailableError as error:
                if not _is_the_hosts(error):
                    raise
                failure = error
                self._set_aside(host)
            else:
                self._host = host
                return session
        raise failure

    async def _go_back(self, host: Host) -> None:
        """Leave the session for a host that comes before its own, if that answers."""
        try:
            session = await Session.connect(host, CONNECT_TIMEOUT, self._end)
        except ProviderError:
            self._set_aside(host)
            return
        self._drop()
        self._session, self._host = session, host
        self._enter(LineState.CONNECTING)

    def _in_order(self) -> Sequence[Host]:
        """Put last those that have just failed, the latest failure at the end."""
        now = self._loop.time()
        recent = {
            host: failed_at
            for host, failed_at in self._failed_at.items()
            if now - failed_at < RETURN_AFTER
        }
        if not recent:
            return self._hosts
        return sorted(self._hosts, key=lambda host: recent.get(host, -math.inf))

    def _set_aside(self, host: Host) -> None:
        self._failed_at[host] = self._loop.time()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _end(self, session: Session) -> None:
        """Hear that a session has ended, while nobody used it perhaps."""
        if session is self._session:
            self.leave()
            self._ended.set()

    def _enter(self, state: LineState) -> None:
        if state is not self.state and self.state is not LineState.CLOSED:
            self.state = state
            self._changed()


def _is_the_hosts(error: ProviderError) -> bool:
    """Whether another host may do better: an account's sessions are counted for all."""
    return isinstance(error, UnavailableError) and not isinstance(error, SessionsError)
