"""What is measured inside a running process."""

import asyncio
import gc
from pathlib import Path
import time
from types import TracebackType
from typing import Final, Self

_BEAT: Final = 0.001
_PAGE: Final = 4096


class LoopProbe:
    """Finds how long the event loop was held at the longest, in milliseconds.

    A timer is due every millisecond; what it is late by, somebody held the loop for.
    """

    longest_ms = 0.0

    async def __aenter__(self) -> Self:
        """Begin to look."""
        self._loop = asyncio.get_running_loop()
        self._beat()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Look a last time, and stop."""
        await asyncio.sleep(2 * _BEAT)
        self._handle.cancel()

    def _beat(self) -> None:
        self._due = self._loop.time() + _BEAT
        self._handle = self._loop.call_at(self._due, self._late)

    def _late(self) -> None:
        self.longest_ms = max(self.longest_ms, (self._loop.time() - self._due) * 1000)
        self._beat()


class Stopwatch:
    """Seconds since its making."""

    def __init__(self) -> None:
        """Start it."""
        self._start = time.perf_counter()

    @property
    def seconds(self) -> float:
        """The time up to now."""
        return time.perf_counter() - self._start


def resident_mib() -> float:
    """Return the memory that this process holds, garbage collected."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * _PAGE / 2**20
