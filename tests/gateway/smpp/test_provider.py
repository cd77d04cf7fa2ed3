"""An account at a server that does what it is told, PDU by PDU."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from smpplib import consts

from gateway.errors import (
    LoginError,
    RecipientError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from gateway.model import Submission
from gateway.providers.smpp import (
    BindMode,
    SmppLogin,
    SmppProvider,
    line as line_module,
    unfinished as unfinished_module,
)
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.unfinished import MOST, Unfinished
from gateway.reasons import Reason

from ..helpers import eventually, make_message
from .inbox import RecordingInbox
from .peer import Listener, Peer, Received


@dataclass
class Bound:
    """A provider, the server that it is bound to, and what it brings."""

    provider: SmppProvider
    peer: Peer
    inbox: RecordingInbox

    def submit(self, **changes: Any) -> asyncio.Task[Submission]:
        return asyncio.create_task(self.provider.submit(make_message(**changes)))

    async def read(self, command: Command = Command.SUBMIT_SM) -> Received:
        """Return the next PDU, which is to be of this command."""
        request = await self.peer.read()
        assert request.command == command
        return request


type Start = Callable[..., Awaitable[tuple[SmppProvider, RecordingInbox]]]
type Bind = Callable[..., Awaitable[Bound]]


@pytest.fixture
async def start(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Start]:
    """Let a provider with this login begin to bind."""
    monkeypatch.setattr(line_module, "UNBIND_GRACE", 0.01)
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 0.01)
    providers: list[SmppProvider] = []

    async def start(**changes: Any) -> tuple[SmppProvider, RecordingInbox]:
        login = {
            "host": "127.0.0.1",
            "port": listener.port,
            "system_id": "user",
            "password": "secret",
        }
        provider = SmppProvider(SmppLogin(**login | changes))
        providers.append(provider)
        inbox = RecordingInbox()
        await provider.start(inbox)
        return provider, inbox

    yield start
    for provider in providers:
        await provider.close()


@pytest.fixture
def bind(start: Start, listener: Listener) -> Bind:
    """Bind a provider with this login."""

    async def bind(**changes: Any) -> Bound:
        provider, inbox = await start(**changes)
        peer = await listener.accept()
        await peer.bind()
        await eventually(lambda: provider.connection.is_up)
        return Bound(provider, peer, inbox)

    return bind


@pytest.mark.parametrize(
    ("body", "id_"),
    [(b"", ""), (b"no end", "no end"), (b"x" * 65 + b"\0", "x" * 65)],
    ids=["no body", "no NUL", "too long"],
)
async def test_what_the_server_took_is_taken_whatever_its_response_looks_like(
    bind: Bind, body: bytes, id_: str
) -> None:
    bound = await bind()
    submission = bound.submit()
    bound.peer.answer(await bound.read(), body)
    assert (await submission).provider_ids == (id_,)


LONG = "x" * 400
"""Three parts."""


def place(request: Received) -> tuple[int, int]:
    """Return the reference and the number of the part that a submit_sm carries."""
    at = request.body.index(b"\5\0\3") + 3
    reference, _total, number = request.body[at : at + 3]
    return reference, number


def identify(bound: Bound, request: Received) -> None:
    """Take a part; its number is its id."""
    bound.peer.answer(request, b"p%d\0" % place(request)[1])


async def test_only_parts_that_were_not_taken_are_sent_again(bind: Bind) -> None:
    bound = await bind()
    submission = bound.submit(text=LONG)
    parts = [await bound.read() for _ in range(3)]
    identify(bound, parts[0])
    bound.peer.answer(parts[1], status=consts.SMPP_ESME_RSUBMITFAIL)
    identify(bound, parts[2])
    with pytest.raises(TransientError, match="ESME_RSUBMITFAIL"):
        await submission
    submission = bound.submit(text=LONG)
    again = await bound.read()
    assert again.body == parts[1].body
    identify(bound, again)
    assert (await submission).provider_ids == ("p1", "p2", "p3")
    assert len(bound.provider._unfinished) == 0


async def test_a_connection_lost_between_two_parts_doubles_none_that_was_taken(
    bind: Bind, listener: Listener
) -> None:
    bound = await bind()
    submission = bound.submit(text=LONG)
    parts = [await bound.read() for _ in range(3)]
    identify(bound, parts[0])
    await bound.peer.writer.drain()
    bound.peer.writer.close()
    with pytest.raises(UncertainError):
        await submission
    bound.peer = await listener.accept()
    await bound.peer.bind()
    await eventually(lambda: bound.provider.connection.is_up)
    submission = bound.submit(text=LONG)
    for part in parts[1:]:
        again = await bound.read()
        assert again.body == part.body
        identify(bound, again)
    assert (await submission).provider_ids == ("p1", "p2", "p3")


async def test_a_message_that_is_refused_for_good_is_not_remembered(
    bind: Bind,
) -> None:
    bound = await bind()
    submission = bound.submit(text=LONG)
    for status in (0, 0, consts.SMPP_ESME_RINVDSTADR):
        bound.peer.answer(await bound.read(), b"1\0", status=status)
    with pytest.raises(RecipientError):
        await submission
    assert len(bound.provider._unfinished) == 0


async def test_each_long_message_has_a_reference_of_its_own(bind: Bind) -> None:
    bound = await bind()
    references = []
    for number in range(20):
        submission = bound.submit(id=str(number), text=LONG)
        parts = [await bound.read() for _ in range(3)]
        assert len({place(part)[0] for part in parts}) == 1
        references.append(place(parts[0])[0])
        for part in parts:
            identify(bound, part)
        await submission
    assert len(set(references)) == 20


def test_references_go_on_where_nobody_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A phone may still hold a part from before a restart.
    monkeypatch.setattr(unfinished_module.random, "randrange", lambda most: most - 1)
    unfinished = Unfinished()
    assert [unfinished.take(id_, 2).reference for id_ in "ab"] == [0, 1]


def test_what_never_ends_is_forgotten_one_day() -> None:
    unfinished = Unfinished()
    first = unfinished.take("first", 2)
    first.ids[0] = "1"
    for number in range(MOST):
        unfinished.take(str(number), 2)
    assert len(unfinished) == MOST
    assert unfinished.take("first", 2).missing == [0, 1]


async def test_a_submission_that_is_cancelled_while_it_waits_is_not_sent(
    bind: Bind,
) -> None:
    bound = await bind(window=1)
    first, second, third = (
        bound.submit(recipient=number) for number in ("+9613000001", "+2", "+3")
    )
    request = await bound.read()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    bound.peer.answer(request, b"1\0")
    request = await bound.read()
    assert b"\x003\0" in request.body
    bound.peer.answer(request, b"3\0")
    assert [(await each).provider_ids for each in (first, third)] == [("1",), ("3",)]


@pytest.mark.parametrize(
    ("login", "refused"),
    [
        ({"mode": BindMode.TRANSMITTERS_AND_RECEIVER}, Command.BIND_RECEIVER),
        ({"mode": BindMode.TRANSMITTERS, "transmitters": 2}, None),
    ],
    ids=["receiver", "one transmitter"],
)
async def test_a_login_that_one_session_is_refused_is_told(
    start: Start, listener: Listener, login: dict[str, Any], refused: Command | None
) -> None:
    provider, inbox = await start(**login)
    peers = [await listener.accept() for _ in range(2)]
    for peer in peers:
        request = await peer.read()
        if request.command == refused or (refused is None and peer is peers[0]):
            peer.answer(request, status=consts.SMPP_ESME_RINVPASWD)
        else:
            peer.answer(request, b"SMSC\0")
    await eventually(lambda: provider.connection.is_up and inbox.noted)
    assert {type(error) for error in inbox.noted} == {LoginError}
    assert provider.connection.has_failed_with("login")


async def test_a_host_that_cannot_be_is_told(start: Start) -> None:
    provider, inbox = await start(host="a..b")
    await eventually(lambda: inbox.told)
    [told] = inbox.told
    assert isinstance(told, UnavailableError)
    assert told.text == Reason("host_form")
    with pytest.raises(UnavailableError) as error:
        await provider.check_login()
    assert error.value.text == Reason("host_form")
