"""A websmpp provider in front of a simulated platform, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import ssl
from typing import Any

import aiohttp
import pytest
from yarl import URL

from gateway.providers.websmpp import WebsmppLogin, WebsmppProvider
from simulator.websmpp import Account, WebsmppSimulator

USER = "testUser"
PASSWORD = "Tr0ub4dor"


@pytest.fixture
async def platform() -> AsyncIterator[WebsmppSimulator]:
    async with WebsmppSimulator([Account(USER, PASSWORD, credit=100_000)]) as platform:
        yield platform


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


type MakeProvider = Callable[..., WebsmppProvider]


@pytest.fixture
def make_provider(
    platform: WebsmppSimulator, session: aiohttp.ClientSession
) -> MakeProvider:
    """Make a provider with another login."""

    def make(**changes: Any) -> WebsmppProvider:
        login = {"url": URL(platform.base_url), "user": USER, "password": PASSWORD}
        return WebsmppProvider(session, WebsmppLogin(**login | changes))

    return make


@pytest.fixture
async def websmpp(make_provider: MakeProvider) -> WebsmppProvider:
    return make_provider()


type Serve = Callable[..., Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Answer every request with these bytes, and nothing else, ever."""
    servers: list[asyncio.Server] = []

    async def start(answer: bytes, context: ssl.SSLContext | None = None) -> str:
        async def handle(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            for line in head.split(b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    await reader.readexactly(int(line.split(b":")[1]))
            writer.write(answer)
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
        servers.append(server)
        port = server.sockets[0].getsockname()[1]
        scheme = "https" if context else "http"
        return f"{scheme}://127.0.0.1:{port}/websmpp"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()
