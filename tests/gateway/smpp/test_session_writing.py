"""What a session writes at once: its PDUs, together and in pieces."""

import asyncio
from typing import override

import pytest

from gateway.providers.smpp.session import GATHERED, Session

from .conftest import Bound, MakeBound, read, requests


class Recorder(asyncio.Transport):
    """A transport that remembers what is written to it, each time."""

    def __init__(self, transport: asyncio.Transport, written: list[bytes]) -> None:
        super().__init__()
        self._transport = transport
        self._written = written

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._written.append(bytes(data))
        self._transport.write(data)

    @override
    def is_closing(self) -> bool:
        return self._transport.is_closing()

    @override
    def abort(self) -> None:
        self._transport.abort()


@pytest.fixture
def written() -> list[bytes]:
    """What was written, by each time."""
    return []


@pytest.fixture
async def bound(make_bound: MakeBound, written: list[bytes]) -> Bound:
    class Recorded(Session):
        @override
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            super().connection_made(Recorder(transport, written))

    bound = await make_bound(kind=Recorded)
    written.clear()
    return bound


async def send(bound: Bound, count: int) -> None:
    """Send so many requests in one turn, and have them answered."""
    answers = requests(bound, count)
    for request in await read(bound.peer, count):
        bound.peer.answer(request)
    await asyncio.gather(*answers)


async def test_what_is_sent_in_one_turn_leaves_in_one_write(
    bound: Bound, written: list[bytes]
) -> None:
    await send(bound, 5)
    assert len(written) == 1


async def test_many_requests_of_one_turn_leave_in_pieces(
    bound: Bound, written: list[bytes]
) -> None:
    await send(bound, 2 * GATHERED + 1)
    sizes = [len(octets) // len(written[-1]) for octets in written]
    assert sizes == [GATHERED, GATHERED, 1]
