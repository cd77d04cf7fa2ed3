"""What is said in a session: the login, then one string or one question at a time.

An account may have one session, so all that it sends takes turns here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Final

from ...errors import (
    ProviderError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from ...model import AccountStatus
from ...reasons import Reason
from .answers import Answer
from .codes import (
    BAD_STRING,
    SHUT_DOWN,
    is_of_a_message,
    of_status,
    without_session,
)
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


type Note = Callable[[Decimal | None, AccountStatus | None], None]
"""Hears the credit and the status that a positive answer tells."""


class Conversation:
    """Speaks either interface; `credit` is what the last answer with one told."""

    def __init__(self, login: SmsitalyLogin, line: Line, note: Note) -> None:
        """Take the login, the line that opens sessions, and who hears of the account."""
        self.credit: Decimal | None = None
        self._status: AccountStatus | None = None
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

    async def send(self, parts: Sequence[Fields], taken: list[str]) -> None:
        """Send the parts of a message that were not taken yet.

        Adds to `taken` what the server said of each, raw. Raises ProviderError;
        UncertainError too when it is certain of some parts only.
        """
        async with self._turn:
            for fields in parts[len(taken) :]:
                try:
                    taken.append(await self._send(fields))
                except TransientError as error:
                    if not taken:
                        raise
                    raise UncertainError(
                        Reason(
                            "partly_taken",
                            taken=len(taken),
                            total=len(parts),
                            words=error,
                        )
                    ) from None

    async def ask(self, question: bytes) -> Answer:
        """Ask something that has no effect; raises ProviderError."""
        async with self._turn:
            try:
                answer = await self._once_more(partial(self._ask, question))
            except UncertainError as error:
                raise UnavailableError(error.text) from None
        if answer.error is not None:
            raise self._meaning(answer.error)
        self._hear(answer)
        return answer

    async def close(self) -> None:
        """Finish what is being said, and say no more."""
        async with self._turn:
            await self._line.close()

    async def _ask(self, question: bytes) -> Answer:
        [answer] = await self._exchange(await self._ready(), [question])
        return answer

    async def _send(self, fields: Fields) -> str:
        answer = await self._once_more(partial(self._send_one, fields))
        if answer.error is not None:
            self._kept.is_certain = False
            raise self._meaning(answer.error)
        self._kept.take(fields)
        self._hear(answer)
        return answer.raw

    async def _once_more(self, say: Callable[[], Awaitable[Answer]]) -> Answer:
        """Say something, and once more if the session ended unused: it took nothing."""
        try:
            return await say()
        except UnavailableError as error:
            if error.code != SHUT_DOWN or error is self._line.error:
                raise
        try:
            return await say()
        except UnavailableError as error:
            if error.code == SHUT_DOWN and error is not self._line.error:
                self._line.fail(error)
            raise

    async def _send_packet(self, fields: Fields) -> Answer:
        session = await self._fresh()
        if session is not self._logged_in and self._line.is_doubtful:
            # A message that such a host leaves without an answer could be there twice.
            await self._log_in(session)
        if session is self._logged_in:
            packet = data_packet(self._kept.strip(fields))
            [answer] = await self._exchange(session, [packet])
            return answer
        return await self._send_with_login(session, fields)

    async def _send_with_login(self, session: Session, fields: Fields) -> Answer:
        try:
            packet = data_packet(fields, self._login)
            [answer] = await self._exchange(session, [packet])
        except UncertainError as error:
            self._lose(error)
            raise
        except ProviderError as error:
            raise self._lose(error) from None
        refusal = answer.error
        if refusal is not None and refusal.code == BAD_STRING:
            # Whether it is the login or the message, a login of its own tells.
            self._line.leave()
            session = await self._ready()
            [answer] = await self._exchange(session, [data_packet(fields)])
        elif refusal is None or not answer.is_last:
            self._take_login(session)
        elif not is_of_a_message(refusal):
            raise self._lose(refusal)
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
        if session is not self._logged_in:
            await self._log_in(session)
        return session

    async def _log_in(self, session: Session) -> None:
        """Log in; raises ProviderError."""
        try:
            answer = await self._say_login(session)
        except ProviderError as error:
            raise self._lose(error) from None
        if answer.error is not None:
            raise self._lose(answer.error)
        self._take_login(session)
        self._hear(answer)

    async def _say_login(self, session: Session) -> Answer:
        if self._login.interface is Interface.PACKET:
            [answer] = await self._exchange(session, [login_packet(self._login)])
            return answer
        account, password = login_commands(self._login)
        [answer] = await self._exchange(session, [account])
        if answer.error is None:
            [answer] = await self._exchange(session, [password])
        return answer

    def _take_login(self, session: Session) -> None:
        """Learn that the login was taken."""
        self._logged_in = session
        self._line.succeed()

    def _lose(self, error: ProviderError) -> ProviderError:
        """Learn why the login was not taken; returns what to raise."""
        error = without_session(error)
        if error.code != SHUT_DOWN:
            self._line.fail(error)
        return error

    async def _fresh(self) -> Session:
        """Return a session that is there, logged in to or not."""
        session = self._line.session
        if session and self._loop.time() - self._used_at > PROBE_AFTER:
            with suppress(ProviderError):
                await session.exchange([ASK_STATUS], PROBE_TIMEOUT)
            if not session.is_open:
                self._line.leave()
        session = await self._line.open()
        if session is not self._logged_in:
            self._logged_in, self._kept = None, Kept()
        self._used_at = self._loop.time()
        return session

    def _meaning(self, error: ProviderError) -> ProviderError:
        """Return what a refusal means by all that the server has said."""
        return of_status(error, self._status) if self._logged_in else error

    def _hear(self, answer: Answer) -> None:
        """Learn what a positive answer says of the account, and tell it."""
        if answer.credit is not None:
            self.credit = answer.credit
        if status := answer.status:
            self._status = status
        self._note(answer.credit, status)

    async def _exchange(self, session: Session, lines: Sequence[bytes]) -> list[Answer]:
        """Send lines in a session; raises as `Session.exchange`.

        The line that ends an unused session is no answer: raises UnavailableError.
        """
        answers = await session.exchange(lines, self._login.timeout)
        self._used_at = self._loop.time()
        if (last := answers[-1]).error is not None and last.is_shut_down:
            raise last.error
        return answers
