"""A server that does what a test tells it, byte by byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
import ssl
from struct import Struct
from typing import NamedTuple

HEADER = Struct(">LLLL")


class Received(NamedTuple):
    """A PDU that the client sent."""

    command: int
    status: int
    sequence: int
    body: bytes


class Peer:
    """One connection of a client, seen from the server."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader = reader
        self.writer = writer

    async def read(self) -> Received:
        """Return the next PDU; raises EOFError when there is none."""
        head = await self._reader.readexactly(HEADER.size)
        length, command, status, sequence = HEADER.unpack(head)
        body = await self._reader.readexactly(length - HEADER.size)
        return Received(command, status, sequence, body)

    def write(
        self, command: int, sequence: int, body: bytes = b"", status: int = 0
    ) -> None:
        self.write_bytes(pdu(command, sequence, body, status))

    def write_bytes(self, octets: bytes) -> None:
        self.writer.write(octets)

    def answer(self, request: Received, body: bytes = b"", status: int = 0) -> None:
        self.write(request.command | 0x80000000, request.sequence, body, status)

    async def bind(self) -> Received:
        """Let the client bind."""
        request = await self.read()
        self.answer(request, b"SMSC\0")
        return request

    async def is_closed(self) -> bool:
        """Whether the client closes without sending more."""
        with suppress(ConnectionError):
            return await self._reader.read() == b""
        return True


def pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    return HEADER.pack(HEADER.size + len(body), command, status, sequence) + body


class Listener:
    """Where clients connect to."""

    def __init__(self, port: int, peers: asyncio.Queue[Peer]) -> None:
        self.port = port
        self._peers = peers

    async def accept(self) -> Peer:
        """Return the next client."""
        async with asyncio.timeout(60):
            return await self._peers.get()


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None = None) -> AsyncIterator[Listener]:
    """Listen on a free port of 127.0.0.1."""
    peers: asyncio.Queue[Peer] = asyncio.Queue()
    accepted: list[Peer] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(Peer(reader, writer))
        peers.put_nowait(accepted[-1])

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    yield Listener(server.sockets[0].getsockname()[1], peers)
    server.close()
    for peer in accepted:
        peer.writer.transport.abort()
    await server.wait_closed()
