"""A time that jumps from timer to timer, for days of real sockets and real files."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
import math
import selectors
from typing import Any, Final, override

import aiosqlite
import pytest

START: Final = 1_900_000_000.0


class JumpingSelector(selectors.DefaultSelector):
    """Waits for nobody: when nothing is to be read, the time is that of the next timer.

    What has been written to a socket of this machine can be read at once. What a
    thread works on is waited for.
    """

    now = 0.0
    threads_at_work = 0

    @override
    def select(self, timeout: float | None = None) -> Any:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        if self.threads_at_work:
            return super().select(None)
        ready = super().select(0.001)
        if not ready:
            # Rounded up, as by the real one: no timer runs before it is due.
            self.now += math.ceil(1000 * timeout) / 1000
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop whose time only passes in jumps."""

    def __init__(self) -> None:
        self.jumping = JumpingSelector()
        super().__init__(self.jumping)

    @override
    def time(self) -> float:
        return self.jumping.now


class JumpingClock:
    """The clock of a gateway and that of a simulator, by the time of the loop."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(START + asyncio.get_running_loop().time(), UTC)

    def call_later(self, delay: float, call: Callable[[], None]) -> Callable[[], None]:
        return asyncio.get_running_loop().call_later(delay, call).cancel


class SimulatorClock:
    """The same time, as a simulator reads it."""

    def now(self) -> float:
        return START + asyncio.get_running_loop().time()

    def call_at(self, moment: float, callback: Any) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_at(moment - START, callback)


def wait_for_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time stand still while SQLite is at work in its thread."""
    execute = aiosqlite.Connection._execute

    async def waited_for(self: aiosqlite.Connection, *work: Any) -> Any:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, JumpingLoop)
        loop.jumping.threads_at_work += 1
        try:
            return await execute(self, *work)
        finally:
            loop.jumping.threads_at_work -= 1

    monkeypatch.setattr(aiosqlite.Connection, "_execute", waited_for)
