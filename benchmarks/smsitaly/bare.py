"""A connection of nothing but an event loop, and a bare journal."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
import time
from typing import Final, override

from ..bare_journal import PACE, BareJournal
from ..rounds import Round
from ..spans import Span
from .lines import TEXT

_END: Final = b"\n"


class BareConnection(asyncio.Protocol):
    """Says lines, the next when the one before is answered."""

    def __init__(self, journal: BareJournal) -> None:
        """Take an open journal; use `running_bare`."""
        self._journal = journal
        self._received = b""
        self._lines: Iterator[bytes] = iter(())
        self._answered = 0
        self.greeted = asyncio.Event()

    async def send(self, lines: Sequence[bytes], numbers: Sequence[str]) -> Round:
        """Send a message by each line; returns what it took until all are recorded."""
        start, cpu = time.monotonic(), time.process_time()
        ids = await asyncio.to_thread(self._journal.add, numbers, TEXT)
        self._lines, self._answered = iter(lines), 0
        self._say()
        recorded = 0
        while recorded < len(ids):
            await asyncio.sleep(PACE)
            if self._transport.is_closing():
                raise RuntimeError("the gate has gone, or refuses")
            answered = ids[recorded : self._answered]
            await asyncio.to_thread(self._journal.record, "accepted", answered)
            recorded += len(answered)
        return Round(len(lines), Span.since(start), time.process_time() - cpu)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._received.endswith(_END):
            return
        if not self._received.startswith(b"+OK"):
            raise RuntimeError(f"the gate refuses: {self._received!r}")
        self._received = b""
        self._answered += 1
        self.greeted.set()
        self._say()

    def _say(self) -> None:
        if line := next(self._lines, None):
            self._transport.write(line)


@asynccontextmanager
async def running_bare(host: str, port: int) -> AsyncIterator[BareConnection]:
    """Keep a connection that is greeted while the context lasts."""
    loop = asyncio.get_running_loop()
    with BareJournal.opened() as journal:
        transport, bare = await loop.create_connection(
            lambda: BareConnection(journal), host, port
        )
        await bare.greeted.wait()
        yield bare
        transport.close()
