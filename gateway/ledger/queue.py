"""What waits to be written, and when it is written.

One transaction follows the other. What comes while one is being written shares the
next; after a failure that may pass, steps wait for another try.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
import logging
from typing import Final

from ..clock import Clock
from ..errors import JournalError, UnrecordableError, stack_of
from ..reasons import Reason
from .entries import Entry, Step

_LOGGER = logging.getLogger(__name__)

BATCH: Final = 250
HASTE: Final = 25
"""Entries that do not wait for others of the same turn of the event loop: SQLite's
thread writes them while the loop takes those."""
GATHER: Final = 0.02
"""Seconds from one transaction to the next, if nobody waits for what is posted."""
RETRY_PAUSE: Final = 5.0

type Write = Callable[[Sequence[Entry]], Awaitable[bool]]
"""Writes entries, all or none; answers whether there was anything to write."""


class Queue:
    """Hands entries to be written, in the order of their posting."""

    def __init__(self, write: Write, clock: Clock) -> None:
        """Take how to write, and the clock."""
        self._write = write
        self._clock = clock
        self._pending: list[Entry] = []
        self._urgent = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._starting: asyncio.Handle | None = None
        self._running: asyncio.Task[None] | None = None
        self._cancel_retry: Callable[[], None] | None = None
        self._next_at = 0.0
        self._failing = False
        self._closed = False

    def post(self, entry: Entry) -> None:
        """Take an entry; its recording tells how it ends."""
        if self._closed:
            _fail([entry], JournalError(Reason("journal_closed")))
            return
        self._pending.append(entry)
        if entry.urgent or len(self._pending) >= BATCH:
            self._urgent.set()
        # Somebody may wait for the others; a step can wait for the next try.
        if not isinstance(entry, Step) or not self._cancel_retry:
            self._start()

    def hurry(self) -> None:
        """Write what was posted without waiting for more: nothing else will come soon."""
        if self._pending:
            self._urgent.set()

    async def close(self) -> None:
        """Write what was posted. What cannot be written is told to its poster."""
        self._closed = True
        self._urgent.set()
        if self._pending:
            self._stop_waiting()
            self._begin()
        await self._idle.wait()
        self._stop_waiting()
        if self._pending:
            _LOGGER.error("%d steps were not recorded", len(self._pending))
            self._pending.clear()

    def _start(self) -> None:
        self._stop_waiting()
        if not self._idle.is_set():
            return
        if len(self._pending) >= HASTE:
            self._begin()
        elif self._starting is None:
            self._starting = asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        """Begin to write, unless that goes on: the disk is at work from here on."""
        if self._starting:
            self._starting.cancel()
            self._starting = None
        if self._idle.is_set():
            self._idle.clear()
            self._running = asyncio.create_task(
                self._run(), name="sms ledger", eager_start=True
            )

    def _stop_waiting(self) -> None:
        if self._cancel_retry:
            self._cancel_retry()
            self._cancel_retry = None

    async def _run(self) -> None:
        try:
            while self._pending and not self._cancel_retry:
                await self._gather()
                entries = self._pending[:BATCH]
                del self._pending[:BATCH]
                if not self._pending:
                    self._urgent.clear()
                try:
                    await self._write_out(entries)
                except Exception as error:  # noqa: BLE001 - it is told to who waits
                    if _may_pass(error):
                        self._put_off(entries, error)
                    else:
                        await self._write_singly(entries)
        finally:
            self._idle.set()

    async def _gather(self) -> None:
        """Let answers come together: each transaction is a synchronisation of the disk."""
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._next_at):
                await self._urgent.wait()
        self._next_at = loop.time() + GATHER

    async def _write_singly(self, entries: Sequence[Entry]) -> None:
        """Find the entry that cannot be written: it must not hold up the others."""
        for index, entry in enumerate(entries):
            try:
                await self._write_out([entry])
            except Exception as error:  # noqa: BLE001 - it is told to who waits
                if _may_pass(error):
                    self._put_off(entries[index:], error)
                    return
                _LOGGER.error("A step cannot be recorded: %s", stack_of(error))
                _fail([entry], JournalError(Reason("message_unrecorded")))

    async def _write_out(self, entries: Sequence[Entry]) -> None:
        if await self._write(entries) and self._failing:
            self._failing = False
            _LOGGER.warning("The journal can be written again")

    def _put_off(self, entries: Sequence[Entry], error: Exception) -> None:
        """Keep steps for another try, and tell all that wait."""
        if not self._failing:
            self._failing = True
            _LOGGER.error("%s; trying again every %.0f s", error, RETRY_PAUSE)
        waiting = [*entries, *self._pending]
        self._pending = [entry for entry in waiting if isinstance(entry, Step)]
        self._cancel_retry = self._clock.call_later(RETRY_PAUSE, self._start)
        # Last: who is told may post something.
        _fail(waiting, error)


def _fail(entries: Sequence[Entry], error: Exception) -> None:
    for entry in entries:
        entry.done.fail(error)


def _may_pass(error: Exception) -> bool:
    """Whether the file is to blame, and not a fault of ours or a value."""
    return isinstance(error, JournalError) and not isinstance(error, UnrecordableError)
