"""A gateway with a clock moved by hand and a provider that does as told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import logging
from pathlib import Path
import ssl
from typing import Any

from hypothesis import HealthCheck, settings
import pytest

from gateway import Account, AccountOptions, Change, Gateway
from gateway.journal import Journal

from .clock import ManualClock
from .helpers import FakeProvider

# A busy machine is no fault of what is tested.
settings.register_profile(
    "gateway",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gateway")


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let the tests of this folder speak to 127.0.0.1."""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Leave out what is logged for developers only, such as each SQL statement."""
    caplog.set_level(logging.INFO)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    journal = await Journal.open(path)
    yield journal
    await journal.close()


@pytest.fixture
async def provider() -> FakeProvider:
    return FakeProvider()


@pytest.fixture
async def gateway(path: Path, clock: ManualClock) -> AsyncIterator[Gateway]:
    gateway = await Gateway.open(path, clock)
    yield gateway
    await gateway.close()


type AddAccount = Callable[..., Awaitable[Account]]


@pytest.fixture
def add_account(gateway: Gateway, provider: FakeProvider) -> AddAccount:
    """Add the account `a` with these options."""

    async def add(**options: Any) -> Account:
        return await gateway.add_account(
            "a", provider, AccountOptions(sender="Home", **options)
        )

    return add


@pytest.fixture
async def account(add_account: AddAccount) -> Account:
    return await add_account()


@pytest.fixture
def changes(gateway: Gateway) -> list[Change]:
    """All changes that the gateway tells."""
    told: list[Change] = []
    gateway.listen(told.extend)
    return told


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
        return f"{scheme}://127.0.0.1:{port}/"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()
