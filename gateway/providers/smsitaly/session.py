"""One session: lines out, lines in, an answer for each.

Source: smsitaly specification. The server may end a session at any time, with a line
that answers nothing (`-ERR 102`).
"""

import asyncio
from asyncio import Future, Transport
from collections import deque
from collections.abc import Callable, Sequence
import logging
from typing import Final, Self, cast, override

from ...errors import ProviderError, UnavailableError, UncertainError
from ...reasons import Reason
from ..connecting import connection_failure
from .answers import Answer, read_answer
from .codes import without_session
from .login import Host
from .wire import CHARSET, LONGEST_ANSWER

_LOGGER = logging.getLogger(__name__)

_END: Final = b"\n"


class Session(asyncio.Protocol):
    """An open connection that has been greeted: `connect` makes one."""

    def __init__(self, ended: Callable[[Session], None]) -> None:
        """Take who hears of the end."""
        self.error: ProviderError | None = None
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._transport: Transport | None = None
        self._received = b""
        self._awaited: deque[Future[Answer]] = deque()
        self._closed: Future[None] = self._loop.create_future()

    @classmethod
    async def connect(
        cls, host: Host, within: float, ended: Callable[[Session], None]
    ) -> Self:
        """Connect and wait for the greeting, for so many seconds.

        Raises UnavailableError when the server cannot be reached or sends us away, and
        other errors of `without_session` as it says.
        """
        session = cls(ended)
        greeting = session._await_answer()
        try:
            async with asyncio.timeout(within):
                await session._loop.create_connection(
                    lambda: session, host.name, host.port
                )
                answer = await greeting
        except OSError as error:
            session.abort()
            raise UnavailableError(connection_failure(error)) from None
        except UncertainError as error:
            raise UnavailableError(error.text) from None
        except BaseException:
            session.abort()
            raise
        if answer.error is not None:
            session.close()
            raise without_session(answer.error)
        return session

    @property
    def is_open(self) -> bool:
        """Whether something can be sent."""
        return (
            self._transport is not None
            and not self._transport.is_closing()
            and self.error is None
        )

    async def exchange(self, lines: Sequence[bytes], within: float) -> list[Answer]:
        """Send lines at once; returns their answers, up to one that ends the session.

        Raises UncertainError when the connection or the time (in seconds) ends without
        an answer: what was asked may have been done. The session is of no use then.
        Raises another error, of `without_session`, when it was of no use before.
        """
        if self._transport is None or not self.is_open:
            raise without_session(
                self.error or UnavailableError(Reason("connection_closed"))
            )
        awaited = [self._await_answer() for _ in lines]
        self._transport.write(b"".join(lines))
        answers: list[Answer] = []
        overdue = self._loop.call_later(
            within, self._fail, UncertainError(Reason("no_answer"))
        )
        try:
            for answer in awaited:
                answers.append(await answer)
                if answers[-1].is_last:
                    self.close()
                    break
        except BaseException:
            self.abort()
            raise
        finally:
            overdue.cancel()
        return answers

    def close(self) -> None:
        """Close when what waits to be sent has been sent."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    async def wait_closed(self) -> None:
        """Wait until the connection is gone."""
        await self._closed

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self._transport = cast("Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        """Read whole lines, and keep the rest until its end comes."""
        *lines, self._received = (self._received + data).split(_END)
        for line in lines:
            self._take(line.rstrip(b"\r").decode(CHARSET))
        if len(self._received) > LONGEST_ANSWER:
            self._fail(UncertainError(Reason("answer_endless")))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Tell those who wait that no answer will come."""
        if self.error is None:
            self.error = UnavailableError(Reason("connection_ended"))
        while self._awaited:
            self._disappoint(UncertainError(Reason("connection_lost")))
        if not self._closed.done():
            self._closed.set_result(None)
        self._ended(self)

    def _await_answer(self) -> Future[Answer]:
        answer: Future[Answer] = self._loop.create_future()
        self._awaited.append(answer)
        return answer

    def _take(self, line: str) -> None:
        """Give an answer to whoever waits for it; what nobody asked for ends us."""
        answer = read_answer(line)
        if answer is None:
            self._fail(UncertainError(Reason("answer_unreadable")))
            return
        if answer.is_last:
            self.error = answer.error
        if self._awaited:
            awaited = self._awaited.popleft()
            if not awaited.done():
                awaited.set_result(answer)
            return
        _LOGGER.debug("an answer to nothing: %s", answer.error or "+OK")
        self.close()

    def _fail(self, error: ProviderError) -> None:
        """End a conversation that makes no sense any more, or takes too long."""
        self.error = error
        if self._awaited:
            self._disappoint(error)
        self.abort()

    def _disappoint(self, error: ProviderError) -> None:
        """Tell the next who waits that there is no answer; nobody may listen any more."""
        awaited = self._awaited.popleft()
        if not awaited.done():
            awaited.set_exception(error)
            awaited.exception()
