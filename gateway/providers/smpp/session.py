"""One SMPP session over one connection.

Source: SMPP specification v3.4, clauses 2.2 (states), 2.7 (asynchronous requests) and
7.2 (timers). The session sends requests within its window, answers those of the server,
and sees when the server is gone. What is sent in one turn of the event loop is gathered
into few writes.
"""

import asyncio
from asyncio import Future, Transport
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
import logging
from ssl import SSLContext
from typing import Any, Final, Self, cast, override

from smpplib import consts

from ...errors import (
    InputError,
    ProviderError,
    UnavailableError,
    UncertainError,
    stack_of,
)
from ...ledger import Recording
from ...reasons import Reason
from ..connecting import connection_failure
from .commands import RESPONSE, Command, status_name
from .encode import Bind, header, response
from .errors import error_of
from .pdus import BindResponse, Delivery, Pdu
from .timers import Timers, Watch
from .window import Answered, Lost, Pending, Window
from .wire import HEADER, HEADER_LENGTH, Framer, LengthError, PduError

_LOGGER = logging.getLogger(__name__)

UNANSWERED_DELIVERIES: Final = 500
"""Deliveries without an answer from us at which nothing more is read."""
GATHERED: Final = 32
"""PDUs that leave at once; a whole window would come back at once, and wait for us."""

type Take = Callable[[Delivery], Recording[Any]]
"""Takes a delivery; it is answered for when it is recorded."""
type Ended = Callable[[Session], None]
"""Hears that a session has ended."""


class State(Enum):
    """Where a session stands (clause 2.2)."""

    OPEN = auto()
    BOUND = auto()
    UNBINDING = auto()
    CLOSED = auto()


