"""A session that is to be there: it is bound, and bound again when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Final

from ...errors import InputError, LoginError, ProviderError, UnavailableError
from ...pauses import growing
from ...reasons import Reason
from .session import Ended, Session

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 60.0
STABLE: Final = 30.0
"""Seconds after which a session that ends is no failure of the binding."""
UNBIND_GRACE: Final = 5.0

type Connect = Callable[[Ended], Awaitable[Session]]


class LineState(StrEnum):
    """Where a line stands."""

    CONNECTING = "connecting"
    BOUND = "bound"
    WAITING = "waiting"
    """For the next try, after a pause that grows from try to try."""
    REFUSED = "refused"
    """By a server that does not take the login: nothing is tried until it is mended."""
    CLOSED = "closed"


class Line:
    """Keeps one session; `changed` is called after every change of state."""

    def __init__(self, connect: Connect, changed: Callable[[Line], None]) -> None:
        """Take how to bind a session, and who hears of changes."""
        self.state = LineState.CLOSED
        self.session: Session | None = None
        self.error: ProviderError | InputError | None = None
        self._connect = connect
        self._changed = changed
        self._running: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    def start(self) -> None:
        """Begin to bind."""
        self._running = asyncio.create_task(self._run(), name="smpp line")

    def hurry(self) -> None:
        """End a pause before its time."""
        self._wake.set()

    async def stop(self) -> None:
        """Unbind, and bind no more."""
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        if self.session:
            await self.session.unbind(UNBIND_GRACE)
            self.session = None
        self._enter(LineState.CLOSED)

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                failures = await self._hold(failures)
            except (LoginError, InputError) as error:
                self.error = error
                self._enter(LineState.REFUSED)
                return
            self._enter(LineState.WAITING)
            await self._pause(failures)

    async def _hold(self, failures: int) -> int:
        """Bind a session and wait for its end; returns the failures in a row by then.

        Raises LoginError or InputError for a bind that will never be taken.
        """
        self._enter(LineState.CONNECTING)
        ended = asyncio.Event()
        try:
            self.session = await self._connect(lambda _session: ended.set())
        except LoginError:
            raise
        except ProviderError as error:
            self.error = error
            return failures + 1
        start = asyncio.get_running_loop().time()
        self.error = None
        self._enter(LineState.BOUND)
        await ended.wait()
        self.session = None
        self.error = UnavailableError(Reason("connection_ended"))
        lasted = asyncio.get_running_loop().time() - start
        return 0 if lasted >= STABLE else failures + 1

    async def _pause(self, failures: int) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(growing(FIRST_PAUSE, LONGEST_PAUSE, failures)):
                await self._wake.wait()
        except TimeoutError:
            return

    def _enter(self, state: LineState) -> None:
        if state is not self.state:
            self.state = state
            self._changed(self)
