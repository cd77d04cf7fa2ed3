"""All sessions of an account, and what waits for a place in their windows."""

import asyncio
from asyncio import Future
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple

from smpplib import consts

from ...errors import (
    LoginError,
    ProviderError,
    TransientError,
    UnavailableError,
)
from ...reasons import Reason
from .commands import Command
from .encode import SubmitTemplate
from .errors import THROTTLED
from .line import Connect, Line, LineState
from .pace import Pace
from .pdus import Address
from .session import Session
from .window import Answered, Lost

MOST_THROTTLED: Final = 60.0
"""Seconds for which a message is tried again here when the server is throttling."""


@dataclass(slots=True, eq=False)
class Submission:
    """A submit_sm on its way; one of the three callbacks is called, once.

    `unsent` hears that it was not sent, and why.
    """

    template: SubmitTemplate
    destination: Address
    reference: int
    answered: Answered
    lost: Lost
    unsent: Callable[[ProviderError], None]
    throttled_at: float | None = None

    def stamp(self, sequence: int) -> bytes:
        """Write the PDU."""
        return self.template.stamp(sequence, self.destination, self.reference)


class _Question(NamedTuple):
    """A request that is no message, and who waits for the body of its response."""

    command: Command
    body: bytes
    done: Future[bytes]


class Link:
    """Sends over whichever transmitting session has a place free.

    `changed` is called after every change of a line.
    """

    def __init__(
        self,
        transmitters: Sequence[Connect],
        receivers: Sequence[Connect],
        pace: Pace,
        changed: Callable[[], None],
    ) -> None:
        """Take how to bind each session; a transceiver is a transmitter."""
        self._senders = [Line(connect, self._line_changed) for connect in transmitters]
        self._lines = self._senders + [
            Line(connect, self._line_changed) for connect in receivers
        ]
        self._pace = pace
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Submission] = deque()
        self._questions: deque[_Question] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._decided = asyncio.Event()
        self._held_back = False

    def start(self) -> None:
        """Begin to bind."""
        for line in self._lines:
            line.start()

    async def stop(self) -> None:
        """Finish or give back what is under way, and unbind."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self.hold_back()
        await asyncio.gather(*(line.stop() for line in self._lines))
        self._decided.set()

    def hold_back(self) -> None:
        """Send no message more; those that wait are given back."""
        self._held_back = True
        self._give_back()

    @property
    def is_up(self) -> bool:
        """Whether messages can be sent."""
        return any(line.state is LineState.BOUND for line in self._senders)

    @property
    def is_whole(self) -> bool:
        """Whether every session is bound."""
        return all(line.state is LineState.BOUND for line in self._lines)

    @property
    def has_failed(self) -> bool:
        """Whether nothing can be sent, and not only because it has just begun."""
        return not self.is_up and any(line.error for line in self._senders)

    @property
    def states(self) -> list[LineState]:
        """Where each line stands."""
        return [line.state for line in self._lines]

    @property
    def lines(self) -> Sequence[Line]:
        """The lines, those that send first."""
        return self._lines

    async def decide(self) -> None:
        """Wait until it is known whether messages can be sent.

        Raises ProviderError when they cannot.
        """
        await self._decided.wait()
        if not self.is_up:
            raise self.error

    @property
    def error(self) -> ProviderError:
        """Why messages cannot be sent."""
        if self._held_back:
            return UnavailableError(Reason("account_closed"))
        for line in self._senders:
            if isinstance(line.error, ProviderError):
                return line.error
            if line.error:
                return UnavailableError(str(line.error))
        return UnavailableError(Reason("not_connected"))

    @property
    def refusal(self) -> LoginError | None:
        """Why a session is bound no more, whether messages can be sent or not."""
        for line in self._lines:
            if isinstance(line.error, LoginError):
                return line.error
        return None

    def hurry(self) -> None:
        """Try to connect now."""
        for line in self._lines:
            line.hurry()

    def submit(self, submission: Submission) -> None:
        """Send when there is a place; tells `unsent` when there is no connection."""
        if self._held_back or not self.is_up:
            submission.unsent(_passing(self.error))
            return
        self._queue.append(submission)
        self._pump()

    def withdraw(self, submission: Submission) -> None:
        """Let go of a submission that waits; tells nobody."""
        with suppress(ValueError):
            self._queue.remove(submission)

    async def request(self, command: Command, body: bytes) -> bytes:
        """Send another request when there is a place; returns the response's body.

        It goes before the messages that wait. Raises ProviderError.
        """
        if self._held_back or not self.is_up:
            raise _passing(self.error)
        done: Future[bytes] = self._loop.create_future()
        self._questions.append(_Question(command, body, done))
        self._pump()
        return await done

    def _sessions(self) -> list[Session]:
        return [
            line.session
            for line in self._senders
            if line.session and line.state is LineState.BOUND
        ]

    def _free_session(self) -> Session | None:
        """Return the session with most places free, None when there is none."""
        return min(
            (session for session in self._sessions() if session.is_free),
            key=lambda session: session.unanswered,
            default=None,
        )

    def _line_changed(self, line: Line) -> None:
        if line.state is LineState.BOUND and line.session and line in self._senders:
            line.session.on_free(self._pump)
        if not self.is_up:
            self._give_back()
        if self.is_up or self.has_failed:
            self._decided.set()
        self._pump()
        self._changed()

    def _give_back(self) -> None:
        """Tell those whose messages were not sent."""
        waiting, self._queue = self._queue, deque()
        for submission in waiting:
            submission.unsent(_passing(self.error))
        while self._questions:
            done = self._questions.popleft().done
            if not done.done():
                done.set_exception(_passing(self.error))

    def _pump(self) -> None:
        """Send what the windows and the pace allow."""
        if self._questions:
            self._ask()
        while self._queue and (session := self._free_session()):
            if (pause := self._pace.wait()) > 0:
                if self._timer is None:
                    self._timer = self._loop.call_later(pause, self._resume)
                return
            self._send(session, self._queue.popleft())

    def _ask(self) -> None:
        while self._questions and (session := self._free_session()):
            question = self._questions.popleft()
            if not question.done.done():
                session.ask(question.command, question.body, question.done)

    def _resume(self) -> None:
        self._timer = None
        self._pump()

    def _send(self, session: Session, submission: Submission) -> None:
        def answered(status: int, body: bytes) -> None:
            if status in THROTTLED and self._may_wait(submission):
                self._pace.throttled()
                self._queue.appendleft(submission)
                return
            if status == consts.SMPP_ESME_ROK:
                self._pace.taken()
            submission.answered(status, body)

        self._pace.sent()
        session.send(Command.SUBMIT_SM, submission.stamp, answered, submission.lost)

    def _may_wait(self, submission: Submission) -> bool:
        """Whether a message that was throttled is tried again here."""
        now = self._loop.time()
        if submission.throttled_at is None:
            submission.throttled_at = now
        waits = self.is_up and not self._held_back
        return waits and now - submission.throttled_at < MOST_THROTTLED


def _passing(error: ProviderError) -> ProviderError:
    """Return why a message was not even sent: that may pass, but for a refused login."""
    if isinstance(error, TransientError | LoginError):
        return error
    return UnavailableError(error.text, code=error.code)
