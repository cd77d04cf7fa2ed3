"""A session of nothing but an event loop, and a bare journal, in the benchmark's process.

What it sends is what the gateway sends, but ready-made; of what it receives it reads the
headers.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, override

from ..bare_journal import PACE, BareJournal
from .clients.pdus import BIND, HEADER, submit
from .clients.rounds import TEXT
from .processes import Smsc

_SUBMIT_RESPONSE: Final = 0x80000004
_DELIVER: Final = 0x00000005
_DELIVER_RESPONSE: Final = 0x80000005


class BareSession(asyncio.Protocol):
    """Keeps a window full, and answers receipts when they are in the journal."""

    def __init__(self, window: int, journal: BareJournal) -> None:
        """Take an open journal; use `running_bare`."""
        self._window = window
        self._journal = journal
        self._received = b""
        self._unsent: list[int] = []
        self._unanswered = 0
        self._answered: list[int] = []
        self._receipts: list[int] = []
        self._came = asyncio.Event()

    async def send(self, numbers: Sequence[str]) -> None:
        """Send messages; returns when what became of all is in the journal."""
        self._unsent = await asyncio.to_thread(self._journal.add, numbers, TEXT)
        self._unsent.reverse()
        self._pump()
        left = len(numbers)
        while left:
            await asyncio.sleep(PACE)
            if self._transport.is_closing():
                raise RuntimeError("the SMSC has gone")
            answered, self._answered = self._answered, []
            await asyncio.to_thread(self._journal.record, "accepted", answered)
            left -= len(answered)

    async def take_receipts(self, count: int) -> None:
        """Take so many receipts; what comes during a transaction shares the next."""
        while count:
            await self._came.wait()
            self._came.clear()
            receipts, self._receipts = self._receipts, []
            await asyncio.to_thread(self._journal.record, "delivered", receipts)
            self._transport.write(
                b"".join(
                    HEADER.pack(HEADER.size + 1, _DELIVER_RESPONSE, 0, sequence) + b"\0"
                    for sequence in receipts
                )
            )
            count -= len(receipts)

    async def bind(self) -> None:
        """Bind as a transceiver."""
        self._transport.write(BIND)
        await self._came.wait()
        self._came.clear()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        received = self._received + data
        at = 0
        while len(received) - at >= HEADER.size:
            length, command, _, sequence = HEADER.unpack_from(received, at)
            if len(received) - at < length:
                break
            at += length
            if command == _SUBMIT_RESPONSE:
                self._answered.append(sequence)
                self._unanswered -= 1
            else:
                if command == _DELIVER:
                    self._receipts.append(sequence)
                self._came.set()
        self._received = received[at:]
        self._pump()

    def _pump(self) -> None:
        more = min(len(self._unsent), self._window - self._unanswered)
        self._unanswered += more
        self._transport.write(b"".join(submit(self._unsent.pop()) for _ in range(more)))


@asynccontextmanager
async def running_bare(smsc: Smsc, window: int) -> AsyncIterator[BareSession]:
    """Have a session bound while the context lasts."""
    loop = asyncio.get_running_loop()
    with BareJournal.opened() as journal:
        transport, session = await loop.create_connection(
            lambda: BareSession(window, journal), "127.0.0.1", smsc.port
        )
        await session.bind()
        yield session
        transport.close()
