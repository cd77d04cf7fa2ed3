"""What holds for every test."""

import asyncio
from collections.abc import AsyncIterator, Iterator
import socket
from unittest.mock import patch

import pytest

from .looptime import LoopTime
from .threads import lasting_journal_threads


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the loop as it is.

    Home Assistant's fixture of this name switches its debug mode on, which takes its
    time, and needs a loop for the tests that have none.
    """


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    """Let the threads of closed journals come to their end."""
    yield
    lasting_journal_threads()


@pytest.fixture
async def loop_time() -> AsyncIterator[LoopTime]:
    """The time by which the loop's timers go."""
    loop = asyncio.get_running_loop()
    moved = LoopTime(loop.time)
    with patch.object(loop, "time", moved):
        yield moved


@pytest.fixture
def free_port(socket_enabled: None) -> Iterator[int]:
    """A port of 127.0.0.1 that nobody listens at, and that nobody else is given."""
    with socket.socket() as holder:
        # Who asks for this very port gets it all the same.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
