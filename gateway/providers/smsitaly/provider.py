"""One account at smsitaly."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
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
from ...model import Credit, Draft, Encoding, Message, Submission
from ...text import Measure
from ..connection import Connection, Session as SessionInfo
from ..provider import Capabilities, Inbox, Provider
from .answers import Answer
from .codes import BAD_STRING
from .commands import ASK_BALANCE, ASK_STATUS, SEND, data_commands, login_commands
from .destinations import split
from .fields import Fields, widest
from .kept import Kept
from .line import Line, LineState
from .login import Interface, SmsitalyLogin
from .packets import data_packet, login_packet
from .session import Session
from .texts import Body, bodies, measure_text

_LOGGER = logging.getLogger(__name__)

KEEP_ALIVE: Final = 240.0
"""Seconds after which a session that is to stay is used; the server gives it 600."""
PROBE_AFTER: Final = 30.0
PROBE_TIMEOUT: Final = 5.0
"""A session that was idle is asked for a sign of life: a message sent into a connection
that is gone would have to wait for its time to run out, and could be there twice."""

_REFERENCES: Final = 256


class SmsitalyProvider(Provider):
    """Speaks either interface, over the one session that an account may have."""

    capabilities = Capabilities(flash=True, schedule=True, receipts=False)

    def __init__(self, login: SmsitalyLogin) -> None:
        """Take the login."""
        self._login = login
        self._references = count()
        self._inbox: Inbox | None = None
        self._line: Line | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._connection = Connection()
        self._turn = asyncio.Lock()
        self._logged_in: Session | None = None
        self._kept = Kept()
        self._used_at = 0.0

    @property
    @override
    def connection(self) -> Connection:
        """The session; messages can be sent while nothing has failed."""
        return self._connection

    @override
    async def start(self, inbox: Inbox) -> None:
        """Begin to take messages; connect where the session is to stay."""
        self._inbox = inbox
        self._line = Line(self._login.hosts, self._changed)
        self._connection = Connection(True, (SessionInfo("session", LineState.IDLE),))
        if self._login.keep_alive:
            self._keeping = asyncio.create_task(self._keep(), name="smsitaly session")

    @override
    async def close(self) -> None:
        """Finish the exchange that is under way, and close."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None
        async with self._turn:
            line, self._line = self._line, None
            self._connection = Connection()
            if line:
                await line.close()

    @override
    def check(self, draft: Draft) -> None:
        """Raise InputError when this system can never carry the draft."""
        super().check(draft)
        if not draft.sender:
            raise InputError(
                "sender", "this system needs one; set the account's sender"
            )
        for body in self._bodies(draft.text, draft.encoding, flash=draft.flash):
            # Raises when the string would be too long.
            data_packet(widest(draft.sender, body, self._login), self._login)

    @override
    def measure(self, text: str, encoding: Encoding) -> Measure:
        """Count the parts that a text will take."""
        return measure_text(text, encoding)

    @override
    async def submit(self, message: Message) -> Submission:
        """Hand one message over, its parts one after the other."""
        destination = split(message.recipient)
        reference = next(self._references) % _REFERENCES
        parts = self._bodies(message.text, message.encoding, flash=message.flash)
        answers: list[str] = []
        async with self._turn:
            for body in parts:
                fields = Fields.of(
                    message,
                    destination,
                    body.referenced(reference),
                    self._login,
                    datetime.now(UTC),
                )
                try:
                    answers.append(await self._send(fields))
                except TransientError as error:
                    if not answers:
                        raise
                    raise UncertainError(
                        f"{len(answers)} of {len(parts)} parts were taken: {error}"
                    ) from None
        return Submission((), "; ".join(answers))

    @override
    async def balance(self) -> Credit:
        """Ask for the account's status and its credit.

        Where no session is kept, one is opened for that, and closed again.
        """
        if self._line is not None or self._inbox is not None:
            return await self._balance()
        self._line = Line(self._login.hosts, lambda: None)
        try:
            return await self._balance()
        finally:
            await self.close()

    async def _balance(self) -> Credit:
        await self._ask(ASK_STATUS)
        return _credit(await self._ask(ASK_BALANCE))

    async def _ask(self, question: bytes) -> Answer:
        """Ask something that has no effect; raises ProviderError."""
        async with self._turn:
            try:
                answer = await self._ask_once(question)
                if answer.is_shut_down:
                    answer = await self._ask_once(question)
            except UncertainError as error:
                raise UnavailableError(error.text) from None
        if answer.error is not None:
            raise answer.error
        self._note(answer)
        return answer

    async def _ask_once(self, question: bytes) -> Answer:
        [answer] = await self._exchange(await self._ready(), [question])
        return answer

    async def _send(self, fields: Fields) -> str:
        """Send one string or its commands; returns what the server said, raw."""
        send = (
            self._send_packet
            if self._login.interface is Interface.PACKET
            else self._send_commands
        )
        answer = await send(fields)
        if answer.is_shut_down:
            # A session that ended unused took nothing; a new one will.
            answer = await send(fields)
        if answer.error is not None:
            self._kept.is_certain = False
            raise answer.error
        self._kept.take(fields)
        self._note(answer)
        return answer.raw

    async def _send_packet(self, fields: Fields) -> Answer:
        session = await self._fresh()
        is_new = session is not self._logged_in
        if not is_new:
            packet = data_packet(self._kept.strip(fields))
            [answer] = await self._exchange(session, [packet])
            return answer
        try:
            packet = data_packet(fields, self._login)
            [answer] = await self._exchange(session, [packet])
        except UncertainError as error:
            self._open_line.fail(UnavailableError(error.text))
            raise
        self._take_login(session, answer)
        return answer

    async def _send_commands(self, fields: Fields) -> Answer:
        session = await self._ready()
        answers = await self._exchange(session, data_commands(fields, self._kept))
        refused = next((each for each in answers if each.error), None)
        if refused:
            return refused
        [answer] = await self._exchange(session, [SEND])
        return answer

    async def _ready(self) -> Session:
        """Return a session that is logged in; raises ProviderError."""
        session = await self._fresh()
        if session is self._logged_in:
            return session
        try:
            answer = await self._log_in(session)
        except UncertainError as error:
            # Nothing was asked yet that could have an effect.
            failure = UnavailableError(error.text)
            self._open_line.fail(failure)
            raise failure from None
        self._take_login(session, answer)
        if answer.error is not None:
            raise answer.error
        return session

    async def _log_in(self, session: Session) -> Answer:
        if self._login.interface is Interface.PACKET:
            [answer] = await self._exchange(session, [login_packet(self._login)])
            return answer
        account, password = login_commands(self._login)
        [answer] = await self._exchange(session, [account])
        if answer.error is None:
            [answer] = await self._exchange(session, [password])
        return answer

    async def _fresh(self) -> Session:
        """Return a session that is there, logged in to or not."""
        line = self._open_line
        loop = asyncio.get_running_loop()
        session = line.session
        if session and loop.time() - self._used_at > PROBE_AFTER:
            with suppress(ProviderError):
                await session.exchange([ASK_STATUS], PROBE_TIMEOUT)
            if not session.is_open:
                line.leave()
        if line.session is None:
            self._logged_in, self._kept = None, Kept()
        session = await line.open()
        self._used_at = loop.time()
        return session

    async def _exchange(self, session: Session, lines: Sequence[bytes]) -> list[Answer]:
        answers = await session.exchange(lines, self._login.timeout)
        self._used_at = asyncio.get_running_loop().time()
        return answers

    def _take_login(self, session: Session, answer: Answer) -> None:
        """Learn from the first answer of a session whether the login was taken."""
        if answer.is_shut_down:
            return
        error = answer.error
        if error is not None and (answer.is_last or error.code == BAD_STRING):
            self._open_line.fail(error)
            return
        self._logged_in = session
        self._open_line.succeed()
        self._note(answer)

    @property
    def _open_line(self) -> Line:
        if self._line is None:
            raise UnavailableError("the account is closed")
        return self._line

    def _bodies(self, text: str, encoding: Encoding, *, flash: bool) -> Sequence[Body]:
        return bodies(text, encoding, flash=flash, long_text=self._login.long_text)

    async def _keep(self) -> None:
        """Keep the session, and open it again when it has ended."""
        while True:
            try:
                await self._ask(ASK_STATUS)
            except LoginError:
                return
            except ProviderError as error:
                _LOGGER.debug("the session is not there: %s", error)
            await self._open_line.rest(KEEP_ALIVE)

    def _note(self, answer: Answer) -> None:
        """Hand on what an answer says of the account."""
        if self._inbox is None:
            return
        if answer.credit is not None:
            self._inbox.note_credit(Credit(answer.credit))
        if status := answer.status:
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


def _credit(answer: Answer) -> Credit:
    if (amount := answer.balance) is None:
        raise UnavailableError("the answer holds no credit", answer=answer.raw)
    return Credit(amount)
