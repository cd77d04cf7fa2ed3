"""Listening on a port of 127.0.0.1, and ceasing to."""

import asyncio
from collections.abc import Awaitable, Callable

HOST = "127.0.0.1"
_BACKLOG = 1024


class Listening:
    """A port whose connections are given to protocols."""

    def __init__(self, protocol: Callable[[], asyncio.BaseProtocol], port: int) -> None:
        """Listen on this port once started; 0 takes a free one."""
        self.port = port
        self._protocol = protocol
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; raises `OSError` if the port is taken."""
        if self._server is not None:
            return
        self._server = await asyncio.get_running_loop().create_server(
            self._protocol, HOST, self.port, backlog=_BACKLOG
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def refuse(self) -> None:
        """Let connections be refused from now on; those that are open stay so."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def stop(self, settle: Callable[[], Awaitable[None]] | None = None) -> None:
        """Listen no more and end all connections, after having settled them."""
        if self._server is None:
            return
        server, self._server = self._server, None
        # A server that is closed at once loses, open, what it has just accepted.
        for listening in server.sockets:
            asyncio.get_running_loop().remove_reader(listening.fileno())
        await asyncio.sleep(0)
        server.close()
        if settle is not None:
            await settle()
        server.abort_clients()
        await server.wait_closed()
