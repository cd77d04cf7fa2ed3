"""The queue in front of the state machine, and the transactions behind it.

Whatever happens to a message (an answer, a receipt, the end of its time) is posted
here. Entries are applied in the order of their posting; those that come while a
transaction is being written share the next one. Listeners hear of a change after the
journal holds it, never before.

Each posting method returns a `Recording` at once: await it to know that the journal
holds the step, or go on and let it be. It raises JournalError when the journal does not
hold the step by now. A receipt is forgotten then, for whoever brought it will bring it
again; what the provider said to a submission is said only once, so that step is kept
and tried again until it is written.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
import logging
from typing import ClassVar, Final

from ..clock import Clock
from ..errors import JournalError, ProviderError, UnrecordableError, stack_of
from ..ids import Habit, spellings
from ..journal import Journal
from ..listeners import Listeners
from ..model import Change, Failure, Message, Receipt, Submission
from . import lifecycle
from .batch import Apply, Batch
from .early import EarlyReceipts
from .recent import RecentMessages
from .recording import Recording

_LOGGER = logging.getLogger(__name__)

BATCH: Final = 250
HASTE: Final = 25
"""Entries that do not wait for others of the same turn of the event loop: SQLite's
thread writes them while the loop takes those."""
GATHER: Final = 0.02
"""Seconds from one transaction to the next, if nobody waits for what is posted."""
RETRY_PAUSE: Final = 5.0
IDS: Final = 10_000
"""Provider ids looked up by one query."""

type Listener = Callable[[Sequence[Change]], None]


@dataclass(slots=True)
class _Step:
    """Something that happened to a known message."""

    message: Message
    apply: Apply
    done: Recording[Message]
    urgent: bool

    def enter(self, batch: Batch) -> None:
        batch.step(self.message, self.apply)

    def resolve(self, batch: Batch) -> None:
        self.done.resolve(batch.newest(self.message.id))


@dataclass(slots=True)
class _Arrival:
    """A receipt that has still to find its message."""

    account: str
    receipt: Receipt
    done: Recording[Message | None]
    recalled: Message | None = None
    found: str | None = None
    urgent: ClassVar[bool] = True

    def enter(self, batch: Batch) -> None:
        self.found = batch.receive(self.account, self.receipt, self.recalled)

    def resolve(self, batch: Batch) -> None:
        self.done.resolve(batch.newest(self.found) if self.found else None)


@dataclass(slots=True)
class _Mark:
    """A place in the queue that somebody waits to be reached."""

    done: Recording[None]
    urgent: ClassVar[bool] = True

    def enter(self, _batch: Batch) -> None:
        """Change nothing."""

    def resolve(self, _batch: Batch) -> None:
        self.done.resolve(None)


type _Entry = _Step | _Arrival | _Mark


class Ledger:
    """Applies entries, one transaction after the other, and tells listeners."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        """Take an open journal and the clock."""
        self._journal = journal
        self._clock = clock
        self._pending: list[_Entry] = []
        self._starting: asyncio.Handle | None = None
        self._busy = False
        self._running: asyncio.Task[None] | None = None
        self._cancel_retry: Callable[[], None] | None = None
        self._urgent = asyncio.Event()
        self._next_at = 0.0
        self._listeners = Listeners[Sequence[Change]]()
        self._early = EarlyReceipts()
        self._recent = RecentMessages()
        self._habits: dict[str, Habit] = {}
        self._failing = False
        self._closed = False

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each batch of changes; the answer ends that."""
        return self._listeners.add(listener)

    async def load(self, account: str) -> None:
        """Read back the receipts of the account that wait for their message."""
        self._early.add(await self._journal.early_receipts(account))

    def unload(self, account: str) -> None:
        """Let go of what `load` read; the journal keeps it."""
        self._early.forget_account(account)
        self._habits.pop(account, None)

    async def enqueue(self, messages: Sequence[Message]) -> None:
        """Record new messages; raises JournalError, and holds none of them then."""
        await self._journal.add(messages)
        for chunk in batched(messages, BATCH, strict=False):
            self._listeners.tell([Change(message, None) for message in chunk])
            await asyncio.sleep(0)

    def receive(self, account: str, receipt: Receipt) -> Recording[Message | None]:
        """Apply a receipt.

        The recording holds the message, or None when no message has that provider id yet:
        the receipt is kept then and applied as soon as one has. It raises JournalError
        when the receipt could not be recorded.
        """
        done: Recording[Message | None] = Recording()
        self._post(_Arrival(account, receipt, done))
        return done

    def submitting(self, message: Message) -> Recording[Message]:
        """Record that the request is about to go out."""
        return self._step(message, lifecycle.submitting, urgent=True)

    def accepted(self, message: Message, submission: Submission) -> Recording[Message]:
        """Record the provider's yes."""
        return self._step(
            message, lambda each, now: lifecycle.accepted(each, submission, now)
        )

    def refused(self, message: Message, error: ProviderError) -> Recording[Message]:
        """Record the provider's no."""
        return self._step(
            message, lambda each, now: lifecycle.refused(each, error, now)
        )

    def postponed(
        self, message: Message, error: ProviderError, until: datetime
    ) -> Recording[Message]:
        """Record a failure that may pass."""
        return self._step(
            message, lambda each, now: lifecycle.postponed(each, error, until, now)
        )

    def uncertain(self, message: Message, failure: Failure) -> Recording[Message]:
        """Record that nobody knows whether the message was taken."""
        return self._step(
            message, lambda each, now: lifecycle.uncertain(each, failure, now)
        )

    def expired(self, message: Message) -> Recording[Message]:
        """Record the end of the message's time to live."""
        return self._step(message, lifecycle.expired)

    def cancelled(self, message: Message) -> Recording[Message]:
        """Record that the message was taken back before it was sent."""
        return self._step(message, lifecycle.cancelled, urgent=True)

    async def prune(self, account: str, before: datetime) -> int:
        """Forget what has not changed since then; returns how many messages."""
        forgotten = await self._journal.prune(account, before)
        self._recent.clear()
        self._early.prune(account, before)
        return forgotten

    async def forget_account(self, account: str) -> None:
        """Remove everything that belongs to the account."""
        await self.settle()
        await self._journal.forget_account(account)
        self._recent.clear()
        self._early.forget_account(account)

    def hurry(self) -> None:
        """Write what was posted without waiting for more: nothing else will come soon."""
        if self._pending:
            self._urgent.set()

    async def settle(self) -> None:
        """Wait until the journal holds what was posted; raises JournalError."""
        done: Recording[None] = Recording()
        self._post(_Mark(done))
        await done

    async def close(self) -> None:
        """Write what was posted. What cannot be written is told to its poster."""
        self._closed = True
        self._urgent.set()
        if self._pending:
            self._stop_waiting()
            self._begin()
        while self._busy and self._running:
            await asyncio.shield(self._running)
        self._stop_waiting()
        if self._pending:
            _LOGGER.error("%d steps were not recorded", len(self._pending))
            self._pending.clear()

    def _step(
        self, message: Message, apply: Apply, *, urgent: bool = False
    ) -> Recording[Message]:
        done: Recording[Message] = Recording()
        self._post(_Step(message, apply, done, urgent))
        return done

    def _post(self, entry: _Entry) -> None:
        if self._closed:
            _fail([entry], JournalError("the journal is closed"))
            return
        self._pending.append(entry)
        if entry.urgent or len(self._pending) >= BATCH:
            self._urgent.set()
        # Somebody may wait for the others; a step can wait for the next try.
        if not isinstance(entry, _Step) or not self._cancel_retry:
            self._start()

    def _start(self) -> None:
        self._stop_waiting()
        if self._busy:
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
        if not self._busy:
            self._busy = True
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
                    await self._apply(entries)
                except Exception as error:  # noqa: BLE001 - it is told to who waits
                    if _may_pass(error):
                        self._put_off(entries, error)
                    else:
                        await self._apply_singly(entries)
        finally:
            self._busy = False

    async def _gather(self) -> None:
        """Let answers come together: each transaction is a synchronisation of the disk."""
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._next_at):
                await self._urgent.wait()
        self._next_at = loop.time() + GATHER

    async def _apply_singly(self, entries: Sequence[_Entry]) -> None:
        """Find the entry that cannot be applied: it must not hold up the others."""
        for index, entry in enumerate(entries):
            try:
                await self._apply([entry])
            except Exception as error:  # noqa: BLE001 - it is told to who waits
                if _may_pass(error):
                    self._put_off(entries[index:], error)
                    return
                _LOGGER.error("A step cannot be recorded: %s", stack_of(error))
                _fail([entry], JournalError("this step cannot be recorded"))

    async def _apply(self, entries: Sequence[_Entry]) -> None:
        known = await self._named(entries)
        batch = Batch(self._early, self._clock.now(), known, self._habits)
        for entry in entries:
            entry.enter(batch)
        if writes := batch.writes():
            await self._journal.write(writes)
            self._recent.note(writes.messages)
            if self._failing:
                self._failing = False
                _LOGGER.warning("The journal can be written again")
        self._early.remove(batch.gone)
        self._early.add(batch.kept)
        self._habits |= batch.habits
        for entry in entries:
            entry.resolve(batch)
        if batch.changes:
            self._listeners.tell(batch.changes)

    async def _named(self, entries: Sequence[_Entry]) -> list[Message]:
        """Read the messages that the receipts among the entries may be for."""
        messages: dict[str, Message] = {}
        arrivals: list[_Arrival] = []
        for each in entries:
            if isinstance(each, _Arrival):
                each.recalled = self._recall(each)
                if each.recalled:
                    messages[each.recalled.id] = each.recalled
                else:
                    arrivals.append(each)
        if arrivals:
            messages |= {each.id: each for each in await self._read(arrivals)}
        return list(messages.values())

    def _recall(self, arrival: _Arrival) -> Message | None:
        """Return the message that a receipt is for, if it need not be looked for."""
        if self._is_read_otherwise(arrival.account):
            return None
        return self._recent.find(arrival.account, arrival.receipt)

    async def _read(self, arrivals: Sequence[_Arrival]) -> list[Message]:
        """Read the messages that receipts may be for."""
        ids = {id_ for each in arrivals for id_ in each.receipt.ids}
        found = await self._journal.named(sorted(ids))
        known = {part.provider_id for message in found for part in message.parts}
        others = {
            spelling
            for each in arrivals
            if each.receipt.any_base
            for id_ in each.receipt.ids
            if id_ not in known or self._is_read_otherwise(each.account)
            for spelling in spellings(id_)
        }
        for chunk in batched(sorted(others - ids), IDS, strict=False):
            found += await self._journal.named(chunk)
        return found

    def _is_read_otherwise(self, account: str) -> bool:
        """Whether an id as it is written may mean another message."""
        return self._habits.get(account, Habit.SAME) is not Habit.SAME

    def _put_off(self, entries: Sequence[_Entry], error: Exception) -> None:
        if not self._failing:
            self._failing = True
            _LOGGER.error("%s; trying again every %.0f s", error, RETRY_PAUSE)
        waiting = [*entries, *self._pending]
        _fail(waiting, error)
        self._pending = [entry for entry in waiting if isinstance(entry, _Step)]
        self._cancel_retry = self._clock.call_later(RETRY_PAUSE, self._start)


def _fail(entries: Sequence[_Entry], error: Exception) -> None:
    for entry in entries:
        entry.done.fail(error)


def _may_pass(error: Exception) -> bool:
    """Whether the file is to blame, and not a fault of ours or a value."""
    return isinstance(error, JournalError) and not isinstance(error, UnrecordableError)
