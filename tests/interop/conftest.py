"""A gateway with an account at each of the servers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
import logging
from pathlib import Path
from typing import Any

import pytest

from gateway import Account, AccountOptions, Change, Gateway, Message, State
from gateway.model import Draft
from gateway.providers.smpp import SmppLogin, SmppProvider, line as line_module
from gateway.providers.smpp.link import Link

from ..gateway.helpers import eventually
from .server import COMMANDS, Server, running


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let the tests of this folder speak to 127.0.0.1."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pauses be short."""
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 0.01)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Leave out what is logged for developers only, such as each SQL statement."""
    caplog.set_level(logging.INFO)


type RunServer = Callable[[], AbstractAsyncContextManager[Server]]


@pytest.fixture(params=list(COMMANDS))
async def run_server(request: pytest.FixtureRequest) -> RunServer:
    """How to run one of the servers."""
    command = await COMMANDS[request.param]()
    return lambda: running(*command)


@pytest.fixture
async def server(run_server: RunServer) -> AsyncIterator[Server]:
    async with run_server() as server:
        yield server


@dataclass
class Sender:
    """A gateway with one account, and what it tells."""

    gateway: Gateway
    account: Account
    link: Link
    changes: list[Change] = field(default_factory=list)

    async def send(self, draft: Draft) -> list[Message]:
        return await self.gateway.send("a", draft)

    def states(self) -> dict[str, State]:
        """Return where each message stands."""
        return {each.message.id: each.message.state for each in self.changes}

    async def until(self, state: State, messages: list[Message]) -> None:
        """Wait until all messages are in a state."""
        await eventually(
            lambda: all(self.states().get(message.id) is state for message in messages)
        )


type MakeSender = Callable[..., Awaitable[Sender]]


@pytest.fixture
async def make_sender(tmp_path: Path) -> AsyncIterator[MakeSender]:
    """Make a gateway with an account at a port, with these changes of its login."""
    gateway = await Gateway.open(tmp_path / "journal.db")

    async def make(port: int, *, bound: bool = True, **changes: Any) -> Sender:
        login = {"system_id": "user", "password": "secret"} | changes
        provider = SmppProvider(SmppLogin(host="127.0.0.1", port=port, **login))
        options = AccountOptions(sender="Home", in_flight=50)
        account = await gateway.add_account("a", provider, options)
        assert provider._link
        sender = Sender(gateway, account, provider._link)
        gateway.listen(sender.changes.extend)
        if bound:
            await eventually(lambda: sender.link.is_whole)
        return sender

    yield make
    await gateway.close()


@pytest.fixture
async def sender(server: Server, make_sender: MakeSender) -> Sender:
    return await make_sender(server.port)
