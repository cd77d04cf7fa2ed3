"""One account at smsitaly."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
import logging
from typing import Final, override

from ...errors import (
    InputError,
    LoginError,
    ProviderError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from ...model import AccountStatus, Credit, Draft, Encoding, Message, Submission
from ...reasons import Reason
from ...text import Measure
from ..connection import Connection, Session as SessionInfo
from ..provider import Capabilities, Inbox, Provider
from .begun import Begun, BegunMessages
from .codes import BAD_STRING
from .commands import ASK_BALANCE, ASK_STATUS
from .conversation import Conversation
from .destinations import split
from .fields import Fields, widest
from .line import Line, LineState
from .login import SmsitalyLogin
from .packets import data_packet
from .texts import Body, bodies, measure_text
from .wire import check_text

_LOGGER = logging.getLogger(__name__)

KEEP_ALIVE: Final = 240.0
"""Seconds after which a session that is to stay is used; the server gives it 600."""

_REFERENCES: Final = 256


class SmsitalyProvider(Provider):
    """Speaks either interface, over the one session that an account may have."""

    capabilities = Capabilities(flash=True, schedule=True, wap=True, receipts=False)

    def __init__(self, login: SmsitalyLogin) -> None:
        """Take the login."""
        self._login = login
        self._references = count()
        self._begun = BegunMessages()
        self._inbox: Inbox | None = None
        self._line: Line | None = None
        self._conversation: Conversation | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._connection = Connection()

    @property
    @override
    def connection(self) -> Connection:
        """The session; messages can be sent while nothing has failed."""
        return self._connection

    @override
    async def start(self, inbox: Inbox) -> None:
        """Begin to take messages; connect where the session is to stay."""
        self._inbox = inbox
        line, conversation = self._begin()
        self._connection = Connection(True, (SessionInfo("session", LineState.IDLE),))
        if self._login.keep_alive:
            self._keeping = asyncio.create_task(
                _keep(line, conversation), name="smsitaly session"
            )

    @override
    async def close(self) -> None:
        """Finish the exchange that is under way, and close."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None
        conversation, self._conversation = self._conversation, None
        self._line = None
        self._connection = Connection()
        if conversation:
            await conversation.close()

    @override
    def check(self, draft: Draft) -> None:
        """Raise InputError when this system can never carry the draft."""
        super().check(draft)
        if not draft.sender:
            raise InputError("sender", "sender_missing")
        check_text(draft.text)
        for body in self._bodies(draft.text, draft.encoding, flash=draft.flash):
            # Raises when the string would be too long.
            data_packet(widest(draft.sender, body, self._login), self._login)

    @override
    def measure(self, text: str, encoding: Encoding) -> Measure:
        """Count the parts that a text will take."""
        return measure_text(text, encoding, self._login.long_text)

    @override
    async def submit(self, message: Message) -> Submission:
        """Hand one message over, its parts one after the other.

        Raises as `Provider.submit`; parts that were taken are not sent again when the
        message is.
        """
        if self._conversation is None:
            raise UnavailableError(Reason("account_closed"))
        destination = split(message.recipient)
        begun = self._begun.take(message.id)
        if begun is None:
            begun = Begun(next(self._references) % _REFERENCES)
        now = datetime.now(UTC)
        parts = [
            Fields.of(
                message, destination, body.referenced(begun.reference), self._login, now
            )
            for body in self._bodies(
                message.text, message.encoding, flash=message.flash
            )
        ]
        try:
            await self._conversation.send(parts, begun.answers)
        except TransientError, UncertainError:
            self._begun.put(message.id, begun)
            raise
        return Submission((), "; ".join(begun.answers))

    @override
    async def balance(self) -> Credit:
        """Ask for the account's status and its credit.

        Where no session is kept, one is opened for that, and closed again.
        """
        if self._conversation is not None:
            return await _balance(self._conversation)
        if self._inbox is not None:
            raise UnavailableError(Reason("account_closed"))
        _, conversation = self._begin()
        try:
            return await _balance(conversation)
        finally:
            await self.close()

    def _begin(self) -> tuple[Line, Conversation]:
        line = Line(self._login.hosts, self._changed)
        conversation = Conversation(self._login, line, self._note)
        self._line, self._conversation = line, conversation
        return line, conversation

    def _bodies(self, text: str, encoding: Encoding, *, flash: bool) -> Sequence[Body]:
        return bodies(
            text,
            encoding,
            flash=flash,
            long_text=self._login.long_text,
            unicode=self._login.unicode,
        )

    def _note(self, credit: Decimal | None, status: AccountStatus | None) -> None:
        """Hand on what an answer says of the account."""
        if self._inbox is None:
            return
        if credit is not None:
            self._inbox.note_credit(Credit(credit))
        if status is not None:
            self._inbox.note_status(status)

    def _changed(self) -> None:
        """Tell the account whether messages can be sent."""
        line = self._line
        if line is None or self._inbox is None:
            return
        error = line.error
        failure = error.failure if error else None
        self._connection = Connection(
            error is None, (SessionInfo("session", line.state.value, failure),)
        )
        if line.state is LineState.OPEN:
            self._inbox.note_connection(None)
        elif line.state in (LineState.WAITING, LineState.REFUSED) and error:
            self._inbox.note_connection(error)


async def _keep(line: Line, conversation: Conversation) -> None:
    """Keep the session, and open it again when it has ended."""
    failures = 0
    while True:
        try:
            await conversation.ask(ASK_STATUS)
        except LoginError:
            return
        except ProviderError as error:
            _LOGGER.debug("the session is not kept: %s", error)
        # Any answer after which it is still there will do.
        failures = 0 if line.session else failures + 1
        await line.rest(KEEP_ALIVE, failures)


async def _balance(conversation: Conversation) -> Credit:
    """Ask for the status and the credit.

    Where such questions are no strings to the server, what the login or the last message
    was answered has to do. Raises ProviderError.
    """
    try:
        await conversation.ask(ASK_STATUS)
        answer = await conversation.ask(ASK_BALANCE)
    except ProviderError as error:
        if error.code != BAD_STRING or conversation.credit is None:
            raise
        return Credit(conversation.credit)
    if (amount := answer.balance) is None:
        raise UnavailableError(Reason("credit_untold"), answer=answer.raw)
    return Credit(amount)
