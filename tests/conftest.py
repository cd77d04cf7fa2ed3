"""What holds for every test."""

import asyncio
from collections.abc import AsyncIterator, Iterator
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
