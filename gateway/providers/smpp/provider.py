"""One account at an SMSC."""

import asyncio
from asyncio import Future
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
import logging
from typing import Any, Final, override

from smpplib import consts

from ...errors import (
    InputError,
    ProviderError,
    TransientError,
    UnavailableError,
    UncertainError,
    UnsupportedError,
)
from ...ledger import Recording
from ...model import Credit, Draft, Encoding, Message, Receipt, State, Submission
from ...reasons import Reason
from ...text import Measure, measure
from ..connection import Connection, Session as SessionInfo
from ..provider import Capabilities, Inbox, Provider
from .addresses import address_of
from .commands import Command
from .encode import Bind, SubmitTemplate, cancel_sm, query_sm
from .errors import error_of
from .incoming import read_fragment
from .line import UNBIND_GRACE, Connect, Line
from .link import Link, Submission as Submitting
from .login import BindMode, SmppLogin
from .pace import Pace
from .pdus import Address, Delivery, QueryResponse, read_message_id
from .receipts import STATES, read_receipt
from .session import Ended, Session
from .times import absolute, read_absolute, validity
from .unfinished import Unfinished
from .user_data import user_data, uses_gsm
from .wire import PduError

_LOGGER = logging.getLogger(__name__)

_TEMPLATES: Final = 32
"""Texts that are kept encoded."""


class SmppProvider(Provider):
    """Speaks SMPP 3.4 over sessions of its own, which are kept up."""

    capabilities = Capabilities(flash=True, schedule=True, incoming=True, credit=False)

    def __init__(self, login: SmppLogin) -> None:
        """Take the login; raises InputError for one that SMPP cannot carry."""
        self._login = login
        self._bind = Bind(
            system_id=login.system_id,
            password=login.password,
            system_type=login.system_type,
            address_range=login.address_range,
        )
        self._bind.encode(Command.BIND_TRANSCEIVER)
        self._unfinished = Unfinished()
        self._encode = lru_cache(maxsize=_TEMPLATES)(self._encode_parts)
        self._inbox: Inbox | None = None
        self._link: Link | None = None
        self._senders, self._receivers = _binds(login)
        self._connection = Connection()

    @property
    @override
    def connection(self) -> Connection:
        """The sessions, those that send first."""
        return self._connection

    @override
    async def start(self, inbox: Inbox) -> None:
        """Begin to bind."""
        self._inbox = inbox
        self._link = Link(
            [self._connect(command) for command in self._senders],
            [self._connect(command) for command in self._receivers],
            Pace(self._login.rate, asyncio.get_running_loop().time),
            self._changed,
        )
        self._link.start()

    @override
    def hold_back(self) -> None:
        """Give back what waits for the pace, the window or a throttling server."""
        if self._link:
            self._link.hold_back()

    @override
    async def close(self) -> None:
        """Finish or give back what is under way, and unbind."""
        if self._link:
            link, self._link = self._link, None
            self._connection = Connection()
            await link.stop()

    @property
    @override
    def shared_login(self) -> str | None:
        """Return the system_id: at the AMS platform it is the user of websmpp too."""
        return self._login.system_id

    @override
    def check(self, draft: Draft) -> None:
        """Raise InputError when SMPP can never carry the draft."""
        super().check(draft)
        if not draft.sender:
            raise InputError("sender", "sender_missing")

    @override
    def measure(self, text: str, encoding: Encoding) -> Measure:
        """Count the parts that a text is sent in."""
        return measure(text, gsm=uses_gsm(text, encoding))

    @override
    async def submit(self, message: Message) -> Submission:
        """Hand one message over, all its parts at once."""
        if self._link is None:
            raise UnavailableError(Reason("account_closed"))
        now = datetime.now(UTC)
        schedule = ""
        if message.schedule and message.schedule > now:
            schedule = absolute(message.schedule)
        templates = self._encode(
            message.text,
            message.encoding,
            message.sender or "",
            flash=message.flash,
            schedule=schedule,
            validity=validity(message.expires_at, now),
            receipts=message.tracked,
        )
        destination = address_of(message.recipient, self._login.destination)
        taken: tuple[str, ...]
        if len(templates) == 1:
            taken = (await self._submit_part(self._link, templates[0], destination),)
        else:
            taken = await self._submit_parts(
                self._link, message.id, templates, destination
            )
        return Submission(taken, f"message_id {', '.join(taken)}")

    @override
    async def balance(self) -> Credit:
        """Raise UnsupportedError: SMPP knows no credit."""
        raise UnsupportedError("account", "credit_unsupported")

    @override
    async def check_login(self) -> None:
        """Learn from the sessions that are kept whether they were refused.

        Where none are kept, bind one of each kind, and unbind it again.
        """
        if self._link:
            await self._link.decide()
            return
        for command in dict.fromkeys((*self._senders, *self._receivers)):
            session = await self._connect(command)(lambda _session: None)
            await session.unbind(UNBIND_GRACE)

    @override
    async def status(self, provider_id: str, sender: str | None = None) -> Receipt:
        """Ask what became of one part (query_sm, clause 4.8)."""
        source = address_of(sender or "", self._login.source)
        try:
            body = await self._request(Command.QUERY_SM, query_sm(provider_id, source))
            answer = QueryResponse.read(body)
        except UncertainError as error:
            # To ask has no effect: it may be done again.
            raise UnavailableError(error.text) from None
        except PduError as error:
            raise UnavailableError(
                Reason("answer_unreadable"), answer=str(error)
            ) from None
        return Receipt(
            provider_id=provider_id,
            state=STATES.get(answer.message_state, State.UNKNOWN),
            error_code=str(answer.error_code) if answer.error_code else None,
            done_at=read_absolute(answer.final_date),
            raw=f"message_state {answer.message_state}, error {answer.error_code}",
        )

    @override
    async def cancel(self, provider_id: str, message: Message) -> None:
        """Take one part of a message back (cancel_sm, clause 4.9)."""
        source = address_of(message.sender or "", self._login.source)
        destination = address_of(message.recipient, self._login.destination)
        await self._request(
            Command.CANCEL_SM, cancel_sm(provider_id, source, destination)
        )

    async def _request(self, command: Command, body: bytes) -> bytes:
        if self._link is None:
            raise UnavailableError(Reason("account_closed"))
        return await self._link.request(command, body)

    def _encode_parts(
        self,
        text: str,
        encoding: Encoding,
        sender: str,
        *,
        flash: bool,
        schedule: str,
        validity: str,
        receipts: bool,
    ) -> list[SubmitTemplate]:
        registered = (
            consts.SMPP_SMSC_DELIVERY_RECEIPT_BOTH
            if receipts
            else consts.SMPP_SMSC_DELIVERY_RECEIPT_NONE
        )
        return [
            SubmitTemplate.encode(
                address_of(sender, self._login.source),
                part,
                schedule=schedule,
                validity=validity,
                registered_delivery=registered,
            )
            for part in user_data(
                text, encoding, flash=flash, long_text=self._login.long_text
            )
        ]

    async def _submit_parts(
        self,
        link: Link,
        message_id: str,
        templates: Sequence[SubmitTemplate],
        destination: Address,
    ) -> tuple[str, ...]:
        """Send the parts that were not taken by an earlier try; returns all ids.

        Raises the worst of what went wrong.
        """
        long = self._unfinished.take(message_id, len(templates))
        missing = long.missing
        results = await asyncio.gather(
            *(
                self._submit_part(link, templates[place], destination, long.reference)
                for place in missing
            ),
            return_exceptions=True,
        )
        errors: list[BaseException] = []
        for place, result in zip(missing, results, strict=True):
            if isinstance(result, BaseException):
                errors.append(result)
            else:
                long.ids[place] = result
        worst = _worst(errors)
        if not isinstance(worst, TransientError | UncertainError):
            self._unfinished.forget(message_id)
        if worst:
            raise worst
        return tuple(id_ for id_ in long.ids if id_ is not None)

    async def _submit_part(
        self,
        link: Link,
        template: SubmitTemplate,
        destination: Address,
        reference: int = 0,
    ) -> str:
        """Send one part, once; returns its id."""
        done: Future[str] = asyncio.get_running_loop().create_future()
        submission = Submitting(
            template=template,
            destination=destination,
            reference=reference,
            answered=partial(_answer, done),
            lost=partial(_lose, done),
            unsent=partial(_fail, done),
        )
        link.submit(submission)
        try:
            return await done
        except asyncio.CancelledError:
            link.withdraw(submission)
            raise

    def _connect(self, command: Command) -> Connect:
        login = self._login

        def connect(ended: Ended) -> Awaitable[Session]:
            return Session.connect(
                login.host,
                login.port,
                self._bind,
                command,
                timers=login.timers,
                window=login.window,
                take=self._take,
                ended=ended,
                tls=login.tls,
            )

        return connect

    def _changed(self) -> None:
        """Tell the account whether messages can be sent, as far as that is known."""
        link = self._link
        if link is None or self._inbox is None:
            return
        commands = (*self._senders, *self._receivers)
        self._connection = Connection(
            link.is_up, tuple(map(_session_of, commands, link.lines, strict=True))
        )
        if link.is_up:
            self._inbox.note_connection(None)
            if refusal := link.refusal:
                self._inbox.note(refusal)
        elif link.has_failed:
            self._inbox.note_connection(link.error)

    def _take(self, delivery: Delivery) -> Recording[Any]:
        """Take what the server brings; raises PduError for what nobody can use."""
        if self._inbox is None:
            raise PduError("nobody takes it", consts.SMPP_ESME_RX_T_APPN)
        if not delivery.is_receipt:
            return self._inbox.take(read_fragment(delivery))
        receipt = read_receipt(delivery)
        if receipt is None:
            # To bring it again would help nobody.
            raise PduError("it names no message", consts.SMPP_ESME_RX_R_APPN)
        return self._inbox.receive(receipt)


