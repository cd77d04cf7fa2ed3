"""What the entries of one transaction come to, worked out in memory."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import replace
from datetime import datetime

from ..ids import Habit, habits, proven_habit, spellings
from ..journal import EarlyReceipt, Identity, Writes
from ..model import UNDELIVERED_STATES, Change, Message, Receipt, State
from .early import EarlyReceipts, Key, key_of
from .lifecycle import received
from .matching import agrees, is_for_any

type Apply = Callable[[Message, datetime], Message]


class Batch:
    """Applies entries in order; nothing outside it changes until they are written."""

    def __init__(
        self,
        early: EarlyReceipts,
        now: datetime,
        known: Iterable[Message],
        learnt: Mapping[str, Habit],
    ) -> None:
        """Take what waits, the time, and the messages that receipts may be for.

        `learnt` says how accounts' servers write ids, as far as earlier receipts told.
        """
        self._early = early
        self._learnt = learnt
        self._now = now
        self._before: dict[str, Message] = {}
        self._newest: dict[str, Message] = {}
        self._by_provider_id: defaultdict[str, list[str]] = defaultdict(list)
        self.changes: list[Change] = []
        self.kept: list[EarlyReceipt] = []
        self.gone: set[Identity] = set()
        self.habits: dict[str, Habit] = {}
        for message in known:
            self._take(message)
            self._index(message)

    def newest(self, message_id: str) -> Message:
        """Return a message as this batch leaves it."""
        return self._newest[message_id]

    def step(self, message: Message, apply: Apply) -> None:
        """Apply what happened to a message."""
        before = self._take(message)
        after = apply(before, self._now)
        self._put(after)
        if after.parts and not before.parts:
            self._index(after)
            if self._early or self.kept:
                self._apply_early(after)

    def receive(
        self, account: str, receipt: Receipt, recalled: Message | None = None
    ) -> str | None:
        """Apply a receipt; returns the id of its message, or keeps it and None.

        `recalled` is the only message that it could be for before this batch.
        """
        named = self._by_provider_id.get(receipt.provider_id)
        if recalled and named == [recalled.id]:
            self._learn(account, receipt.provider_id, receipt)
            self._put(received(self._newest[recalled.id], receipt, self._now))
            return recalled.id
        for each in _by_each_id(receipt):
            if found := self._match(account, each):
                break
        else:
            self._keep(account, receipt)
            return None
        message, provider_id = found
        if provider_id != receipt.provider_id:
            receipt = replace(receipt, provider_id=provider_id)
        self._put(received(message, receipt, self._now))
        return message.id

    def writes(self) -> Writes:
        """Sum up what the journal has to record."""
        writes = Writes(early=self.kept)
        self.gone.update(self._early.overflow(self.kept))
        writes.matched.extend(self.gone)
        for id_, message in self._newest.items():
            before = self._before[id_]
            if message is not before:
                writes.messages.append(message)
                if message.parts is before.parts:
                    continue
                if message.provider_ids == before.provider_ids:
                    writes.with_part_states.append(message)
                else:
                    writes.with_parts.append(message)
        for change in self.changes:
            if name := _counted_as(change):
                writes.totals[change.message.account, name] += 1
        return writes

    def _take(self, message: Message) -> Message:
        self._before.setdefault(message.id, message)
        return self._newest.setdefault(message.id, message)

    def _put(self, message: Message) -> None:
        before = self._newest[message.id]
        if message is not before:
            self._newest[message.id] = message
            if message.state is not before.state:
                self.changes.append(Change(message, before.state))

    def _index(self, message: Message) -> None:
        for part in message.parts:
            self._by_provider_id[part.provider_id].append(message.id)

    def _match(self, account: str, receipt: Receipt) -> tuple[Message, str] | None:
        """Find the message, and the id by which it is known.

        The number must agree, and the newest open message is meant. An id in another
        spelling, or of another account, must be that of one message only: a wrong match
        is worse than none. Where it is known how the server writes ids, the id means
        what it means that way, and nothing else.
        """
        reported = receipt.provider_id
        habit = self._habit(account, receipt)
        as_written = habit in (None, Habit.SAME)
        if as_written and (named := self._agreeing(reported, receipt, account)):
            self._learn(account, reported, receipt)
            return max(named, key=_newness), reported
        if receipt.any_base and (found := self._spelt(receipt, account, habit)):
            if habit is None and len(found) > 1:
                return None
            message, answered = max(found, key=lambda each: _newness(each[0]))
            self._learn(account, answered, receipt)
            return message, answered
        if not is_for_any(receipt):
            return None
        others = [
            (message, receipt.provider_id)
            for message in self._agreeing(receipt.provider_id, receipt)
        ]
        if receipt.any_base and not others:
            others = self._spelt(receipt)
        return others[0] if len(others) == 1 else None

    def _habit(self, account: str, receipt: Receipt) -> Habit | None:
        """Return how the account's server writes this id, None where it may be either.

        An id with a letter tells by itself.
        """
        if not (receipt.any_base and receipt.provider_id.isdecimal()):
            return None
        return self._learnt.get(account)

    def _learn(self, account: str, answered: str, receipt: Receipt) -> None:
        """Remember how the account's server writes ids, if these two prove it."""
        if not receipt.any_base:
            return
        reported, known = receipt.provider_id, self._learnt.get(account)
        if known is Habit.SAME and answered == reported:
            return
        if habit := proven_habit(answered, reported):
            self.habits[account] = habit

    def _keep(self, account: str, receipt: Receipt) -> None:
        """Keep a receipt for the message that will have its id, or its other one."""
        self.kept.extend(
            EarlyReceipt(account, each, self._now) for each in _by_each_id(receipt)
        )

    def _spelt(
        self,
        receipt: Receipt,
        account: str | None = None,
        habit: Habit | None = None,
    ) -> list[tuple[Message, str]]:
        """Return the messages whose id may be the receipt's, however it is spelt."""
        reported = receipt.provider_id
        return [
            (message, answered)
            for answered in (reported, *spellings(reported))
            if habit is None or habit in habits(answered, reported)
            for message in self._agreeing(answered, receipt, account)
        ]

    def _agreeing(
        self, provider_id: str, receipt: Receipt, account: str | None = None
    ) -> list[Message]:
        """Return the messages with the id and the number, of an account or of all."""
        named = [self._newest[id_] for id_ in self._by_provider_id.get(provider_id, ())]
        return [
            message
            for message in named
            if account in (None, message.account) and agrees(message, receipt)
        ]

    def _apply_early(self, message: Message) -> None:
        for part in message.parts:
            for id_ in (part.provider_id, *self._spellings(part.provider_id)):
                for account in {message.account, *self._accounts(id_)}:
                    self._apply_waiting(message, part.provider_id, (account, id_))

    def _apply_waiting(self, message: Message, provider_id: str, key: Key) -> None:
        """Apply to a part what waits under a key, its own or another spelling of it."""
        waiting = [
            early
            for early in self._waiting(key)
            if agrees(message, early.receipt)
            and self._may_mean(early, message, provider_id)
            and (early.account == message.account or is_for_any(early.receipt))
        ]
        for early in waiting:
            receipt = replace(early.receipt, provider_id=provider_id)
            self._put(received(self._newest[message.id], receipt, self._now))
        if waiting:
            applied = {identity for early in waiting for identity in early.identities}
            self.gone |= applied
            self.kept = [each for each in self.kept if each.identity not in applied]

    def _may_mean(
        self, early: EarlyReceipt, message: Message, provider_id: str
    ) -> bool:
        """Whether the id of a receipt that waits may be written for a message's."""
        reported = early.receipt.provider_id
        habit = self._habit(early.account, early.receipt)
        if habit is None or early.account != message.account:
            return early.receipt.any_base or reported == provider_id
        return habit in habits(provider_id, reported)

    def _accounts(self, provider_id: str) -> set[str]:
        """Return the accounts where a receipt waits that may be for any account."""
        return self._early.accounts(provider_id) | {
            each.account
            for each in self.kept
            if each.receipt.any_account and each.receipt.provider_id == provider_id
        }

    def _spellings(self, provider_id: str) -> frozenset[str]:
        """Return what a receipt may wait under, if any waits that may be meant."""
        if self._early.any_base or any(each.receipt.any_base for each in self.kept):
            return spellings(provider_id)
        return frozenset()

    def _waiting(self, key: Key) -> Iterator[EarlyReceipt]:
        for early in self._early.waiting(key):
            if early.identity not in self.gone:
                yield early
        yield from (each for each in self.kept if key_of(each) == key)


def _newness(message: Message) -> tuple[bool, datetime]:
    """Sort messages: the newest that is open comes last."""
    return not message.state.is_final, message.created_at


def _by_each_id(receipt: Receipt) -> Iterator[Receipt]:
    """Yield a receipt under each id that it gives, the more certain one first."""
    yield receipt
    if receipt.other_id is not None:
        yield replace(
            receipt, provider_id=receipt.other_id, other_id=receipt.provider_id
        )


def _counted_as(change: Change) -> str | None:
    """Name the total that a change adds to."""
    state = change.message.state
    if state is State.ACCEPTED and change.before is State.QUEUED:
        return "sent"
    if state is State.DELIVERED:
        return "delivered"
    if state in UNDELIVERED_STATES and change.message.accepted_at:
        return "undelivered"
    # One that was taken back while it waited has not failed.
    return "failed" if state.is_final and state is not State.DELETED else None
