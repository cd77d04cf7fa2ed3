"""What every test with a whole Home Assistant needs."""

from collections.abc import AsyncIterator
from pathlib import Path
import subprocess
from typing import Final

import pytest

from simulator.websmpp import Account, WebsmppSimulator

ROOT: Final = Path(__file__).parents[2]


def build_package(target: Path) -> Path:
    """Build the released zip."""
    subprocess.run([ROOT / "scripts" / "package", target], check=True)
    return target


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The released zip, freshly built."""
    return build_package(tmp_path_factory.mktemp("dist") / "sms_gateway.zip")


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Allow connections on 127.0.0.1."""


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
