"""A session with a client, from the opening of its connection to the end of it."""

import asyncio
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, override

from . import refusals, requests, troubles
from .accounts import Account
from .answers import Answer
from .drafts import Draft
from .faults import Fault
from .fields import recipient
from .lines import END, Lines
from .observation import Exchange, SessionRecord
from .requests import Request

if TYPE_CHECKING:
    from .centre import Centre


class Session(Lines):
    """A connection of a client.

    `named` is the account that it has named, `account` the one it is logged in to,
    `draft` its next message. What it sends is answered in turn: a late answer keeps
    those after it waiting.
    """

    def __init__(self, centre: Centre) -> None:
        """Wait for the connection."""
        super().__init__()
        self.number = 0
        self.ip = ""
        self.named = ""
        self.account: Account | None = None
        self.draft: Draft | None = None
        self.held: list[bytes] = []
        """Answers that a fault keeps back."""
        self.record = SessionRecord()
        self._centre = centre
        self._requests: deque[Request] = deque()
        self._is_waiting = False
        self._heard = 0.0

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, and greet."""
        super().connection_made(transport)
        self.ip = transport.get_extra_info("peername")[0]
        self._heard = self._centre.agenda.now()
        self.number = self._centre.enter(self)
        self._await_activity()
        if (lifetime := self._centre.lifetime()) is not None:
            self._centre.agenda.after(lifetime, self._end_at_random)
        self._requests.append(Request(requests.CONNECTION))
        self._work()
        self._centre.observation.changed()

    @override
    def lost(self) -> None:
        """End."""
        self.account = None
        self.record.end(self._centre.agenda.now(), "client")
        self._centre.leave(self)

    @override
    def data_received(self, data: bytes) -> None:
        """Take the lines that are complete."""
        self._heard = self._centre.agenda.now()
        super().data_received(data)
        self._centre.observation.changed()

    @override
    def take(self, line: bytes) -> None:
        """Take a line."""
        self.record.lines += 1
        self._requests.append(requests.read(line.decode("latin-1")))
        self._work()

    @override
    def take_overlong(self) -> None:
        """Take note of a line that is too long."""
        self.record.lines += 1
        self._requests.append(Request(requests.OTHER))
        self._work()

    def log_in(self, account: Account) -> None:
        """Be logged in."""
        self.account = account
        self.draft = Draft(account, self._centre.settings)
        self.record.account = account.user

    def answer(self, answer: Answer) -> None:
        """Send an answer, and end the connection if it does."""
        self.send(self.octets(answer.line))
        if answer.ends:
            self.end(answer.reason)

    def octets(self, line: str) -> bytes:
        """Return the octets of an answer that is going to be sent."""
        self.record.answers += 1
        return line.encode("latin-1", "replace") + END

    def end(self, why: str) -> None:
        """Close the connection once everything is sent."""
        self.record.end(self._centre.agenda.now(), why)
        for octets in self.held:
            self.send(octets)
        self.held.clear()
        self.close()

    def break_off(self, why: str) -> None:
        """Reset the connection."""
        self.record.end(self._centre.agenda.now(), why)
        self.reset()

    def shut_down(self) -> None:
        """End the session by the server's will."""
        self.answer(Answer(refusals.SHUT_DOWN.line, ends=True))

    def _work(self) -> None:
        """Answer what waits."""
        while self._requests and not self._is_waiting and not self.is_ignoring:
            self._serve(self._requests.popleft())

    def _serve(self, request: Request) -> None:
        """Answer a request, now or after the latency."""
        centre = self._centre
        trouble = centre.faults.meet(request.name, partial(self._recipient_of, request))
        fault, latency = trouble.fault, trouble.latency + centre.settings.latency
        answer = None
        if fault is None or fault.lets_through:
            answer = centre.answer(self, request)
        centre.observation.record(
            Exchange(self.number, request.name, request.value, answer)
        )
        if latency > 0:
            self._is_waiting = True
            centre.agenda.after(latency, partial(self._resume, answer, fault))
        else:
            self._finish(answer, fault)

    def _resume(self, answer: Answer | None, fault: Fault | None) -> None:
        """Answer late, and then what has come meanwhile."""
        self._is_waiting = False
        self._finish(answer, fault)
        self._work()

    def _finish(self, answer: Answer | None, fault: Fault | None) -> None:
        """Send the answer, as the fault makes it."""
        if self.is_ignoring:
            return
        if fault is not None:
            troubles.spoil(self, self._centre.agenda, answer, fault)
        elif answer is not None:
            self.answer(answer)
        self._centre.observation.changed()

    def _recipient_of(self, request: Request) -> str | None:
        """Return the number that a request sends a message to, if it does."""
        if request.name != requests.SEND and request.fields is None:
            return None
        if self.draft is None:
            return recipient(request.fields or {})
        return self.draft.recipient_of(request.fields)

    def _await_activity(self) -> None:
        """Look again when it would have been idle for too long."""
        timeout = self._centre.settings.idle_timeout
        self._centre.agenda.at(self._heard + timeout, self._end_if_idle)

    def _end_at_random(self) -> None:
        """Shut down for no reason, unless it is over already."""
        if self.is_open and not self.is_ignoring:
            self.shut_down()

    def _end_if_idle(self) -> None:
        """Shut down if nothing has come for too long."""
        if not self.is_open or self.is_ignoring:
            return
        timeout = self._centre.settings.idle_timeout
        if self._centre.agenda.now() < self._heard + timeout:
            self._await_activity()
        else:
            self.shut_down()
