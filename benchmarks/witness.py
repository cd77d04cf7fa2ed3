"""Who sees when the machine itself stands still.

A virtual machine whose host is busy is stopped as a whole, for up to a second at a time.
No clock inside it tells that from a program that takes long. The witness does: a process
of its own that wants to run every few milliseconds, before everybody else, and so is late
only when nobody could run. What it saw is taken off what is measured.

`python -m benchmarks.witness` prints what it saw when its standard input closes.
"""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
import os
import select
import sys
import time
from typing import Final

from .spans import Span

_TICK: Final = 0.005
# Less than this may be the wake-up of the process.
_LATE: Final = 0.003


class Witness:
    """What was seen; nothing before `watching` has ended."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.watched = Span(0, 0)
        self.frozen: list[Span] = []

    def seconds(self, span: Span) -> float:
        """Return how long a span was without what the machine stood still."""
        first = bisect_left(self.frozen, span.start, key=lambda each: each.end)
        last = bisect_right(self.frozen, span.end, key=lambda each: each.start)
        return span.seconds - sum(map(span.overlap, self.frozen[first:last]))

    @property
    def frozen_share(self) -> float:
        """What part of the time the machine stood still."""
        return sum(map(self.watched.overlap, self.frozen)) / self.watched.seconds


@asynccontextmanager
async def watching() -> AsyncIterator[Witness]:
    """Watch the machine while the context lasts."""
    witness = Witness()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.witness"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    start = time.monotonic()
    yield witness
    witness.watched = Span.since(start)
    seen, _ = await process.communicate()
    witness.frozen = [Span(*each) for each in json.loads(seen)]


def _watch() -> list[Span]:
    """Look at the clock until standard input closes."""
    frozen: list[Span] = []
    due = time.monotonic() + _TICK
    while not select.select([sys.stdin], [], [], _TICK)[0]:
        now = time.monotonic()
        if now - due > _LATE:
            frozen.append(Span(due, now))
        due = now + _TICK
    return frozen


def main() -> None:
    """Be the witness."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        # It would be late for what we measure too, and hide it.
        sys.stdin.read()
        print("[]")
    else:
        print(json.dumps(_watch()))


if __name__ == "__main__":
    main()
