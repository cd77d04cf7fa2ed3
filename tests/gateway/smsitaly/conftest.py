"""An account at a simulated gate, over a real socket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from gateway import Account, AccountOptions, Gateway, OnUncertain
from gateway.providers.smsitaly import (
    Host,
    Interface,
    SmsitalyProvider,
    line as line_module,
)
from simulator.smsitaly import (
    Account as GateAccount,
    Clock,
    SmsItalySimulator,
    SystemClock,
)

from .helpers import login


@pytest.fixture
async def gateway(path: Path) -> AsyncIterator[Gateway]:
    """Open a gateway whose clock goes as the gate's does."""
    gateway = await Gateway.open(path)
    yield gateway
    await gateway.close()


@pytest.fixture
def gate_clock() -> type[Clock]:
    """What the gate's clock is."""
    return SystemClock


@pytest.fixture
async def gate(gate_clock: type[Clock]) -> AsyncIterator[SmsItalySimulator]:
    """Run a gate with an account that has a credit of 2,000."""
    account = GateAccount("alice", "secret", credit=2000)
    async with SmsItalySimulator([account], clock=gate_clock()) as gate:
        yield gate


@pytest.fixture
async def backup() -> AsyncIterator[SmsItalySimulator]:
    """Run the second host."""
    account = GateAccount("alice", "secret", credit=2000)
    async with SmsItalySimulator([account]) as gate:
        yield gate


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon."""
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr("gateway.outbox.FIRST_PAUSE", 0.01)


@pytest.fixture(params=list(Interface))
def interface(request: pytest.FixtureRequest) -> Interface:
    """Run a test with each interface."""
    value: Interface = request.param
    return value


type MakeAccount = Callable[..., Awaitable[Account]]


@pytest.fixture
def make_account(gateway: Gateway, gate: SmsItalySimulator) -> MakeAccount:
    """Add the account `a`, with these values of its login."""

    async def make(
        on_uncertain: OnUncertain = OnUncertain.RESEND, **values: Any
    ) -> Account:
        values.setdefault("hosts", (Host(gate.host, gate.port),))
        options = AccountOptions(sender="Home", on_uncertain=on_uncertain)
        provider = SmsitalyProvider(login(**values))
        return await gateway.add_account("a", provider, options)

    return make
