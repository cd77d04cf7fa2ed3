"""A way to a server that can be narrow, and can lead to another one."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
import socket


class Proxy:
    """Forwards both ways; `piece` octets in one write, all there are if it is None."""

    def __init__(self, to: int, piece: int | None) -> None:
        self.port = 0
        self.to = to
        self._piece = piece
        self._tasks: set[asyncio.Task[None]] = set()

    async def connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Forward a connection."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await self._forward_both(reader, writer)
        except OSError:
            writer.transport.abort()  # nobody there
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._tasks.discard(task)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _forward_both(self, reader: StreamReader, writer: StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._forward(reader, back))
                group.create_task(self._forward(there, writer))
        finally:
            writer.transport.abort()
            back.transport.abort()

    async def _forward(self, reader: StreamReader, writer: StreamWriter) -> None:
        connection: socket.socket = writer.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(ConnectionError):
            while octets := await reader.read(1 << 16):
                piece = self._piece or len(octets)
                for start in range(0, len(octets), piece):
                    writer.write(octets[start : start + piece])
                    await writer.drain()
                    # Whoever reads gets the turn.
                    await asyncio.sleep(0)
            writer.write_eof()


@asynccontextmanager
async def forwarding(to: int, piece: int | None = None) -> AsyncIterator[Proxy]:
    """Forward to a port of 127.0.0.1 while the context lasts."""
    proxy = Proxy(to, piece)
    server = await asyncio.start_server(proxy.connected, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.stop()
        await server.wait_closed()
