"""An account at a server that does what it is told, PDU by PDU."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.model import Submission
from gateway.providers.smpp import SmppLogin, SmppProvider, line as line_module
from gateway.providers.smpp.commands import Command

from ..helpers import eventually, make_message
from .inbox import RecordingInbox
from .peer import Listener, Peer, Received


@dataclass
class Bound:
    """A provider, the server that it is bound to, and what it brings."""

    provider: SmppProvider
    peer: Peer
    inbox: RecordingInbox

    def submit(self, **changes: Any) -> asyncio.Task[Submission]:
        return asyncio.create_task(self.provider.submit(make_message(**changes)))

    async def read(self, command: Command = Command.SUBMIT_SM) -> Received:
        """Return the next PDU, which is to be of this command."""
        request = await self.peer.read()
        assert request.command == command
        return request


type Bind = Callable[..., Awaitable[Bound]]


@pytest.fixture
async def bind(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bind]:
    """Bind a provider with this login."""
    monkeypatch.setattr(line_module, "UNBIND_GRACE", 0.01)
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 0.01)
    providers: list[SmppProvider] = []

    async def bind(**changes: Any) -> Bound:
        login = {
            "host": "127.0.0.1",
            "port": listener.port,
            "system_id": "user",
            "password": "secret",
        }
        provider = SmppProvider(SmppLogin(**login | changes))
        providers.append(provider)
        inbox = RecordingInbox()
        await provider.start(inbox)
        peer = await listener.accept()
        await peer.bind()
        await eventually(lambda: provider.connection.is_up)
        return Bound(provider, peer, inbox)

    yield bind
    for provider in providers:
        await provider.close()


@pytest.mark.parametrize(
    ("body", "id_"),
    [(b"", ""), (b"no end", "no end"), (b"x" * 65 + b"\0", "x" * 65)],
    ids=["no body", "no NUL", "too long"],
)
async def test_what_the_server_took_is_taken_whatever_its_response_looks_like(
    bind: Bind, body: bytes, id_: str
) -> None:
    bound = await bind()
    submission = bound.submit()
    bound.peer.answer(await bound.read(), body)
    assert (await submission).provider_ids == (id_,)
