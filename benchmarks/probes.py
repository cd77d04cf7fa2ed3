"""What is measured inside a running process."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
import gc
from pathlib import Path
import time
from typing import Final

from .spans import Span
from .witness import Witness

_BEAT: Final = 0.001
_PAGE: Final = 4096


@dataclass(frozen=True, slots=True)
class Hold:
    """A stretch in which the event loop served nobody, and the CPU time spent in it."""

    span: Span
    cpu_seconds: float


def longest(holds: Sequence[Hold], witness: Witness) -> float:
    """Return the longest hold that can be ours, in seconds.

    It is no longer than the machine ran, and no longer than our threads computed: the
    rest of it, others had the processor.
    """
    return max(min(witness.seconds(hold.span), hold.cpu_seconds) for hold in holds)


class LoopProbe:
    """Finds when the event loop was held.

    A timer is due every millisecond; what it is late by, somebody held the loop for.
    """

    def __init__(self) -> None:
        """Begin with nothing found; use `probing`."""
        self.holds: list[Hold] = []
        self._loop = asyncio.get_running_loop()
        self._beat()

    def _beat(self) -> None:
        self._due = time.monotonic() + _BEAT
        self._cpu = time.process_time()
        self._handle = self._loop.call_later(_BEAT, self._look)

    def stop(self) -> None:
        """Look no more."""
        self._handle.cancel()

    def longest(self, witness: Witness) -> float:
        """Return the longest hold that can be ours, in seconds."""
        return longest(self.holds, witness)

    def _look(self) -> None:
        cpu_seconds = time.process_time() - self._cpu
        self.holds.append(Hold(Span.since(self._due), cpu_seconds))
        self._beat()


@asynccontextmanager
async def probing() -> AsyncIterator[LoopProbe]:
    """Look at the loop while the context lasts, and once after it."""
    probe = LoopProbe()
    yield probe
    await asyncio.sleep(2 * _BEAT)
    probe.stop()


def resident_mib() -> float:
    """Return the memory that this process holds, garbage collected.

    From here on `peak_mib` looks.
    """
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * _PAGE / 2**20


def peak_mib() -> float:
    """Return the most memory that this process held since the last `resident_mib`."""
    status = Path("/proc/self/status").read_text()
    [peak] = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 2**10