def _binds(login: SmppLogin) -> tuple[Sequence[Command], Sequence[Command]]:
    """Return how the sessions bind that send, and those that only receive."""
    transmitters = [Command.BIND_TRANSMITTER] * login.transmitters
    match login.mode:
        case BindMode.TRANSCEIVER:
            return [Command.BIND_TRANSCEIVER], []
        case BindMode.TRANSMITTERS_AND_RECEIVER:
            return transmitters, [Command.BIND_RECEIVER]
        case BindMode.TRANSMITTERS:
            return transmitters, []


def _session_of(command: Command, line: Line) -> SessionInfo:
    role = command.name.removeprefix("BIND_").lower()
    error = line.error
    failure = error.failure if isinstance(error, ProviderError) else None
    return SessionInfo(role, line.state.value, failure)


def _worst(errors: Sequence[BaseException]) -> BaseException | None:
    """Return what the parts of a message come to: one that may have been taken first."""
    return next(
        (each for each in errors if isinstance(each, UncertainError)),
        errors[0] if errors else None,
    )


def _answer(done: Future[str], status: int, body: bytes) -> None:
    """Resolve a part by its response."""
    if done.done():
        return
    if status == consts.SMPP_ESME_ROK:
        done.set_result(read_message_id(body))
    else:
        done.set_exception(error_of(status))


def _lose(done: Future[str]) -> None:
    _fail(done, UncertainError(Reason("connection_lost")))


def _fail(done: Future[str], error: ProviderError) -> None:
    if not done.done():
        done.set_exception(error)
