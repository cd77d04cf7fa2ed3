"""One account at an SMSC."""

import asyncio
from asyncio import Future
from collections.abc import Awaitable
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import count
import logging
from typing import Any, Final, override

from smpplib import consts

from ...errors import (
    InputError,
    ProviderError,
    UnavailableError,
    UncertainError,
    UnsupportedError,
)
from ...ledger import Recording
from ...model import Credit, Draft, Encoding, Message, Submission
from ...text import Measure, measure
from ..provider import Capabilities, Inbox, Provider
from .addresses import address_of
from .commands import Command
from .encode import Bind, SubmitTemplate
from .errors import error_of
from .incoming import read_fragment
from .line import Connect
from .link import Link, Submission as Submitting
from .login import BindMode, SmppLogin
from .pace import Pace
from .pdus import Address, Delivery, read_message_id
from .receipts import read_receipt
from .session import Ended, Session
from .times import absolute, validity
from .user_data import user_data, uses_gsm
from .wire import PduError

_LOGGER = logging.getLogger(__name__)

_REFERENCES: Final = 256
_TEMPLATES: Final = 32
"""Texts that are kept encoded."""


class SmppProvider(Provider):
    """Speaks SMPP 3.4 over sessions of its own, which are kept up."""

    capabilities = Capabilities(flash=True, schedule=True, incoming=True)

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
        self._references = count()
        self._encode = lru_cache(maxsize=_TEMPLATES)(self._encode_parts)
        self._inbox: Inbox | None = None
        self._link: Link | None = None
        self._was_up = False

    @override
    async def start(self, inbox: Inbox) -> None:
        """Begin to bind."""
        self._inbox = inbox
        transmit, receive = Command.BIND_TRANSMITTER, Command.BIND_RECEIVER
        transmitters: list[Connect] = [self._connect(transmit)]
        transmitters *= self._login.transmitters
        receivers: list[Connect] = []
        if self._login.mode is BindMode.TRANSCEIVER:
            transmitters = [self._connect(Command.BIND_TRANSCEIVER)]
        elif self._login.mode is BindMode.TRANSMITTERS_AND_RECEIVER:
            receivers = [self._connect(receive)]
        pace = Pace(self._login.rate, asyncio.get_running_loop().time)
        self._link = Link(transmitters, receivers, pace, self._changed)
        self._link.start()

    @override
    async def close(self) -> None:
        """Finish or give back what is under way, and unbind."""
        if self._link:
            link, self._link = self._link, None
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
            raise InputError("sender", "SMPP needs one; set the account's sender")

    @override
    def measure(self, text: str, encoding: Encoding) -> Measure:
        """Count the parts that a text is sent in."""
        return measure(text, gsm=uses_gsm(text, encoding))

    @override
    async def submit(self, message: Message) -> Submission:
        """Hand one message over, all its parts at once."""
        if self._link is None:
            raise UnavailableError("the account is closed")
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
        reference = next(self._references) % _REFERENCES
        ids = await asyncio.gather(
            *(
                self._submit_part(self._link, template, destination, reference)
                for template in templates
            ),
            return_exceptions=True,
        )
        taken: list[str] = []
        errors: list[BaseException] = []
        for each in ids:
            if isinstance(each, BaseException):
                errors.append(each)
            else:
                taken.append(each)
        if errors:
            # A part that may have been taken is the worst news.
            raise next(
                (each for each in errors if isinstance(each, UncertainError)), errors[0]
            )
        return Submission(tuple(taken), f"message_id {', '.join(taken)}")

    @override
    async def balance(self) -> Credit:
        """Raise UnsupportedError: SMPP knows no credit."""
        raise UnsupportedError("account", "SMPP has no credit enquiry")

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

    def _submit_part(
        self, link: Link, template: SubmitTemplate, destination: Address, reference: int
    ) -> Future[str]:
        done: Future[str] = asyncio.get_running_loop().create_future()
        link.submit(
            Submitting(
                template=template,
                destination=destination,
                reference=reference,
                answered=partial(_answer, done),
                lost=partial(_fail, done, UncertainError("the connection was lost")),
                unsent=partial(_fail, done),
            )
        )
        return done

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
        """Tell the account whether messages can be sent, when that has changed."""
        if self._link is None or self._inbox is None:
            return
        is_up = self._link.is_up
        if is_up:
            if not self._was_up:
                self._inbox.note_connection(None)
        elif self._link.has_failed:
            self._inbox.note_connection(self._link.error)
        self._was_up = is_up

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


def _answer(done: Future[str], status: int, body: bytes) -> None:
    """Resolve a part by its response."""
    if done.done():
        return
    if status != consts.SMPP_ESME_ROK:
        done.set_exception(error_of(status))
        return
    try:
        done.set_result(read_message_id(body))
    except PduError as error:
        done.set_exception(UncertainError(f"the response cannot be read: {error}"))


def _fail(done: Future[str], error: ProviderError) -> None:
    if not done.done():
        done.set_exception(error)
