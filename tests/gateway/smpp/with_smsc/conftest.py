"""A gateway with an SMPP account at a simulated SMSC."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from gateway import Account, AccountOptions, Change, Gateway, OnUncertain, State
from gateway.model import Message
from gateway.providers.smpp import SmppLogin, SmppProvider, line as line_module
from simulator import smsc as simulator
from simulator.smsc import SmscSimulator

from ...helpers import eventually


@pytest.fixture
async def smsc() -> AsyncIterator[SmscSimulator]:
    account = simulator.Account("user", "secret", credit=100_000)
    async with SmscSimulator([account]) as running:
        running.settings.script = simulator.default_script(0)
        running.settings.rules = {}
        yield running


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pauses be short."""
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(line_module, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(line_module, "UNBIND_GRACE", 60)


@pytest.fixture
async def gateway(path: Path) -> AsyncIterator[Gateway]:
    """A gateway by the real clock."""
    gateway = await Gateway.open(path)
    yield gateway
    await gateway.close()


type Add = Callable[..., Awaitable[Account]]


@pytest.fixture
def add(gateway: Gateway, smsc: SmscSimulator) -> Add:
    """Add the account `a` with this login, and wait until it is bound."""

    async def add(
        *,
        bound: bool = True,
        on_uncertain: OnUncertain = OnUncertain.RESEND,
        **changes: Any,
    ) -> Account:
        login = {
            "host": smsc.host,
            "port": smsc.port,
            "system_id": "user",
            "password": "secret",
        }
        provider = SmppProvider(SmppLogin(**login | changes))
        options = AccountOptions(sender="Home", in_flight=50, on_uncertain=on_uncertain)
        account = await gateway.add_account("a", provider, options)
        if bound:
            await eventually(lambda: provider._link.is_whole)
        return account

    return add


async def ended(changes: list[Change], messages: list[Message]) -> dict[str, State]:
    """Wait until each message has come to its end; returns the states."""
    states: dict[str, State] = {}

    def all_ended() -> bool:
        states.update((each.message.id, each.message.state) for each in changes)
        return all(states[message.id].is_final for message in messages)

    await eventually(all_ended)
    return states
