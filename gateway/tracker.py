"""The tracker: asks systems that answer status enquiries what became of messages.

The first look comes seconds after acceptance, later ones at growing pauses: half the
message's age each, so that a message of an hour is looked at every half hour. The
pauses follow from the message's times alone, so that a restart changes nothing.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
import heapq
import logging
from typing import Final

from .clock import Clock
from .errors import JournalError, NoRecordError, ProviderError, stack_of
from .ledger import Ledger
from .model import Message, Part, Receipt
from .providers import Provider

_LOGGER = logging.getLogger(__name__)

FIRST_LOOK: Final = timedelta(seconds=4)
FIRST_LOOK_WITH_PUSH: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(minutes=30)
AT_ONCE: Final = 4
"""Enquiries open at once."""

type Report = Callable[[ProviderError | None], None]


class Tracker:
    """The accepted messages of one account whose end is not known yet."""

    def __init__(
        self,
        provider: Provider,
        ledger: Ledger,
        clock: Clock,
        report: Report,
        *,
        track_for: timedelta,
    ) -> None:
        """Take where to ask and record; messages are tracked for `track_for`."""
        self._provider = provider
        self._ledger = ledger
        self._clock = clock
        self._report = report
        self.track_for = track_for
        self._watched: dict[str, Message] = {}
        self._due: list[tuple[float, str]] = []
        self._workers: set[asyncio.Task[None]] = set()
        self._cancel_timer: Callable[[], None] | None = None
        self._pushed = False
        self._stopped = False

    def __len__(self) -> int:
        """Count the messages that are watched."""
        return len(self._watched)

    def watch(self, messages: Iterable[Message]) -> None:
        """Look after these from now on; those that need no look are passed over."""
        for message in messages:
            if message.tracked and message.parts and not message.state.is_final:
                known = message.id in self._watched
                self._watched[message.id] = message
                if not known:
                    self._schedule(message)
            else:
                self._watched.pop(message.id, None)
        self._pump()

    async def ask(self, message: Message) -> Message:
        """Ask after each open part now; returns the message as it is then.

        Raises ProviderError, or UnsupportedError where the system answers nothing.
        """
        for part in message.parts:
            if not part.state.is_final:
                message = await self._ask(message, part) or message
        return message

    def note_push(self) -> None:
        """Learn that the provider brings receipts by itself: enquiries back it up."""
        self._pushed = True

    async def stop(self) -> None:
        """End all enquiries."""
        self._stopped = True
        self._stop_timer()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def _schedule(self, message: Message) -> None:
        start = _start_of(message)
        now = self._clock.now()
        if now - start > self.track_for:
            self._watched.pop(message.id, None)
            return
        first = FIRST_LOOK_WITH_PUSH if self._pushed else FIRST_LOOK
        pause = min(max((now - start) / 2, first), LONGEST_PAUSE)
        heapq.heappush(self._due, ((max(now, start) + pause).timestamp(), message.id))

    def _pump(self) -> None:
        """Open enquiries for what is due, and set the alarm for what is not."""
        self._stop_timer()
        if self._stopped or not self._due:
            return
        pause = self._due[0][0] - self._clock.now().timestamp()
        if pause > 0:
            self._cancel_timer = self._clock.call_later(pause, self._pump)
            return
        for _ in range(min(AT_ONCE - len(self._workers), len(self._due))):
            self._workers.add(asyncio.create_task(self._work(), name="sms tracker"))

    def _stop_timer(self) -> None:
        if self._cancel_timer:
            self._cancel_timer()
            self._cancel_timer = None

    async def _work(self) -> None:
        worker = asyncio.current_task()
        try:
            while self._due and self._due[0][0] <= self._clock.now().timestamp():
                _, message_id = heapq.heappop(self._due)
                if message := self._watched.get(message_id):
                    await self._look(message)
                if message := self._watched.get(message_id):
                    self._schedule(message)
        finally:
            # Not by a callback: until that ran, `_pump` would count this place taken.
            self._workers.discard(worker)
            self._pump()

    async def _look(self, message: Message) -> None:
        """Ask after each open part; what fails now is asked again another time."""
        for part in message.parts:
            if part.state.is_final:
                continue
            try:
                await self._ask(message, part)
            except NoRecordError:
                pass  # it answered; the message may be too young for it
            except ProviderError:
                return
            except JournalError as error:
                _LOGGER.debug("not recorded: %s", error)
                return
            except Exception as error:  # noqa: BLE001 - others are to be tracked on
                _LOGGER.error("Unexpected error while asking: %s", stack_of(error))
                return

    async def _ask(self, message: Message, part: Part) -> Message | None:
        """Ask after a part; returns its message if something new was recorded."""
        try:
            receipt = await self._provider.status(part.provider_id, message.sender)
        except NoRecordError:
            self._report(None)
            raise
        except ProviderError as error:
            self._report(error)
            raise
        self._report(None)
        if receipt.state is part.state:
            return None
        return await self._record(message, receipt)

    async def _record(self, message: Message, receipt: Receipt) -> Message | None:
        known = await self._ledger.receive(message.account, receipt)
        if known is None or known.state.is_final:
            self._watched.pop(message.id, None)
        elif message.id in self._watched:
            self._watched[message.id] = known  # with the parts that have ended
        return known


def _start_of(message: Message) -> datetime:
    accepted_at = message.accepted_at or message.updated_at
    return max(accepted_at, message.schedule or accepted_at)
