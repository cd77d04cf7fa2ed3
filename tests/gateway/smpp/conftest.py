"""A session, and the peer that it is bound to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from gateway.ledger import Recording
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.encode import Bind
from gateway.providers.smpp.pdus import Delivery
from gateway.providers.smpp.session import Session
from gateway.providers.smpp.timers import Timers, Watch

from .peer import Listener, Peer, Received, listening

BIND = Bind(system_id="user", password="secret")


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as listener:
        yield listener


@dataclass
class Bound:
    """A session with what it has told."""

    session: Session
    peer: Peer
    taken: list[tuple[Delivery, Recording[object]]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    fault: Exception | None = None


def requests(bound: Bound, count: int) -> list[asyncio.Task[bytes]]:
    """Send so many requests; each body is its number."""
    return [
        asyncio.create_task(bound.session.request(Command.QUERY_SM, bytes((number,))))
        for number in range(count)
    ]


async def read(peer: Peer, count: int) -> list[Received]:
    """Return the next PDUs of the client."""
    return [await peer.read() for _ in range(count)]


def expire(session: Session) -> None:
    """Let the response timer of everything open run out."""
    window = session._window
    assert window._timer
    window._timer.cancel()
    window._timeout = -1
    window._look()


type Connect = Callable[..., Awaitable[Session]]


def connect(
    listener: Listener, kind: type[Session] = Session, **options: Any
) -> Awaitable[Session]:
    """Connect and bind; nobody takes deliveries."""
    fields: dict[str, Any] = {
        "timers": Timers(),
        "window": 10,
        "take": lambda _delivery: Recording(),
        "ended": lambda _session: None,
        "command": Command.BIND_TRANSCEIVER,
        "bind": BIND,
    } | options
    return kind.connect("127.0.0.1", listener.port, **fields)


type MakeBound = Callable[..., Awaitable[Bound]]


@pytest.fixture
async def make_bound(listener: Listener) -> AsyncIterator[MakeBound]:
    """Bind a session with these options; the timers are set once it is bound."""
    sessions: list[Session] = []

    async def make(
        window: int = 10, kind: type[Session] = Session, **timers: Any
    ) -> Bound:
        ended = asyncio.Event()

        # Nothing is delivered before it is bound.
        def take(delivery: Delivery) -> Recording[object]:
            if bound.fault:
                raise bound.fault
            done = Recording[object]()
            bound.taken.append((delivery, done))
            return done

        connecting = asyncio.ensure_future(
            connect(
                listener,
                kind,
                window=window,
                take=take,
                ended=lambda _session: ended.set(),
            )
        )
        peer = await listener.accept()
        await peer.bind()
        bound = Bound(await connecting, peer, ended=ended)
        sessions.append(bound.session)
        bound.session._watch.stop()
        bound.session._watch = Watch(Timers(**timers), bound.session)
        bound.session._window.clear()  # and its timer
        bound.session._window._timeout = Timers(**timers).response
        bound.session._watch.start()
        return bound

    yield make
    for session in sessions:
        await session.unbind(0)


@pytest.fixture
async def bound(make_bound: MakeBound) -> Bound:
    return await make_bound()
