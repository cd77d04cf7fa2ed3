"""What every test with a whole Home Assistant needs."""

from collections.abc import AsyncIterator
from pathlib import Path
import socket

import pytest

from simulator.websmpp import Account, WebsmppSimulator


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Allow connections on 127.0.0.1."""


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        free: int = server.getsockname()[1]
        return free


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty configuration folder."""
    folder = tmp_path / "config"
    folder.mkdir()
    return folder


@pytest.fixture
async def provider() -> AsyncIterator[WebsmppSimulator]:
    """A websmpp server with an account `demo`, that outlives Home Assistant."""
    async with WebsmppSimulator([Account("demo", "demo", credit=1000)]) as running:
        yield running
