"""What is measured inside a running process."""

import asyncio
import gc
from pathlib import Path
import time
from types import TracebackType
from typing import Final, Self

from .spans import Span

_BEAT: Final = 0.001
_PAGE: Final = 4096


class LoopProbe:
    """Finds when the event loop was held.

    A timer is due every millisecond; what it is late by, somebody held the loop for.
    """

    def __init__(self) -> None:
        """Begin with nothing found."""
        self.holds: list[Span] = []

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
        self._due = time.monotonic() + _BEAT
        self._handle = self._loop.call_later(_BEAT, self._look)

    def _look(self) -> None:
        self.holds.append(Span.since(self._due))
        self._beat()


def resident_mib() -> float:
    """Return the memory that this process holds, garbage collected."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * _PAGE / 2**20
