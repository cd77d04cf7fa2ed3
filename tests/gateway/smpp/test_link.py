"""All sessions of an account: kept up, filled evenly, slowed down, given back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from smpplib import consts

from gateway.errors import LoginError, ProviderError, UnavailableError
from gateway.model import Encoding
from gateway.providers.smpp import (
    line as line_module,
    link as link_module,
    pace as pace_module,
)
from gateway.providers.smpp.addresses import address_of
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.encode import SubmitTemplate
from gateway.providers.smpp.line import Connect, LineState
from gateway.providers.smpp.link import Link, Submission
from gateway.providers.smpp.pace import FIRST_HOLD, LONGEST_HOLD, Pace
from gateway.providers.smpp.session import Ended, Session
from gateway.providers.smpp.timers import Timers
from gateway.providers.smpp.user_data import LongText, user_data

from ..helpers import eventually
from .conftest import connect, expire, read
from .peer import HEADER, Listener, Peer, pdu

THROTTLED = consts.SMPP_ESME_RTHROTTLED
[FIRE] = user_data("Fire", Encoding.AUTO, flash=False, long_text=LongText.UDH)
TEMPLATE = SubmitTemplate.encode(address_of("Home"), FIRE)


@dataclass
class Outcome:
    """What a submission came to."""

    answers: list[tuple[int, bytes]] = field(default_factory=list)
    lost: int = 0
    unsent: list[ProviderError] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        return len(self.answers) + self.lost + len(self.unsent) == 1


def submit(link: Link, count: int = 1) -> list[Outcome]:
    outcomes = [Outcome() for _ in range(count)]
    for number, outcome in enumerate(outcomes):

        def lost(outcome: Outcome = outcome) -> None:
            outcome.lost += 1

        link.submit(
            Submission(
                template=TEMPLATE,
                destination=address_of(f"+96131{number:05}"),
                reference=0,
                answered=lambda *answer, outcome=outcome: outcome.answers.append(
                    answer
                ),
                lost=lost,
                unsent=outcome.unsent.append,
            )
        )
    return outcomes


type MakeLink = Callable[..., Link]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pauses be short."""
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(line_module, "UNBIND_GRACE", 0.01)


@pytest.fixture
async def make_link(listener: Listener) -> AsyncIterator[MakeLink]:
    """Make a link with so many transmitters and receivers."""
    links: list[Link] = []

    def connector(command: Command, window: int) -> Connect:
        def bind(ended: Ended) -> Awaitable[Session]:
            return connect(
                listener,
                command=command,
                window=window,
                ended=ended,
                timers=Timers(session_init=60),
            )

        return bind

    def make(
        transmitters: int = 1,
        receivers: int = 0,
        window: int = 10,
        pace: Pace | None = None,
    ) -> Link:
        link = Link(
            [connector(Command.BIND_TRANSMITTER, window)] * transmitters,
            [connector(Command.BIND_RECEIVER, window)] * receivers,
            pace or Pace(None, asyncio.get_running_loop().time),
            lambda: None,
        )
        links.append(link)
        link.start()
        return link

    yield make
    for link in links:
        await link.stop()
        assert set(link.states) == {LineState.CLOSED}


async def accept(listener: Listener, count: int = 1) -> list[Peer]:
    peers = [await listener.accept() for _ in range(count)]
    for peer in peers:
        await peer.bind()
    return peers


