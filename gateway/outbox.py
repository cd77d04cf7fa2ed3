"""The outbox: which message of an account goes out when, and again.

A message waits here until the provider takes it, refuses it, or its time to live
ends. What shares one request is a load: one tracked message, or many untracked ones
with the same text. At most `in_flight` requests are open at once. The ledger records
each step.
"""

import asyncio
from asyncio import Future
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
import heapq
from itertools import batched, chain, count, groupby
import logging
from typing import Final

from .clock import Clock
from .errors import (
    JournalError,
    PartlyTakenError,
    ProviderError,
    TransientError,
    UncertainError,
    stack_of,
)
from .ledger import Ledger, Recording
from .model import Failure, Message, State, Submission
from .pauses import growing
from .providers import Outcome, Provider
from .reasons import Reason

_LOGGER = logging.getLogger(__name__)

FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 300.0
SILENCE: Final = timedelta(minutes=1)
"""Time without an answer after which the next one ends all pauses."""
UNRECORDED: Final = 8
"""Messages sent and not recorded yet, for each place, that hold up the next."""
STOP_GRACE: Final = 5.0
"""Seconds that open requests get to finish when the outbox stops."""
CHUNK: Final = 250
"""Messages handled in one turn of the event loop."""

ANSWER_LENGTH: Final = 500
"""Characters of the ids that are kept as the answer to one message of many."""

INTERRUPTED: Final = Failure("uncertain", None, Reason("interrupted"))

type Load = tuple[Message, ...]
type Word = Submission | Outcome
"""What the provider said to one message, be it alone in its request or not."""
type Report = Callable[[ProviderError | None], None]


class OnUncertain(StrEnum):
    """What to do with a message whose request went out and was never answered."""

    RESEND = "resend"
    HOLD = "hold"


