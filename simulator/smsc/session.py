"""A session with an ESME: SMPP specification v3.4, clause 2.2."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
import time
from typing import TYPE_CHECKING, NamedTuple, override

from ..accounts import Account
from . import troubles
from .commands import RESPONSE, BindMode, Command
from .faults import Fault
from .link import Link
from .observation import PduRecord
from .octets import pdu
from .outgoing import Outgoing
from .statuses import CommandStatus, RefusedError, name_of

if TYPE_CHECKING:
    from .centre import Centre

type Work = Callable[[Session, bytes], bytes]
"""Takes the body of a request and returns that of the response, or refuses."""


class Service(NamedTuple):
    """What answers a request, and the ways to be bound for it (None: also unbound).

    The work may raise `RefusedError`.
    """

    work: Work
    modes: frozenset[BindMode] | None = None


class Session(Link):
    """A connection with an ESME, from its beginning to its end.

    `account` and `mode` are None while it is not bound. `unanswered` is how many
    requests of the ESME wait for their responses, `max_unanswered` the most there were.
    """

    def __init__(self, centre: Centre) -> None:
        """Wait for the connection."""
        super().__init__(centre.settings)
        self.number = 0
        self.account: Account | None = None
        self.mode: BindMode | None = None
        self.interface_version = 0
        self.system_type = ""
        self.address_range = ""
        self.unanswered = 0
        self.max_unanswered = 0
        self.held: list[bytes] = []
        """Responses that a fault keeps back."""
        self.outgoing = Outgoing(centre, self.send, self.abort)
        self._centre = centre
        self._services: Mapping[int, Service] = centre.services
        self._heard = 0.0
        self._read_at = 0.0
        self._replied = 0
        self._to_do: list[Callable[[], None]] = []
        self._after_replies: list[tuple[bytes, Callable[[], None]]] = []

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, and wait for a bind."""
        super().connection_made(transport)
        self._heard = self._centre.agenda.now()
        self.number = self._centre.enter(self)
        self._centre.agenda.after(self._settings.bind_timeout, self._expect_bind)

    @override
    def lost(self) -> None:
        """End."""
        self.leave()
        self._centre.leave(self)

    @override
    def data_received(self, data: bytes) -> None:
        """Take the PDUs that are complete."""
        self._heard = self._centre.agenda.now()
        self._read_at = time.monotonic()
        super().data_received(data)
        self._centre.observation.changed()

    @override
    def flush(self) -> None:
        """Send at once what has been gathered."""
        self.unanswered -= self._replied
        self._replied = 0
        super().flush()

    @override
    def take(self, command: int, status: int, sequence: int, body: bytes) -> None:
        """Take a request or a response."""
        self._centre.observation.record(
            PduRecord(self._read_at, self.number, command, status, sequence, body)
        )
        if not command & RESPONSE:
            self._take_request(command, sequence, body)
        elif not self.outgoing.take_response(sequence, status):
            self._centre.observation.strays += 1

    @override
    def take_bad_length(self, sequence: int) -> None:
        """Refuse what is no PDU: nothing after it can be told apart."""
        self.ignore()
        if self._settings.after_bad_length == "close":
            self._centre.observation.refusals["ESME_RINVCMDLEN"] += 1
            self.send(
                pdu(Command.GENERIC_NACK, CommandStatus.ESME_RINVCMDLEN, sequence)
            )
            self.close()

    def bind(self, account: Account, mode: BindMode) -> None:
        """Be bound."""
        self.account = account
        self.mode = mode
        idle = self._settings.enquire_link_after
        if idle is not None:
            self._centre.agenda.after(idle, partial(self._enquire_if_idle, idle))
        if mode.receives:
            self.after_reply(partial(self._centre.deliveries.pump, account.user))

    def leave(self) -> None:
        """Be bound no more, and give back what is not delivered."""
        account, self.account, self.mode = self.account, None, None
        if account is not None:
            self._centre.deliveries.take_back(account.user, self.outgoing.give_back())

    def reply(self, response: bytes) -> None:
        """Answer a request of the ESME."""
        self._replied += 1
        self.send(response)
        for entry in self._after_replies:
            if entry[0] is response:
                self._after_replies.remove(entry)
                entry[1]()
                break

    def after_reply(self, call: Callable[[], None]) -> None:
        """Make a call once the request that is being carried out is answered."""
        self._to_do.append(call)

    def refuse(self, command: int, status: int, sequence: int) -> bytes:
        """Return the response that refuses a request; it has no body."""
        self._centre.observation.refusals[name_of(status)] += 1
        return pdu(command | RESPONSE, status, sequence)

    def enquire(self) -> None:
        """Ask whether the ESME is there (SMPP specification v3.4, clause 4.11)."""
        self.outgoing.ask(Command.ENQUIRE_LINK)

    def unbind(self) -> None:
        """Ask the ESME to end the session (SMPP specification v3.4, clause 4.2)."""
        self.outgoing.ask(Command.UNBIND, self.close)

    def _take_request(self, command: int, sequence: int, body: bytes) -> None:
        """Answer a request, now or after the latency."""
        self.unanswered += 1
        if self.unanswered > self.max_unanswered:
            self.max_unanswered = self.unanswered
            self._centre.observation.saw_unanswered(self.unanswered)
        faults, latency, fault = self._centre.faults, self._settings.latency, None
        if len(faults) > 0:
            trouble = faults.meet(
                command, partial(troubles.destination_of, command, body)
            )
            latency += trouble.latency
            fault = trouble.fault
        response = b""
        if fault is None or fault.lets_through:
            response = self._carry_out(command, sequence, body)
        if fault is not None:
            reply = partial(self._reply_badly, command, sequence, response, fault)
        else:
            reply = partial(self.reply, response)
        if latency > 0:
            self._centre.agenda.after(latency, reply)
        else:
            reply()

    def _reply_badly(
        self, command: int, sequence: int, response: bytes, fault: Fault
    ) -> None:
        """Answer a request as the fault makes it."""
        troubles.reply(self, self._centre.agenda, command, sequence, response, fault)

    def _carry_out(self, command: int, sequence: int, body: bytes) -> bytes:
        """Return the response to a request, be it a refusal."""
        service = self._services.get(command)
        if service is None:
            return self.refuse(
                Command.GENERIC_NACK, CommandStatus.ESME_RINVCMDID, sequence
            )
        self._to_do.clear()
        if service.modes is not None and self.mode not in service.modes:
            return self.refuse(command, CommandStatus.ESME_RINVBNDSTS, sequence)
        try:
            body = service.work(self, body)
            response = pdu(command | RESPONSE, CommandStatus.ESME_ROK, sequence, body)
        except RefusedError as refused:
            response = self.refuse(command, refused.status, sequence)
        if self._to_do:
            self._after_replies.append((response, self._to_do.pop()))
        return response

    def _expect_bind(self) -> None:
        """Close if the ESME has not bound in time (clause 7.2, session_init_timer)."""
        if self.mode is None and not self.is_ignoring:
            self.close()

    def _enquire_if_idle(self, seconds: float) -> None:
        """Ask whether the ESME is there if it was silent for so long."""
        if self.mode is None:
            return
        silent_until = self._heard + seconds
        if silent_until <= self._centre.agenda.now():
            self.enquire()
            silent_until = self._centre.agenda.now() + seconds
        self._centre.agenda.at(silent_until, partial(self._enquire_if_idle, seconds))
