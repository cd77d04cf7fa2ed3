"""The SMSC: its sessions, and what can be done with it from outside."""

import asyncio
from collections.abc import Iterable
import itertools
from typing import override

from ..accounts import Account
from ..agenda import Agenda
from ..clock import Clock, SystemClock
from ..simulator import Simulator
from . import originals, pdus
from .amendments import Amendments
from .binding import Binding
from .centre import Centre
from .commands import Command
from .deliveries import Delivery
from .messages import Stage
from .originals import Form
from .pdus import ShortMessage
from .rate import Rate
from .receipts import Receipts
from .session import Session
from .settings import Settings
from .states import MessageState
from .submissions import Submissions
from .tags import Tag


class SmscSimulator(Simulator):
    """The SMSC."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
        port: int = 0,
    ) -> None:
        """Make an SMSC with these accounts; port 0 takes a free one."""
        self.accounts = {account.user: account for account in accounts}
        self.settings = Settings() if settings is None else settings
        self.clock = SystemClock() if clock is None else clock
        self._agenda = Agenda(self.clock)
        self._centre = Centre(self.accounts, self.settings, self._agenda)
        self.messages = self._centre.messages
        self.faults = self._centre.faults
        self.observation = self._centre.observation
        self.deliveries = self._centre.deliveries
        self.sessions = self._centre.sessions
        """The connections that are open, bound or not."""
        self._rate = Rate()
        self._receipts = Receipts(self._centre)
        self._centre.services = (
            Binding(self._centre).services()
            | Submissions(self._centre, self._receipts, self._rate).services()
            | Amendments(self._centre, self._receipts).services()
        )
        self._references = itertools.count(1)
        super().__init__(self.observation, port)

    @override
    async def start(self) -> None:
        """Listen; raises `OSError` if the port is taken."""
        await self._listening.start()

    @override
    async def stop(self) -> None:
        """Close all connections and drop what is still to be sent."""
        self._agenda.clear()
        await self._listening.stop()
        # What is left was begun from here, by an outbind.
        for session in list(self.sessions):
            session.abort()
            await session.ended.wait()
        self._agenda.clear()

    @property
    def messages_count(self) -> int:
        """The number of messages taken, each segment being one."""
        return len(self.messages)

    @property
    def receipts(self) -> list[Delivery]:
        """The receipts that were tried at least once."""
        return [each for each in self.deliveries.sent if each.message is not None]

    def bound(self, user: str) -> list[Session]:
        """Return the sessions that are bound to an account."""
        return self._centre.bound(user)

    def set_state(self, message_id: str, state: MessageState | str) -> None:
        """End the script of a message with a state, and send a receipt if one is due.

        Raises `KeyError` if there is no such message, `ValueError` for no such state.
        """
        message = self.messages.by_id(message_id)
        if message is None:
            raise KeyError(message_id)
        stage = Stage(MessageState.read(state), self.clock.now())
        message.fix(stage)
        self._receipts.tell(message, stage)

    def originate(
        self,
        user: str,
        source: str,
        destination: str,
        text: str,
        *,
        form: Form = "udh",
        reference: int | None = None,
    ) -> list[Delivery]:
        """Deliver a mobile's message to an account, by one PDU for each segment.

        The PDUs wait for a session that receives. The `reference` of segments counts by
        itself unless it is given.
        """
        pdus_ = originals.compose(
            source,
            destination,
            text,
            form=form,
            reference=next(self._references) if reference is None else reference,
            default=self.settings.default_alphabet,
        )
        return [self.deliver(user, each) for each in pdus_]

    def deliver(self, user: str, message: ShortMessage) -> Delivery:
        """Deliver a PDU as it is given, once there is a session that receives."""
        delivery = Delivery(user, message)
        self.deliveries.post(delivery)
        return delivery

    def alert(
        self, user: str, source: str, esme: str, availability: int | None = None
    ) -> None:
        """Tell an account by alert_notification that a mobile can be reached again.

        It goes to all sessions that receive. `availability` is the value of
        ms_availability_status (SMPP specification v3.4, clause 5.3.2.30).
        """
        parameters: dict[int, bytes] = {}
        if availability is not None:
            parameters[Tag.MS_AVAILABILITY_STATUS] = bytes((availability,))
        body = pdus.write_alert(
            originals.address(source), originals.address(esme), parameters
        )
        for session in self.bound(user):
            if session.mode is not None and session.mode.receives:
                session.outgoing.tell(Command.ALERT_NOTIFICATION, body)

    async def outbind(self, host: str, port: int, password: str = "") -> Session:
        """Connect to an ESME and ask it to bind as a receiver (clause 4.1.7).

        Raises `OSError` if there is no connection.
        """
        _, session = await asyncio.get_running_loop().create_connection(
            self._connection, host, port
        )
        body = pdus.write_outbind(self.settings.system_id, password)
        session.outgoing.tell(Command.OUTBIND, body)
        return session

    def reset(self) -> None:
        """Forget messages, deliveries, PDUs and faults; keep sessions and the rest."""
        self.messages.clear()
        self.deliveries.clear()
        self._receipts.clear()
        self.faults.clear()
        self.observation.clear()
        self._rate.clear()

    @override
    def _connection(self) -> Session:
        """Make the session of a new connection."""
        return Session(self._centre)