class Outbox:
    """The unsent messages of one account."""

    def __init__(
        self,
        provider: Provider,
        ledger: Ledger,
        clock: Clock,
        report: Report,
        *,
        in_flight: int = 8,
        on_uncertain: OnUncertain = OnUncertain.RESEND,
    ) -> None:
        """Take where to send and record; `report` hears how each request ended."""
        self._provider = provider
        self._ledger = ledger
        self._clock = clock
        self._report = report
        self._in_flight = in_flight
        self._most_unrecorded = UNRECORDED * in_flight
        self._hold = on_uncertain is OnUncertain.HOLD
        self._fresh: deque[Load] = deque()
        self._retries: list[tuple[float, int, Load]] = []
        self._order = count()
        self._unrecorded = 0
        self._answered_at = clock.now()
        self._sending: dict[str, Message] = {}
        self._calls: dict[str, _Call] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._recordings: set[asyncio.Task[None]] = set()
        self._cancel_timer: Callable[[], None] | None = None
        self._stopped = False

    @property
    def sending(self) -> Sequence[Message]:
        """The messages whose requests are open; not those that share one."""
        return list(self._sending.values())

    def send(self, messages: Sequence[Message]) -> Future[list[Message]]:
        """Send messages of one draft, which the journal holds.

        The future has each of them after its first try. A message that is still
        `queued` then will be tried again, by a later gateway if this one has stopped.
        """
        call = _Call(messages)
        if self._stopped:
            call.give_up()
            return call.done
        self._calls.update((message.id, call) for message in messages)
        self._fresh.extend(self._loads(messages))
        self._pump()
        return call.done

    def resume(self, messages: Iterable[Message]) -> None:
        """Take up messages that were unsent when the journal was last closed."""
        unsent: list[Message] = []
        for message in messages:
            if message.submitting and self._hold:
                self._ledger.uncertain(message, INTERRUPTED)
            else:
                unsent.append(message)
        for _, alike in groupby(unsent, _likeness):
            for load in self._loads(list(alike)):
                self._put_off(load, load[0].next_attempt_at or load[0].created_at)
        self._pump()

    def wake(self) -> None:
        """Learn that the provider answers: after a silence, try everything now.

        Only after a silence, lest a message that always fails be tried again with
        every one that goes out.
        """
        silent_since, self._answered_at = self._answered_at, self._clock.now()
        if self._answered_at - silent_since >= SILENCE:
            self.hurry()

    def withdraw(self, message_id: str) -> Recording[Message] | None:
        """Take a message out and give it up; None when it is being sent just now."""
        waiting = chain(self._fresh, (load for _, _, load in self._retries))
        message = next(
            (each for load in waiting for each in load if each.id == message_id), None
        )
        if message is None:
            return None
        self._fresh = deque(
            rest for load in self._fresh if (rest := _without(message, load))
        )
        self._retries = [
            (due, order, rest)
            for due, order, load in self._retries
            if (rest := _without(message, load))
        ]
        heapq.heapify(self._retries)
        step = self._ledger.cancelled(message)
        step.then(
            lambda _: self._note(step.result() if step.error is None else message)
        )
        return step

    def hurry(self) -> None:
        """End all pauses: the connection is there again."""
        self._fresh.extend(load for _, _, load in sorted(self._retries))
        self._retries.clear()
        self._pump()

    async def stop(self) -> None:
        """Let open requests finish for a moment; the journal keeps the rest."""
        self._stopped = True
        self._stop_timer()
        self._fresh.clear()
        self._retries.clear()
        self._provider.hold_back()
        if self._workers:
            await asyncio.wait(self._workers, timeout=STOP_GRACE)
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await asyncio.gather(*self._recordings, return_exceptions=True)
        with suppress(JournalError):
            await self._ledger.settle()
        for call in set(self._calls.values()):
            call.give_up()
        self._calls.clear()

    def _loads(self, messages: Sequence[Message]) -> Iterator[Load]:
        """Split messages that differ in their recipient only into requests."""
        limit = 1
        if messages and not messages[0].tracked:
            limit = self._provider.bulk_limit(messages[0])
        return batched(messages, limit, strict=False)

    def _put_off(self, load: Load, until: datetime) -> None:
        due = min(until, load[0].expires_at).timestamp()
        heapq.heappush(self._retries, (due, next(self._order), load))

    def _next_try(self, message: Message) -> datetime:
        pause = growing(FIRST_PAUSE, LONGEST_PAUSE, message.attempts)
        return self._clock.now() + timedelta(seconds=pause)

    def _pump(self) -> None:
        """Open requests for what is due, and set the alarm for what is not."""
        self._stop_timer()
        if self._stopped or self._is_behind:
            return
        waiting = len(self._fresh)
        if self._retries:
            pause = self._retries[0][0] - self._clock.now().timestamp()
            if pause > 0:
                self._cancel_timer = self._clock.call_later(pause, self._pump)
            else:
                waiting += len(self._retries)
        for _ in range(min(self._in_flight - len(self._workers), waiting)):
            self._workers.add(asyncio.create_task(self._work(), name="sms outbox"))

    def _stop_timer(self) -> None:
        if self._cancel_timer:
            self._cancel_timer()
            self._cancel_timer = None

    async def _work(self) -> None:
        worker = asyncio.current_task()
        try:
            while load := self._next():
                await self._try(load)
        finally:
            # Not by a callback: until that ran, `_pump` would count this place taken.
            self._workers.discard(worker)
            self._pump()
            if not self._workers:
                self._ledger.hurry()

    def _next(self) -> Load | None:
        """Take what is due: a new alarm does not wait behind those that failed."""
        if self._is_behind:
            return None
        if self._fresh:
            return self._fresh.popleft()
        if self._retries and self._retries[0][0] <= self._clock.now().timestamp():
            return heapq.heappop(self._retries)[2]
        return None

    @property
    def _is_behind(self) -> bool:
        """Whether a power cut now would leave too many sent and not recorded."""
        return self._unrecorded >= self._most_unrecorded

    async def _try(self, load: Load) -> None:
        """Send a load that is due, and see to it that each message is recorded."""
        if self._clock.now() >= load[0].expires_at:
            self._record(load, [None] * len(load))
            return
        if self._hold:
            try:
                load = await self._mark(load)
            except JournalError as error:
                # What the journal does not hold as sent must not be sent.
                self._postpone_unrecorded(load, error)
                return
        outcomes = await self._submit(load)
        errors = [each for each in outcomes if isinstance(each, ProviderError)]
        if len(errors) < len(outcomes):
            self._report(None)
        for refusal in {type(each): each for each in errors}.values():
            self._report(refusal)
        self._record(load, outcomes)

    async def _mark(self, load: Load) -> Load:
        """Record that the request is about to go out."""
        marked: list[Message] = []
        for chunk in batched(load, CHUNK, strict=False):
            marked += await asyncio.gather(*map(self._ledger.submitting, chunk))
        return tuple(marked)

    async def _submit(self, load: Load) -> Sequence[Word]:
        """Hand a load over; returns what became of each message."""
        try:
            if len(load) > 1:
                return await self._provider.submit_bulk(load)
            return [await self._submit_one(load[0])]
        except ProviderError as error:
            return [error] * len(load)
        except Exception as error:  # noqa: BLE001 - no fault may lose a message
            _LOGGER.error("Unexpected error while submitting: %s", stack_of(error))
            failure = UncertainError(Reason("internal", name=type(error).__name__))
            return [failure] * len(load)

    async def _submit_one(self, message: Message) -> Submission:
        self._sending[message.id] = message
        try:
            return await self._provider.submit(message)
        finally:
            # Before anybody else can ask, the outcome is posted to the ledger.
            del self._sending[message.id]

    def _postpone_unrecorded(self, load: Load, error: JournalError) -> None:
        _LOGGER.debug("not sent: %s", error)
        self._put_off(load, self._next_try(load[0]))
        for message in load:
            self._note(message)

    def _record(self, load: Load, outcomes: Sequence[Word | None]) -> None:
        """Post a step for each message; the request's place is free meanwhile."""
        round_ = _Round(len(load))
        self._unrecorded += len(load)
        if len(load) <= CHUNK:
            self._post(round_, zip(load, outcomes, strict=True))
            return
        recording = asyncio.create_task(
            self._post_slowly(round_, zip(load, outcomes, strict=True)),
            name="sms recording",
        )
        self._recordings.add(recording)
        recording.add_done_callback(self._recordings.discard)

    async def _post_slowly(
        self, round_: _Round, steps: Iterable[tuple[Message, Word | None]]
    ) -> None:
        """Post one chunk while the one before it is written, and no further ahead."""
        earlier: Recording[Message] | None = None
        for chunk in batched(steps, CHUNK, strict=False):
            posted = self._post(round_, chunk)
            await asyncio.sleep(0)
            if earlier and not self._stopped:
                # One that cannot be written yet is kept by the ledger.
                with suppress(JournalError):
                    await earlier
            earlier = posted

    def _post(
        self, round_: _Round, steps: Iterable[tuple[Message, Word | None]]
    ) -> Recording[Message] | None:
        """Post a step for each message; returns the record of the last one."""
        step: Recording[Message] | None = None
        for message, outcome in steps:
            again = False
            match outcome:
                case None:
                    step = self._ledger.expired(message)
                case Submission():
                    step = self._ledger.accepted(message, outcome)
                case tuple():
                    step = self._ledger.accepted(message, _taken(outcome))
                case PartlyTakenError():
                    step = self._ledger.uncertain(message, outcome.failure)
                case UncertainError() if self._hold:
                    step = self._ledger.uncertain(message, outcome.failure)
                case TransientError() | UncertainError():
                    again = True
                    # All of the load together, lest it be split into many.
                    round_.until = round_.until or self._next_try(message)
                    step = self._ledger.postponed(message, outcome, round_.until)
                case _:
                    step = self._ledger.refused(message, outcome)
            step.then(partial(self._recorded, round_, message, again))
        if self._unrecorded * 2 >= self._most_unrecorded:
            self._ledger.hurry()
        return step

    def _recorded(
        self, round_: _Round, message: Message, again: bool, step: Recording[Message]
    ) -> None:
        """Take a message on from where the journal holds it, or does not yet."""
        was_behind = self._is_behind
        self._unrecorded -= 1
        if was_behind:
            self._pump()
        if step.error is None:
            message = step.result()
        if again and message.state is State.QUEUED:
            round_.queued.append(message)
        round_.open -= 1
        if round_.until and round_.queued and not round_.open and not self._stopped:
            self._put_off(tuple(round_.queued), round_.until)
            self._pump()
        self._note(message)

    def _note(self, message: Message) -> None:
        if call := self._calls.pop(message.id, None):
            call.note(message)


