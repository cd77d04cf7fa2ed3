"""The state machine between its queue and the journal.

Whatever happens to a message (an answer, a receipt, the end of its time) is posted
here. Entries are applied in the order of their posting. Listeners hear of a change
after the journal holds it, never before.

Each posting method returns a `Recording` at once: await it to know that the journal
holds the step, or go on and let it be. It raises JournalError when the journal does not
hold the step by now. A receipt is forgotten then, for whoever brought it will bring it
again; what the provider said to a submission is said only once, so that step is kept
and tried again until it is written.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import batched
from typing import Final

from ..clock import Clock
from ..errors import ProviderError
from ..ids import Habit, spellings
from ..journal import Journal
from ..listeners import Listeners
from ..model import Change, Failure, Message, Receipt, Submission
from . import lifecycle
from .batch import Apply, Batch
from .early import EarlyReceipts
from .entries import Arrival, Entry, Mark, Step
from .queue import BATCH, Queue
from .recent import RecentMessages
from .recording import Recording

IDS: Final = 10_000
"""Provider ids looked up by one query."""

type Listener = Callable[[Sequence[Change]], None]


class Ledger:
    """Applies entries, one transaction after the other, and tells listeners."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        """Take an open journal and the clock."""
        self._journal = journal
        self._clock = clock
        self._queue = Queue(self._apply, clock)
        self._listeners = Listeners[Sequence[Change]]()
        self._early = EarlyReceipts()
        self._recent = RecentMessages()
        self._habits: dict[str, Habit] = {}

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
        self._queue.post(Arrival(account, receipt, done))
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
        self._queue.hurry()

    async def settle(self) -> None:
        """Wait until the journal holds what was posted; raises JournalError."""
        done: Recording[None] = Recording()
        self._queue.post(Mark(done))
        await done

    async def close(self) -> None:
        """Write what was posted. What cannot be written is told to its poster."""
        await self._queue.close()

    def _step(
        self, message: Message, apply: Apply, *, urgent: bool = False
    ) -> Recording[Message]:
        done: Recording[Message] = Recording()
        self._queue.post(Step(message, apply, done, urgent))
        return done

    async def _apply(self, entries: Sequence[Entry]) -> bool:
        """Write what entries come to, and tell of it; answers whether it is anything."""
        known = await self._named(entries)
        batch = Batch(self._early, self._clock.now(), known, self._habits)
        for entry in entries:
            entry.enter(batch)
        if writes := batch.writes():
            await self._journal.write(writes)
            self._recent.note(writes.messages)
        self._early.remove(batch.gone)
        self._early.add(batch.kept)
        self._habits |= batch.habits
        for entry in entries:
            entry.resolve(batch)
        if batch.changes:
            self._listeners.tell(batch.changes)
        return bool(writes)

    async def _named(self, entries: Sequence[Entry]) -> list[Message]:
        """Read the messages that the receipts among the entries may be for."""
        messages: dict[str, Message] = {}
        arrivals: list[Arrival] = []
        for each in entries:
            if isinstance(each, Arrival):
                each.recalled = self._recall(each)
                if each.recalled:
                    messages[each.recalled.id] = each.recalled
                else:
                    arrivals.append(each)
        if arrivals:
            messages |= {each.id: each for each in await self._read(arrivals)}
        return list(messages.values())

    def _recall(self, arrival: Arrival) -> Message | None:
        """Return the message that a receipt is for, if it need not be looked for."""
        if self._is_read_otherwise(arrival.account):
            return None
        return self._recent.find(arrival.account, arrival.receipt)

    async def _read(self, arrivals: Sequence[Arrival]) -> list[Message]:
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
