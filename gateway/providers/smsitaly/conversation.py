"""What is said in a session: the login, then one string or one question at a time.

An account may have one session, so all that it sends takes turns here.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from ...errors import (
    ProviderError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from .answers import Answer
from .codes import BAD_STRING
from .commands import ASK_STATUS, SEND, data_commands, login_commands
from .fields import Fields
from .kept import Kept
from .line import Line
from .login import Interface, SmsitalyLogin
from .packets import data_packet, login_packet
from .session import Session

PROBE_AFTER: Final = 30.0
PROBE_TIMEOUT: Final = 5.0
"""A session that was idle is asked for a sign of life: a message sent into a connection
that is gone would have to wait for its time to run out, and could be there twice."""


class Conversation:
    """Speaks either interface; `note` hears each positive answer."""

    def __init__(
        self, login: SmsitalyLogin, line: Line, note: Callable[[Answer], None]
    ) -> None:
        """Take the login, the line that opens sessions, and who hears answers."""
        self._login = login
        self._line = line
        self._note = note
        self._loop = asyncio.get_running_loop()
        self._turn = asyncio.Lock()
        self._logged_in: Session | None = None
        self._kept = Kept()
        self._used_at = 0.0
        self._send_one = (
            self._send_packet
            if login.interface is Interface.PACKET
            else self._send_commands
        )

    async def send(self, parts: Sequence[Fields]) -> list[str]:
        """Send the parts of a message; returns what the server said of each, raw.

        Raises ProviderError; UncertainError too when it is certain of some parts only.
        """
        taken: list[str] = []
        async with self._turn:
            for fields in parts:
                try:
                    taken.append(await self._send(fields))
                except TransientError as error:
                    if not taken:
                        raise
                    raise UncertainError(
                        f"{len(taken)} of {len(parts)} parts were taken: {error}"
                    ) from None
        return taken

    async def ask(self, question: bytes) -> Answer:
        """Ask something that has no effect; raises ProviderError."""
        async with self._turn:
            try:
                answer = await self._ask(question)
                if answer.is_shut_down:
                    answer = await self._ask(question)
            except UncertainError as error:
                raise UnavailableError(error.text) from None
        if answer.error is not None:
            raise answer.error
        self._note(answer)
        return answer

    async def close(self) -> None:
        """Finish what is being said, and say no more."""
        async with self._turn:
            await self._line.close()

    async def _ask(self, question: bytes) -> Answer:
        [answer] = await self._exchange(await self._ready(), [question])
        return answer

    async def _send(self, fields: Fields) -> str:
        answer = await self._send_one(fields)
        if answer.is_shut_down:
            # A session that ended unused took nothing; a new one will.
            answer = await self._send_one(fields)
        if answer.error is not None:
            self._kept.is_certain = False
            raise answer.error
        self._kept.take(fields)
        self._note(answer)
        return answer.raw

    async def _send_packet(self, fields: Fields) -> Answer:
        session = await self._fresh()
        if session is self._logged_in:
            packet = data_packet(self._kept.strip(fields))
            [answer] = await self._exchange(session, [packet])
            return answer
        try:
            packet = data_packet(fields, self._login)
            [answer] = await self._exchange(session, [packet])
        except UncertainError as error:
            self._line.fail(UnavailableError(error.text))
            raise
        self._take_login(session, answer)
        return answer

    async def _send_commands(self, fields: Fields) -> Answer:
        session = await self._ready()
        commands = data_commands(fields, self._kept)
        try:
            answers = await self._exchange(session, commands)
        except UncertainError as error:
            # The command that sends was not given yet.
            raise UnavailableError(error.text) from None
        if refused := next((each for each in answers if each.error), None):
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
            failure = UnavailableError(error.text)
            self._line.fail(failure)
            raise failure from None
        self._take_login(session, answer)
        if answer.error is not None:
            raise answer.error
        self._note(answer)
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

    def _take_login(self, session: Session, answer: Answer) -> None:
        """Learn from the first answer of a session whether the login was taken."""
        if answer.is_shut_down:
            return
        error = answer.error
        if error is not None and (answer.is_last or error.code == BAD_STRING):
            self._line.fail(error)
            return
        self._logged_in = session
        self._line.succeed()

    async def _fresh(self) -> Session:
        """Return a session that is there, logged in to or not."""
        session = self._line.session
        if session and self._loop.time() - self._used_at > PROBE_AFTER:
            with suppress(ProviderError):
                await session.exchange([ASK_STATUS], PROBE_TIMEOUT)
            if not session.is_open:
                self._line.leave()
        if self._line.session is None:
            self._logged_in, self._kept = None, Kept()
        session = await self._line.open()
        self._used_at = self._loop.time()
        return session

    async def _exchange(self, session: Session, lines: Sequence[bytes]) -> list[Answer]:
        answers = await session.exchange(lines, self._login.timeout)
        self._used_at = self._loop.time()
        return answers