async def test_messages_wait_for_a_place_in_the_window(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link(window=2)
    [peer] = await accept(listener)
    await eventually(lambda: link.is_whole)
    outcomes = submit(link, 5)
    first, second = await read(peer, 2)
    assert link._senders[0].session.unanswered == 2
    peer.answer(second, b"id2\0")
    peer.answer(first, b"id1\0")
    for request in await read(peer, 2):
        peer.answer(request, b"\0")
    peer.answer(await peer.read(), b"\0")
    await eventually(lambda: all(each.is_known for each in outcomes))
    assert outcomes[0].answers == [(0, b"id1\0")]
    assert outcomes[1].answers == [(0, b"id2\0")]


async def test_messages_are_spread_over_the_transmitters(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link(transmitters=3, receivers=1)
    peers = await accept(listener, 4)
    await eventually(lambda: link.is_whole)
    submit(link, 30)
    unanswered = [line.session.unanswered for line in link._lines]
    assert unanswered == [10, 10, 10, 0]
    assert len(peers) == 4


async def test_a_session_that_ends_is_bound_again(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link()
    for _ in range(3):
        [peer] = await accept(listener)
        await eventually(lambda: link.is_up)
        [outcome] = submit(link)
        await peer.read()
        peer.writer.close()
        await eventually(lambda: not link.is_up)
        assert outcome.lost == 1
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    [outcome] = submit(link)
    peer.answer(await peer.read(), b"1\0")
    await eventually(lambda: outcome.is_known)


async def test_what_was_not_sent_is_given_back(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link(window=2)
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    outcomes = submit(link, 5)
    await read(peer, 2)
    peer.writer.close()
    await eventually(lambda: all(each.is_known for each in outcomes))
    assert [each.lost for each in outcomes] == [1, 1, 0, 0, 0]
    for outcome in outcomes[2:]:
        assert isinstance(outcome.unsent[0], UnavailableError)


async def test_what_is_held_back_is_not_sent(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link(window=2)
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    outcomes = submit(link, 3)
    first, second = await read(peer, 2)
    link.hold_back()
    outcomes += submit(link)
    for outcome in outcomes[2:]:
        assert str(outcome.unsent[0]) == "the account is closed"
    peer.answer(first, status=THROTTLED)
    peer.answer(second, b"1\0")
    await eventually(lambda: all(each.is_known for each in outcomes))
    assert outcomes[0].answers == [(THROTTLED, b"")]
    assert outcomes[1].answers == [(0, b"1\0")]


@pytest.mark.parametrize(
    "end",
    [pdu(Command.UNBIND, 77), bytes(HEADER.size)],
    ids=["unbind", "bad length"],
)
async def test_nothing_is_sent_over_a_session_that_is_ending(
    make_link: MakeLink, listener: Listener, end: bytes
) -> None:
    link = make_link(window=1)
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    outcomes = submit(link, 3)
    request = await peer.read()
    peer.write_bytes(pdu(Command.SUBMIT_SM_RESP, request.sequence, b"id1\0") + end)
    await eventually(lambda: all(each.is_known for each in outcomes))
    assert outcomes[0].answers == [(0, b"id1\0")]
    assert [each.lost for each in outcomes] == [0, 0, 0]


async def test_nothing_is_sent_to_a_server_that_has_fallen_silent(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link(window=1)
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    outcomes = submit(link, 3)
    await peer.read()
    expire(link._senders[0].session)
    await eventually(lambda: all(each.is_known for each in outcomes))
    assert [each.lost for each in outcomes] == [1, 0, 0]


async def test_without_a_connection_nothing_is_taken(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link()
    [outcome] = submit(link)
    assert str(outcome.unsent[0]) == "not connected"
    with pytest.raises(UnavailableError, match="not connected"):
        await link.request(Command.QUERY_SM, b"")
    peer = await listener.accept()
    peer.answer(await peer.read(), status=consts.SMPP_ESME_RBINDFAIL)
    await eventually(lambda: link.states == [LineState.WAITING])
    [outcome] = submit(link)
    assert outcome.unsent[0].code == "ESME_RBINDFAIL"
    link.hurry()
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)


async def test_a_refused_login_is_not_tried_again(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link()
    peer = await listener.accept()
    peer.answer(await peer.read(), status=consts.SMPP_ESME_RINVPASWD)
    await eventually(lambda: link.states == [LineState.REFUSED])
    [outcome] = submit(link)
    assert isinstance(outcome.unsent[0], LoginError)
    link.hurry()
    [line] = link._lines
    assert line._running
    await line._running  # it tries nothing any more
    assert link.states == [LineState.REFUSED]


async def test_a_vendors_refusal_of_the_bind_may_pass(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link()
    peer = await listener.accept()
    peer.answer(await peer.read(), status=0x401)
    await eventually(lambda: link.states == [LineState.WAITING])
    [outcome] = submit(link)
    assert isinstance(outcome.unsent[0], UnavailableError)
    assert outcome.unsent[0].code == "0x00000401"


async def test_other_requests_go_over_any_session(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link()
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    asking = asyncio.create_task(link.request(Command.QUERY_SM, b"x\0"))
    peer.answer(await peer.read(), b"answer")
    assert await asking == b"answer"


async def test_a_request_waits_for_a_place_and_goes_before_messages(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link(window=2)
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    outcomes = submit(link, 3)
    asking = [
        asyncio.create_task(link.request(Command.QUERY_SM, body))
        for body in (b"1", b"2")
    ]
    cancelled = asyncio.create_task(link.request(Command.QUERY_SM, b"3"))
    messages = await read(peer, 2)
    await eventually(lambda: len(link._questions) == 3)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    assert link._senders[0].session.unanswered == 2
    peer.answer(messages[0], b"1\0")
    first = await peer.read()
    assert (first.command, first.body) == (Command.QUERY_SM, b"1")
    peer.answer(messages[1], b"2\0")
    second = await peer.read()
    assert (second.command, second.body) == (Command.QUERY_SM, b"2")
    peer.answer(first, b"a")
    peer.answer(second, b"b")
    assert await asyncio.gather(*asking) == [b"a", b"b"]
    peer.answer(await peer.read(), b"3\0")
    await eventually(lambda: all(each.is_known for each in outcomes))


async def test_a_request_that_waits_is_given_back_with_the_connection(
    make_link: MakeLink, listener: Listener
) -> None:
    link = make_link(window=1)
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    submit(link)
    asking = asyncio.create_task(link.request(Command.QUERY_SM, b"1"))
    await eventually(lambda: link._questions)
    peer.writer.close()
    with pytest.raises(UnavailableError):
        await asking


async def test_a_throttled_message_is_sent_again(
    make_link: MakeLink, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace_module, "FIRST_HOLD", 0.01)
    link = make_link()
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    [outcome] = submit(link)
    request = await peer.read()
    peer.answer(request, status=THROTTLED)
    again = await peer.read()
    assert not outcome.is_known
    assert again.body == request.body
    peer.answer(again, b"1\0")
    await eventually(lambda: outcome.is_known)
    assert outcome.answers == [(0, b"1\0")]


async def test_but_not_for_ever(
    make_link: MakeLink, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "MOST_THROTTLED", 0)
    link = make_link()
    [peer] = await accept(listener)
    await eventually(lambda: link.is_up)
    [outcome] = submit(link)
    peer.answer(await peer.read(), status=THROTTLED)
    await eventually(lambda: outcome.is_known)
    assert outcome.answers == [(THROTTLED, b"")]


def test_the_pace_is_even_with_a_small_burst() -> None:
    now = [100.0]
    pace = Pace(10, lambda: now[0])
    sent = 0
    for _ in range(1000):
        while pace.wait() == 0:
            pace.sent()
            sent += 1
        now[0] += 0.01
    assert 100 <= sent <= 102


def test_a_throttling_server_gets_longer_holds_until_it_takes_a_message() -> None:
    now = [0.0]
    pace = Pace(None, lambda: now[0])
    holds: list[float] = []
    for _ in range(10):
        pace.throttled()
        pace.throttled()  # of the same window
        holds.append(pace.wait())
        now[0] += holds[-1]
        assert pace.wait() == 0
    for hold, expected in zip(holds, (0.5, 1, 2, 4, 8, 16, 30, 30), strict=False):
        assert 0.75 * expected <= hold <= 1.25 * expected
    assert max(holds) <= 1.25 * LONGEST_HOLD
    pace.taken()
    pace.throttled()
    assert pace.wait() <= 1.25 * FIRST_HOLD


def test_no_rate_is_no_wait() -> None:
    pace = Pace(None, lambda: 0.0)
    pace.sent()
    assert pace.wait() == 0
