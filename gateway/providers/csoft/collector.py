"""Incoming messages, which the server gives to whoever asks, once.

What was collected is handed over until the journal holds it; before that nothing more
is collected.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
import logging
from typing import Final

from ...errors import JournalError, LoginError, ProviderError, stack_of
from ...model import Fragment
from ...pauses import growing, jittered
from ..provider import Inbox

_LOGGER = logging.getLogger(__name__)

LONGEST_PAUSE: Final = 900.0
LOGIN_PAUSE: Final = 3600.0
"""Seconds after a refused login: wrong ones may lock the account."""
FIRST_RECORDING_PAUSE: Final = 1.0
LONGEST_RECORDING_PAUSE: Final = 60.0
CLOSE_GRACE: Final = 10.0
"""Seconds that an open request gets: its answer may bring messages."""

type Collect = Callable[[], Awaitable[Sequence[Fragment]]]


class Collector:
    """Asks again and again, from `start` to `close`."""

    def __init__(self, collect: Collect, every: float) -> None:
        """Take how to ask, and the pause in seconds."""
        self._collect = collect
        self._every = every
        self._untaken: Sequence[Fragment] = ()
        self._running: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def start(self, inbox: Inbox) -> None:
        """Begin to ask, and to bring what comes to `inbox`."""
        self._closing.clear()
        self._running = asyncio.create_task(self._run(inbox), name="csoft collector")

    async def close(self) -> None:
        """Ask no more. What could not be handed over is, after the next `start`."""
        self._closing.set()
        if self._running is None:
            return
        await asyncio.wait([self._running], timeout=CLOSE_GRACE)
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        self._running = None
        if self._untaken:
            _LOGGER.error(
                "%d incoming messages are not recorded yet", len(self._untaken)
            )

    async def _run(self, inbox: Inbox) -> None:
        failures = 0
        await self._hand_over(inbox)
        while not self._closing.is_set():
            pause = jittered(self._every)
            try:
                self._untaken = await self._collect()
            except ProviderError as error:
                pause = self._pause_after(error, failures)
                failures += 1
                inbox.note_connection(error)
            except Exception as error:  # noqa: BLE001
                # A fault in reading must not end the collecting for good.
                _LOGGER.error("Unexpected error while collecting: %s", stack_of(error))
                pause = growing(self._every, LONGEST_PAUSE, failures)
                failures += 1
            else:
                failures = 0
                inbox.note_connection(None)
                await self._hand_over(inbox)
            await self._wait(pause)

    async def _hand_over(self, inbox: Inbox) -> None:
        """Bring what was collected, until it is taken or the collector closes."""
        failures = 0
        while self._untaken:
            recordings = [inbox.take(fragment) for fragment in self._untaken]
            untaken: list[Fragment] = []
            for fragment, recording in zip(self._untaken, recordings, strict=True):
                try:
                    await recording
                except JournalError:
                    untaken.append(fragment)
            self._untaken = untaken
            if untaken:
                if self._closing.is_set():
                    return
                pause = growing(
                    FIRST_RECORDING_PAUSE, LONGEST_RECORDING_PAUSE, failures
                )
                failures += 1
                await self._wait(pause)

    def _pause_after(self, error: ProviderError, failures: int) -> float:
        if isinstance(error, LoginError):
            return jittered(max(self._every, LOGIN_PAUSE))
        return growing(self._every, max(self._every, LONGEST_PAUSE), failures)

    async def _wait(self, seconds: float) -> None:
        """Wait so long, or until the collector closes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
