"""An account: one login at one system, with its outbox, tracker and figures."""

import asyncio
from asyncio import Future
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from copy import replace
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched, islice
import logging
from typing import Final

from .clock import Clock
from .errors import (
    AccountExpiredError,
    AddressLockedError,
    BlockedError,
    CreditError,
    InactiveError,
    InputError,
    JournalError,
    LoginError,
    ProviderError,
    TransientError,
    UnavailableError,
    UncertainError,
    UnknownAccountError,
    UnsupportedError,
)
from .incoming import Mailbox
from .journal import Journal
from .ledger import Ledger, Recording
from .listeners import Listeners
from .model import (
    AccountStatus,
    Change,
    Credit,
    Fragment,
    IncomingMessage,
    Message,
    Part,
    Receipt,
    State,
)
from .outbox import OnUncertain, Outbox
from .providers import Coverage, Provider
from .reasons import Reason
from .statistics import RATE_WINDOW, Statistics
from .tracker import Tracker

_LOGGER = logging.getLogger(__name__)

FIRST_PRUNE: Final = timedelta(minutes=1)
PRUNE_EVERY: Final = timedelta(days=1)
CHUNK: Final = 500
"""Messages taken up in one turn of the event loop."""

_REACHED: Final = frozenset({AccountStatus.UNREACHABLE})
"""What an answer that needs no login proves wrong."""
_LOGGED_IN: Final = _REACHED | {
    AccountStatus.LOGIN_REFUSED,
    AccountStatus.EXPIRED,
    AccountStatus.ADDRESS_LOCKED,
    AccountStatus.BLOCKED,
    AccountStatus.INACTIVE,
}
_TAKEN: Final = frozenset(AccountStatus)
_STANDING: Final = frozenset(
    {AccountStatus.INACTIVE, AccountStatus.STANDBY, AccountStatus.EXPIRED}
)
"""What holds, where the provider itself says so, until it says something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOptions:
    """How an account sends and what it keeps.

    `sender` is used where a draft names none, `region` (ISO 3166) to read national
    numbers. A message is given up unsent after `time_to_live`, asked after for
    `track_for`, and forgotten `keep_for` after its last change.
    """

    sender: str | None = None
    region: str | None = None
    in_flight: int = 8
    on_uncertain: OnUncertain = OnUncertain.RESEND
    time_to_live: timedelta = timedelta(hours=24)
    track_for: timedelta = timedelta(hours=48)
    keep_for: timedelta = timedelta(days=30)


class Account:
    """One account of the gateway."""

    def __init__(
        self,
        id_: str,
        provider: Provider,
        options: AccountOptions,
        journal: Journal,
        ledger: Ledger,
        clock: Clock,
        has_twin: Callable[[Account], bool],
    ) -> None:
        """Take what the gateway lends; use `Gateway.add_account`.

        `has_twin` tells whether the login is that of another account too.
        """
        self.id = id_
        self.provider = provider
        self.options = options
        self.status = AccountStatus.ACTIVE
        self.refusal: LoginError | None = None
        """What the provider said when it refused the login, until it takes it."""
        self._said: AccountStatus | None = None
        self.statistics = Statistics(Counter(), [], [])
        self._journal = journal
        self._ledger = ledger
        self._clock = clock
        self._has_twin = has_twin
        self._listeners = Listeners[ProviderError | None]()
        self._credit_listeners = Listeners[Credit]()
        self._unfinished: list[Message] = []
        self._unsent: dict[str, Message] = {}
        self._entering: set[asyncio.Task[Future[list[Message]]]] = set()
        self._resuming: asyncio.Task[None] | None = None
        self._pruning: asyncio.Task[None] | None = None
        self._cancel_pruning: Callable[[], None] | None = None
        self._stopped = False
        self._closed = False
        self._connected = False
        self.outbox = Outbox(
            provider,
            ledger,
            clock,
            lambda error: self._report(error, disproved=_TAKEN),
            in_flight=options.in_flight,
            on_uncertain=options.on_uncertain,
        )
        self._mailbox = Mailbox(id_, journal, clock)
        self.tracker = Tracker(
            provider,
            ledger,
            clock,
            lambda error: self._report(error, disproved=_REACHED),
            track_for=options.track_for,
        )

    async def load(self) -> None:
        """Read where the journal left off; raises JournalError."""
        # What another account with this id has posted must not be read as unsent.
        await self._ledger.settle()
        await self._ledger.load(self.id)
        since = self._clock.now() - self.options.track_for
        self._unfinished = await self._journal.unfinished(self.id, since)
        finished = await self._journal.finished(self.id, RATE_WINDOW)
        totals = await self._journal.totals(self.id)
        self.statistics = Statistics(totals, self._unfinished, finished)
        await self._mailbox.load()

    async def start(self) -> None:
        """Take up what `load` has read, but for what was not sent: see `resume`."""
        for chunk in batched(self._unfinished, CHUNK, strict=False):
            self._unsent.update(
                (each.id, each) for each in chunk if each.state is State.QUEUED
            )
            self._watch(chunk)
            await asyncio.sleep(0)
        self._unfinished.clear()
        self._plan_pruning(FIRST_PRUNE)
        await self.provider.start(self)

    def resume(self) -> None:
        """Send what was unsent when the journal was last closed.

        Not before the login is proven, or nobody answers: a wrong password must not
        cost the messages that wait for a right one.
        """
        if self._unsent and not self._resuming and not self._stopped:
            self._resuming = asyncio.create_task(self._resume(), name="sms resuming")

    async def stop(self) -> None:
        """End all work; the journal keeps what is unfinished."""
        self._stopped = True
        if self._cancel_pruning:
            self._cancel_pruning()
        for task in filter(None, (self._pruning, self._resuming)):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self.tracker.stop()
        await self.outbox.stop()
        await self.provider.close()
        await self._mailbox.stop()
        self._closed = True
        await asyncio.gather(*self._entering, return_exceptions=True)
        self._ledger.unload(self.id)

    def set_options(self, options: AccountOptions) -> None:
        """Go on with other options, but for `in_flight` and `on_uncertain`.

        Those need the account to be added again. Messages keep what they have.
        """
        self.options = options
        self.tracker.track_for = options.track_for

    async def send(self, messages: Sequence[Message]) -> list[Message]:
        """Record new messages and send them; returns each after its first try.

        While the account stops they are recorded, and go out when it is added again.
        Raises JournalError, and sends nothing, when they cannot be recorded. A caller
        that is cancelled leaves them to go out: they may be recorded already.
        """
        if self._closed:
            raise UnknownAccountError(f"no account {self.id}")
        entering = asyncio.create_task(self._enter(messages), name="sms entering")
        self._entering.add(entering)
        entering.add_done_callback(self._entering.discard)
        return await (await asyncio.shield(entering))

    def listen(
        self, listener: Callable[[ProviderError | None], None]
    ) -> Callable[[], None]:
        """Call `listener` after each request, with its error or None."""
        return self._listeners.add(listener)

    def take_changes(self, changes: Sequence[Change]) -> None:
        """Count what became of messages, and look after those that were accepted."""
        for change in changes:
            self.statistics.update(change)
        self._watch([change.message for change in changes])

    async def check(self) -> Credit | None:
        """Prove the login; returns the credit where the system tells it."""
        try:
            credit = await self.provider.check_login()
        except ProviderError as error:
            self._report(error)
            raise
        is_solvent = credit is not None and credit.amount > 0
        solvent = {AccountStatus.NO_CREDIT} if is_solvent else set()
        self._report(None, disproved=self._logged_in() | solvent)
        return credit

    def receive(self, receipt: Receipt) -> Recording[Message | None]:
        """Take a receipt that the provider brought."""
        self.tracker.note_push()
        if self._has_twin(self):
            receipt = replace(receipt, any_account=True)
        return self._ledger.receive(self.id, receipt)

    def take(self, fragment: Fragment) -> Recording[None]:
        """Take an incoming message, or a part of one, that the provider brought."""
        return self._mailbox.take(fragment)

    def listen_incoming(
        self, listener: Callable[[IncomingMessage], None]
    ) -> Callable[[], None]:
        """Call `listener` with each incoming message; the answer ends that.

        Messages that came while nobody listened are told at once.
        """
        return self._mailbox.listen(listener)

    def note_connection(self, error: ProviderError | None) -> None:
        """Learn that a session came or went: None while messages can be sent."""
        came = error is None and not self._connected
        self._connected = error is None
        self._report(error, disproved=self._logged_in())
        if came:
            self.outbox.hurry()

    def note_credit(self, credit: Credit) -> None:
        """Learn what is left, from an answer to something else."""
        self._credit_listeners.tell(credit)

    def listen_credit(self, listener: Callable[[Credit], None]) -> Callable[[], None]:
        """Call `listener` with the credit whenever an answer tells it."""
        return self._credit_listeners.add(listener)

    def note_status(self, status: AccountStatus) -> None:
        """Learn what the provider itself says of the account."""
        self._said = status
        if status is not self.status:
            self.status = status
            self._listeners.tell(None)

    @asynccontextmanager
    async def stand_aside(self) -> AsyncIterator[None]:
        """Give up the connection for a check: some providers allow one at a time.

        When the check fails it is taken up again; else the account is to be added anew
        with what was checked. What is to be sent waits in the outbox.
        """
        self._connected = False
        await self.provider.close()
        try:
            yield
        except BaseException:
            if not self._stopped:
                await self.provider.start(self)
            raise

    def note(self, error: ProviderError) -> None:
        """Learn how a request failed that was made beside the account."""
        self._report(error)

    async def query(self, message: Message) -> Message:
        """Ask after a message now; raises as `Gateway.query`."""
        if message.state.is_final or self.provider.capabilities.receipts:
            return await self.tracker.ask(message)
        raise UnsupportedError("account", "enquiry_unsupported")

    async def cancel(self, message: Message) -> Message:
        """Take a message back; raises as `Gateway.cancel`."""
        if message.state is State.DELETED:
            return message
        if message.state.is_final:
            raise InputError("message_id", "message_ended", state=message.state)
        if unsent := self._unsent.get(message.id):
            if unsent.submitting:
                raise InputError("message_id", "message_uncertain")
            del self._unsent[message.id]
            return await self._ledger.cancelled(unsent)
        if message.state is State.QUEUED:
            if (withdrawal := self.outbox.withdraw(message.id)) is None:
                raise TransientError(Reason("being_sent"))
            return await withdrawal
        if message.state is State.UNKNOWN and not message.parts:
            raise InputError("message_id", "message_uncertain")
        if not message.parts:
            raise UnsupportedError("account", "cancel_unsupported")
        for part in message.parts:
            if not part.state.is_final:
                message = await self._cancel_part(message, part)
        return message

    async def coverage(self, form: int) -> Coverage:
        """Fetch the coverage: form 1 is XLS, 2 PDF, 3 CSV."""
        return await self.provider.coverage(form)

    async def recent(self, limit: int) -> list[Message]:
        """Return the last finished messages, newest first."""
        return await self._journal.finished(self.id, limit)

    async def prune(self) -> int:
        """Forget old messages; returns how many."""
        before = self._clock.now() - self.options.keep_for
        return await self._ledger.prune(self.id, before)

    async def _cancel_part(self, message: Message, part: Part) -> Message:
        try:
            await self.provider.cancel(part.provider_id, message)
        except ProviderError as error:
            self._report(error)
            raise
        receipt = Receipt(
            provider_id=part.provider_id,
            state=State.DELETED,
            recipient=message.recipient,
            raw="cancelled",
        )
        return await self._ledger.receive(self.id, receipt) or message

    async def _enter(self, messages: Sequence[Message]) -> Future[list[Message]]:
        await self._ledger.enqueue(messages)
        return self.outbox.send(messages)

    async def _resume(self) -> None:
        while self._unsent:
            chunk = [*islice(self._unsent.values(), CHUNK)]
            for message in chunk:
                del self._unsent[message.id]
            self.outbox.resume(chunk)
            await asyncio.sleep(0)
        self._resuming = None

    def _plan_pruning(self, pause: timedelta) -> None:
        if not self._stopped:
            self._cancel_pruning = self._clock.call_later(
                pause.total_seconds(), self._begin_pruning
            )

    def _begin_pruning(self) -> None:
        self._pruning = asyncio.create_task(self._prune_daily(), name="sms pruning")

    async def _prune_daily(self) -> None:
        try:
            if forgotten := await self.prune():
                _LOGGER.debug("%d old messages forgotten", forgotten)
        except JournalError as error:
            _LOGGER.error("Old messages could not be forgotten: %s", error)
        self._plan_pruning(PRUNE_EVERY)

    def _watch(self, messages: Sequence[Message]) -> None:
        if self.provider.capabilities.polls:
            self.tracker.watch(messages)

    def _logged_in(self) -> frozenset[AccountStatus]:
        """What a login proves wrong, but not what the provider has just said with it."""
        return _LOGGED_IN - {self._said}

    def _report(
        self,
        error: ProviderError | None,
        *,
        disproved: frozenset[AccountStatus] = frozenset(),
    ) -> None:
        """Learn how a request ended; success proves each status in `disproved` wrong."""
        if self._stopped:  # what it gives back then is no news of the provider
            return
        if error is None:
            self._disprove(disproved)
        else:
            self.status = _status_after(error, self.status)
            if isinstance(error, LoginError):
                self.refusal = error
        if not isinstance(error, TransientError | UncertainError):
            self.outbox.wake()
        self._listeners.tell(error)

    def _disprove(self, statuses: frozenset[AccountStatus]) -> None:
        is_taken = statuses is _TAKEN
        if is_taken and self._said is AccountStatus.EXPIRED:
            # Nothing is taken from an account that is expired still.
            self._said = None
        connection = self.provider.connection
        if connection and connection.has_failed_with(LoginError.kind):
            # One of several sessions, which the others do not prove.
            statuses -= {AccountStatus.LOGIN_REFUSED}
        if self.status in statuses:
            said = self._said
            self.status = said if said in _STANDING else AccountStatus.ACTIVE
        if AccountStatus.LOGIN_REFUSED in statuses:
            self.refusal = None
        if is_taken or (
            AccountStatus.LOGIN_REFUSED in statuses
            and self.status is AccountStatus.ACTIVE
        ):
            self.resume()


def _status_after(error: ProviderError, before: AccountStatus) -> AccountStatus:
    """What an error says about the account; some say nothing."""
    match error:
        case LoginError():
            return AccountStatus.LOGIN_REFUSED
        case AccountExpiredError():
            return AccountStatus.EXPIRED
        case BlockedError():
            return AccountStatus.BLOCKED
        case InactiveError():
            return before if before in _STANDING else AccountStatus.INACTIVE
        case AddressLockedError():
            return AccountStatus.ADDRESS_LOCKED
        case CreditError():
            return AccountStatus.NO_CREDIT
        case UnavailableError() | UncertainError():
            return AccountStatus.UNREACHABLE
        case _:
            return before