class Session(asyncio.Protocol):
    """A bound session: `connect` makes one."""

    def __init__(self, timers: Timers, window: int, take: Take, ended: Ended) -> None:
        """Take how to behave, who takes deliveries, and who hears of the end."""
        self.state = State.OPEN
        self.server = ""
        self.stray_responses = 0
        self._patience = timers.session_init
        self._take = take
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._window = Window(window, timers.response, self._expired)
        self._framer = Framer()
        self._transport: Transport | None = None
        self._outgoing: list[bytes] = []
        self._free: Callable[[], None] | None = None
        self._deliveries = 0
        self._reading = True
        self._writable = True
        self._watch = Watch(timers, self)
        self._settled: Future[None] | None = None
        self._closed: Future[None] = self._loop.create_future()

    @classmethod
    async def connect(
        cls,
        host: str,
        port: int,
        bind: Bind,
        command: Command,
        *,
        timers: Timers,
        window: int,
        take: Take,
        ended: Ended,
        tls: SSLContext | None = None,
    ) -> Self:
        """Connect and bind within the session_init timer.

        `command` is one of the three binds. Raises InputError for a host that cannot be
        or a field of the bind that SMPP cannot carry, LoginError or another
        ProviderError for the server's refusal, UnavailableError when it cannot be
        reached or does not answer.
        """
        _check_host(host)
        body = bind.encode(command)
        session = cls(timers, window, take, ended)
        try:
            async with asyncio.timeout(timers.session_init):
                await session._loop.create_connection(
                    lambda: session, host, port, ssl=tls
                )
                answer = await session.request(command, body)
                session.server = BindResponse.read(answer).system_id.decode("latin-1")
            if session.state is State.OPEN:
                session.state = State.BOUND
        except (OSError, PduError, UncertainError) as error:
            raise _why_not_bound(error) from None
        finally:
            if session.state is not State.BOUND:
                session._abort()
        if session.state is not State.BOUND:
            raise UnavailableError(Reason("connection_ended"))
        session._watch.start()
        return session

    @property
    def is_free(self) -> bool:
        """Whether a request may go out now."""
        return self.state is State.BOUND and self._writable and not self._window.is_full

    @property
    def unanswered(self) -> int:
        """The requests without a response."""
        return len(self._window)

    def on_free(self, free: Callable[[], None]) -> None:
        """Call `free` whenever `is_free` may have become true."""
        self._free = free

    def send(
        self,
        command: Command,
        stamp: Callable[[int], bytes],
        answered: Answered,
        lost: Lost,
    ) -> None:
        """Send a request, whatever the window says; `stamp` writes it for its number.

        One of the two callbacks will be called, once.
        """
        self._watch.busy_at = self._loop.time()
        self._write(stamp(self._window.enter(command, answered, lost)))

    async def request(self, command: Command, body: bytes = b"") -> bytes:
        """Send a request, whatever the window says; returns the body of its response.

        Raises the ProviderError that its status is, UncertainError when none comes.
        """
        done: Future[bytes] = self._loop.create_future()
        self.ask(command, body, done)
        return await done

    def ask(self, command: Command, body: bytes, done: Future[bytes]) -> None:
        """Do the same, and tell `done`."""

        def answered(status: int, octets: bytes) -> None:
            if done.done():
                return
            if status == consts.SMPP_ESME_ROK:
                done.set_result(octets)
            else:
                done.set_exception(error_of(status))

        def lost() -> None:
            if not done.done():
                done.set_exception(UncertainError(Reason("connection_lost")))

        def stamp(sequence: int) -> bytes:
            return header(command, sequence, length=len(body)) + body

        if self.state is State.CLOSED:
            raise UnavailableError(Reason("connection_closed"))
        self.send(command, stamp, answered, lost)

    async def unbind(self, grace: float) -> None:
        """Wait for open responses, unbind and close; at most `grace` seconds each.

        What the server brings meanwhile is answered for, too.
        """
        if self.state is State.CLOSED:
            return
        self._end()
        await self._settle(grace)
        try:
            async with asyncio.timeout(grace):
                await self.request(Command.UNBIND)
        except (TimeoutError, ProviderError) as error:
            _LOGGER.debug("unbinding: %s", error)
        await self._settle(grace)
        self._abort()
        await asyncio.shield(self._closed)

    async def _settle(self, grace: float) -> None:
        """Wait until nothing is open, our answers among it."""
        if self.is_settled:
            return
        self._settled = self._loop.create_future()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._settled

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits for an answer, neither the server's nor ours."""
        is_idle = not len(self._window) and not self._deliveries
        return is_idle or self.state is State.CLOSED

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learn where to write."""
        self._transport = cast("Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        """Take what the server sent."""
        self._watch.heard_at = self._loop.time()
        try:
            for pdu in self._framer.feed(data):
                self._receive(pdu)
        except LengthError as error:
            _LOGGER.debug("closing: %s", error)
            self._nack(0, error.status)
            self._close()
        self._move_on()

    @override
    def pause_writing(self) -> None:
        """Stop: the server does not read. Its own requests only make that worse."""
        self._writable = False
        self._set_reading()

    @override
    def resume_writing(self) -> None:
        """Go on."""
        self._writable = True
        self._set_reading()
        self._move_on()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Give back what has no response."""
        self.state = State.CLOSED
        self._watch.stop()
        for pending in self._window.clear():
            pending.lost()
        self._move_on()
        self._closed.set_result(None)
        self._ended(self)

    def _receive(self, pdu: bytes) -> None:
        """Hand one PDU to whom it concerns."""
        _, command, status, sequence = HEADER.unpack_from(pdu)
        if command & RESPONSE:
            self._answer(command, status, sequence, pdu)
            return
        match command:
            case Command.DELIVER_SM | Command.DATA_SM:
                self._deliver(Pdu.read(pdu))
            case Command.ENQUIRE_LINK:
                self._write(response(command, sequence))
            case Command.UNBIND:
                self._write(response(command, sequence))
                self._close()
            case Command.ALERT_NOTIFICATION:
                _LOGGER.debug("alert_notification")  # it has no response
            case Command.OUTBIND:
                self._nack(sequence, consts.SMPP_ESME_RINVBNDSTS)
            case _:
                self._nack(sequence, consts.SMPP_ESME_RINVCMDID)

    def _answer(self, command: int, status: int, sequence: int, pdu: bytes) -> None:
        """Find the request that a response is for, and tell who made it."""
        pending = self._window.take(sequence)
        if pending is None and command == Command.GENERIC_NACK and sequence == 0:
            # The server could not read the number: it is certain for one request only.
            pending = self._window.take_only()
        if pending is None:
            self.stray_responses += 1
            _LOGGER.debug("a response to no request, number %d", sequence)
            return
        if command == pending.command | RESPONSE:
            pending.answered(status, pdu[HEADER_LENGTH:])
        elif command == Command.GENERIC_NACK and status != consts.SMPP_ESME_ROK:
            pending.answered(status, b"")
        else:
            _LOGGER.debug("0x%08X answers 0x%08X", command, pending.command)
            pending.lost()

    def _deliver(self, pdu: Pdu) -> None:
        """Have a delivery taken; the answer follows when it is safe."""
        try:
            delivery = Delivery.read(pdu.command, pdu.body)
            taken = self._take(delivery)
        except PduError as error:
            _LOGGER.debug("a delivery that cannot be read: %s", error)
            self._write(response(pdu.command, pdu.sequence, error.status))
            return
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end it
            _LOGGER.error("Unexpected error while taking: %s", stack_of(error))
            refusal = consts.SMPP_ESME_RX_T_APPN
            self._write(response(pdu.command, pdu.sequence, refusal))
            return
        self._watch.busy_at = self._loop.time()
        self._deliveries += 1
        self._set_reading()
        taken.then(lambda recording: self._acknowledge(pdu, recording))

    def _acknowledge(self, pdu: Pdu, taken: Recording[Any]) -> None:
        """Answer a delivery: with an error that makes the server bring it again."""
        status = consts.SMPP_ESME_ROK
        if taken.error is not None:
            status = consts.SMPP_ESME_RX_T_APPN
            _LOGGER.debug("a delivery was not taken")
        self._deliveries -= 1
        self._write(response(pdu.command, pdu.sequence, status))
        self._set_reading()
        self._tell_settled()

    def _nack(self, sequence: int, status: int) -> None:
        _LOGGER.debug("refusing a request: %s", status_name(status))
        self._write(header(Command.GENERIC_NACK, sequence, status=status))

    def _set_reading(self) -> None:
        """Read on, or not while too much waits for us or for the server."""
        wanted = self._writable and self._deliveries < UNANSWERED_DELIVERIES
        if self._transport is None or wanted is self._reading:
            return
        self._reading = wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _write(self, pdu: bytes) -> None:
        if not self._outgoing:
            self._loop.call_soon(self._flush)
        self._outgoing.append(pdu)
        if len(self._outgoing) >= GATHERED:
            self._flush()

    def _flush(self) -> None:
        pdus, self._outgoing = self._outgoing, []
        if not pdus:
            return
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(pdus))

    def _expired(self, pending: Pending) -> None:
        """Give up a request; a server that said nothing since is gone."""
        if self._watch.heard_at <= pending.sent_at:
            _LOGGER.debug("closing: the server is silent")
            self._abort()
        pending.lost()
        self._move_on()

    def _move_on(self) -> None:
        """Tell those who wait for responses, or for a place in the window."""
        self._tell_settled()
        if self._free:
            self._free()

    def _tell_settled(self) -> None:
        if self._settled and not self._settled.done() and self.is_settled:
            self._settled.set_result(None)

    def enquire(self) -> None:
        """Ask, unless an answer is awaited anyway: its timer will tell."""
        if len(self._window):
            return

        def stamp(sequence: int) -> bytes:
            return header(Command.ENQUIRE_LINK, sequence)

        number = self._window.enter(Command.ENQUIRE_LINK, lambda *_: None, lambda: None)
        self._write(stamp(number))

    def leave(self) -> None:
        """Unbind, in a task of its own."""
        self._loop.create_task(self.unbind(self._patience))

    def _close(self) -> None:
        """Close when what waits to be sent has been sent."""
        self._end()
        if self._transport is not None:
            self._flush()
            self._transport.close()

    def _abort(self) -> None:
        """Close at once: nobody is there to read."""
        self._end()
        if self._transport is not None:
            self._flush()
            self._transport.abort()

    def _end(self) -> None:
        """Send no request more: it would be lost with the connection."""
        self._watch.stop()
        if self.state is not State.CLOSED:
            self.state = State.UNBINDING


def _check_host(host: str) -> None:
    """Raise InputError for a host that no resolver takes: it would raise ValueError."""
    try:
        octets = host.encode("idna")
    except UnicodeError:
        octets = b""
    if not octets or b"\0" in octets:
        raise InputError("host", "host_form")


def _why_not_bound(error: OSError | PduError | UncertainError) -> UnavailableError:
    """Return what an error on the way to a bound session comes to."""
    match error:
        case OSError():
            return UnavailableError(connection_failure(error))
        case PduError():
            return UnavailableError(Reason("answer_unreadable"), answer=str(error))
        case _:
            return UnavailableError(Reason("connection_ended"))
