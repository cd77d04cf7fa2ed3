"""A session of ours at SMSCs that others have written."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from gateway.ledger import Recording
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.encode import Bind
from gateway.providers.smpp.pdus import Delivery
from gateway.providers.smpp.session import Session, State
from gateway.providers.smpp.timers import Timers

from .server import Server

BIND = Bind(system_id="user", password="secret")
HELLO = {
    "source": "9613123456",
    "destination": "1234",
    "text": "Hello",
    "receipt": False,
}


@dataclass
class Bound:
    """A session, and what it has told."""

    session: Session
    taken: list[Delivery] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    broken: bool = False


@pytest.fixture
async def bound(server: Server) -> AsyncIterator[Bound]:
    def take(delivery: Delivery) -> Recording[None]:
        bound.taken.append(delivery)
        done = Recording[None]()
        if bound.broken:
            done.fail(OSError())
        else:
            done.resolve(None)
        return done

    ended = asyncio.Event()
    session = await Session.connect(
        "127.0.0.1",
        server.port,
        BIND,
        Command.BIND_TRANSCEIVER,
        timers=Timers(),
        window=10,
        take=take,
        ended=lambda _session: ended.set(),
    )
    bound = Bound(session, ended=ended)
    yield bound
    await bound.session.unbind(60)


async def test_the_server_says_who_it_is(bound: Bound) -> None:
    # One says its own name, the other that of the account.
    assert bound.session.server in {"npm", "user"}


async def test_a_message_from_a_telephone_arrives(server: Server, bound: Bound) -> None:
    await server.tell("deliver", **HELLO)
    [answered] = await server.wait_for("answered")
    assert answered["status"] == 0
    [delivery] = bound.taken
    assert not delivery.is_receipt
    assert delivery.source.digits == "9613123456"
    assert delivery.destination.digits == "1234"
    assert delivery.octets == b"Hello"


async def test_a_message_that_is_not_taken_is_refused(
    server: Server, bound: Bound
) -> None:
    bound.broken = True
    await server.tell("deliver", **HELLO)
    [answered] = await server.wait_for("answered")
    assert answered["status"] in {0x64, "ESME_RX_T_APPN"}
    assert bound.session.state is State.BOUND


async def test_the_server_asks_whether_we_are_there(
    server: Server, bound: Bound
) -> None:
    await server.tell("enquire")
    await server.wait_for("alive")


async def test_we_ask_whether_the_server_is_there(server: Server, bound: Bound) -> None:
    await bound.session.request(Command.ENQUIRE_LINK)
    await server.wait_for("enquired")


async def test_we_unbind(server: Server, bound: Bound) -> None:
    await bound.session.unbind(60)
    await server.wait_for("unbound")
    await server.wait_for("closed")
    assert bound.ended.is_set()


async def test_the_server_unbinds(server: Server, bound: Bound) -> None:
    await server.tell("unbind")
    await bound.ended.wait()
    await server.wait_for("closed")
    assert bound.session.state is State.CLOSED
