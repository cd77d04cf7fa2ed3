"""What comes in for one account: nothing is told that the journal does not hold.

A fragment is answered for when it is recorded. It leaves the journal after its message
was told, so that a power cut in between makes it told again rather than lost. While
nobody listens, messages wait.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
import logging
from typing import Final
import uuid

from ..clock import Clock
from ..errors import JournalError
from ..journal import Journal, KeptFragment
from ..ledger import Recording
from ..listeners import Listeners
from ..model import Fragment, IncomingMessage
from ..reasons import Reason
from .assembly import Assembled, Assembler

_LOGGER = logging.getLogger(__name__)

BATCH: Final = 250
MOST_UNTOLD: Final = 10_000
"""Fragments that wait to be recorded or told; then the provider has to wait."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A fragment on its way into the journal."""

    kept: KeptFragment
    done: Recording[None]


class Mailbox:
    """Records fragments, and tells the messages that they make."""

    def __init__(self, account: str, journal: Journal, clock: Clock) -> None:
        """Take the account's id, an open journal and the clock."""
        self._account = account
        self._journal = journal
        self._clock = clock
        self._assembler = Assembler()
        self._arrivals: deque[_Arrival] = deque()
        self._untold: deque[Assembled] = deque()
        self._gone: list[str] = []
        self._listeners = Listeners[IncomingMessage]()
        self._running: asyncio.Task[None] | None = None
        self._cancel_timer: Callable[[], None] | None = None
        self._stopped = False

    async def load(self) -> None:
        """Read what was not told when the journal was last closed.

        What waits for its other parts begins to wait anew: they may wait for us.
        """
        self._sort(await self._journal.fragments(self._account))

    def take(self, fragment: Fragment) -> Recording[None]:
        """Take a fragment; the recording is done when the journal holds it.

        It raises JournalError when the fragment has to be brought again.
        """
        done: Recording[None] = Recording()
        if self._stopped or len(self._arrivals) + len(self._untold) >= MOST_UNTOLD:
            done.fail(JournalError(Reason("journal_full")))
            return done
        kept = KeptFragment(
            uuid.uuid7().hex, self._account, fragment, self._clock.now()
        )
        self._arrivals.append(_Arrival(kept, done))
        self._start()
        return done

    def listen(self, listener: Callable[[IncomingMessage], None]) -> Callable[[], None]:
        """Call `listener` with each message from now on, and with what has waited."""
        stop_listening = self._listeners.add(listener)
        self._tell()
        return stop_listening

    async def stop(self) -> None:
        """Take nothing more, and record what was taken."""
        self._stopped = True
        self._stop_timer()
        if self._gone:
            self._start()
        while self._running:
            await asyncio.shield(self._running)

    def _start(self) -> None:
        if self._running is None:
            self._running = asyncio.create_task(self._run(), name="sms mailbox")

    async def _run(self) -> None:
        """Record what has come, and let go of what was told, until nothing is left."""
        try:
            while self._arrivals or self._gone:
                taken = [
                    self._arrivals.popleft()
                    for _ in range(min(BATCH, len(self._arrivals)))
                ]
                gone, self._gone = self._gone, []
                if not await self._write(taken, gone) and not self._arrivals:
                    return
        finally:
            self._running = None

    async def _write(self, taken: Sequence[_Arrival], gone: Sequence[str]) -> bool:
        kept = [each.kept for each in taken]
        try:
            await self._journal.write_fragments(kept, gone)
        except JournalError as error:
            _LOGGER.error("%s; the provider has to bring messages again", error)
            for each in taken:
                each.done.fail(error)
            self._gone += gone  # told, and to be removed with the next
            return False
        for each in taken:
            each.done.resolve(None)
        self._sort(kept)
        return True

    def _sort(self, kept: Iterable[KeptFragment]) -> None:
        now = self._clock.now()
        for each in kept:
            self._untold.extend(self._assembler.add(each, now))
        self._tell()
        self._set_timer()

    def _tell(self) -> None:
        """Tell whole messages, if anybody listens, and let the journal forget them."""
        while self._untold and self._listeners:
            assembled = self._untold.popleft()
            if assembled.message:
                self._listeners.tell(assembled.message)
            self._gone += assembled.fragments
        if self._gone:
            self._start()

    def _set_timer(self) -> None:
        self._stop_timer()
        end = self._assembler.next_end
        if end and not self._stopped:
            pause = (end - self._clock.now()).total_seconds()
            self._cancel_timer = self._clock.call_later(max(0, pause), self._give_up)

    def _stop_timer(self) -> None:
        if self._cancel_timer:
            self._cancel_timer()
            self._cancel_timer = None

    def _give_up(self) -> None:
        """Tell what has waited too long for the rest of it."""
        self._untold.extend(self._assembler.give_up(self._clock.now()))
        self._tell()
        self._set_timer()