@dataclass(slots=True)
class _Round:
    """The recording of one load: how many steps are open, what stays queued until when."""

    open: int
    until: datetime | None = None
    queued: list[Message] = field(default_factory=list)


class _Call:
    """One `send`, which waits for the first try of each of its messages."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = {message.id: message for message in messages}
        self._open = len(messages)
        self.done: Future[list[Message]] = asyncio.get_running_loop().create_future()
        if not messages:
            self.give_up()

    def note(self, message: Message) -> None:
        self._messages[message.id] = message
        self._open -= 1
        if not self._open:
            self.give_up()

    def give_up(self) -> None:
        """Answer with what is known by now."""
        if not self.done.done():
            self.done.set_result(list(self._messages.values()))


def _taken(provider_ids: tuple[str, ...]) -> Submission:
    return Submission(provider_ids, " ".join(provider_ids)[:ANSWER_LENGTH])


def _without(message: Message, load: Load) -> Load:
    return tuple(each for each in load if each is not message)


def _likeness(message: Message) -> tuple[object, ...]:
    """What two messages must share to go out in one request."""
    return (
        message.id if message.tracked else None,
        message.text,
        message.sender,
        message.encoding,
        message.schedule,
        message.flash,
        message.expires_at,
        message.next_attempt_at,
    )
