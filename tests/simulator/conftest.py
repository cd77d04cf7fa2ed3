"""Simulators with a clock moved by hand, and clients that send what they are told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp
from aiohttp import web
import pytest
from yarl import URL

from simulator import csoft, smsitaly
from simulator.csoft import CsoftSimulator
from simulator.smsc import SmscSimulator
from simulator.smsitaly import SmsItalySimulator
from simulator.websmpp import Account, ManualClock, WebsmppSimulator

from .csoft_client import CsoftClient, Receiver
from .esme import Esme
from .smsitaly_client import GateClient

# 2016-05-10 14:00 in GMT, before the schedule time of the specification's example.
START = 1_462_888_800.0


class Platform:
    """A client of the simulator that sends exactly what it is given."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self.session = session
        self.base_url = base_url

    @classmethod
    @asynccontextmanager
    async def connect(cls, simulator: WebsmppSimulator) -> AsyncIterator[Self]:
        """Speak to a simulator."""
        # The default resolver costs more than a whole test, and has no name to resolve.
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
        async with aiohttp.ClientSession(connector=connector) as session:
            yield cls(session, simulator.base_url)

    async def get(self, service: str, query: str = "") -> str:
        """Return the body of the answer to a GET with this undecoded query."""
        url = URL(f"{self.base_url}/{service}?{query}", encoded=True)
        async with self.session.get(url) as response:
            assert response.status == 200
            return await response.text()

    async def post(self, service: str, body: str, query: str = "") -> str:
        """Return the body of the answer to a POST with this undecoded form."""
        url = URL(f"{self.base_url}/{service}?{query}", encoded=True)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        async with self.session.post(url, data=body, headers=kind) as response:
            assert response.status == 200
            return await response.text()

    async def submit(self, **changes: str | None) -> str:
        """Submit by GET the specification's first example, with changed parameters."""
        return await self.get("websms", example(**changes))


class Control:
    """A client of a control endpoint."""

    def __init__(self, session: aiohttp.ClientSession, root_url: str) -> None:
        self._session = session
        self._root_url = f"{root_url}/_simulator"

    async def get(self, name: str) -> Any:
        """Return what a GET shows."""
        async with self._session.get(f"{self._root_url}/{name}") as response:
            assert response.status == 200
            return await response.json()

    async def post(self, name: str, given: object, status: int = 200) -> Any:
        """Return what a POST answers, with the status expected."""
        url = f"{self._root_url}/{name}"
        async with self._session.post(url, json=given) as response:
            assert response.status == status
            return await response.json()


def example(**changes: str | None) -> str:
    """Return the query of the specification's first example; None drops a part."""
    parameters: dict[str, str | None] = {
        "user": "testUser",
        "pass": "12345",
        "sid": "Test",
        "mno": "96170123456",
        "type": "1",
        "text": "testing+English+message",
    }
    parameters |= {name.rstrip("_"): value for name, value in changes.items()}
    return "&".join(
        f"{name}={value}" for name, value in parameters.items() if value is not None
    )


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let the tests of this folder speak to 127.0.0.1."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def account() -> Account:
    return Account("testUser", "12345", credit=1000)


@pytest.fixture
async def simulator(
    clock: ManualClock, account: Account
) -> AsyncIterator[WebsmppSimulator]:
    async with WebsmppSimulator([account], clock=clock) as simulator:
        yield simulator


@pytest.fixture
async def platform(simulator: WebsmppSimulator) -> AsyncIterator[Platform]:
    async with Platform.connect(simulator) as platform:
        yield platform


@pytest.fixture
async def smsc(clock: ManualClock, account: Account) -> AsyncIterator[SmscSimulator]:
    async with SmscSimulator([account], clock=clock) as smsc:
        yield smsc


@pytest.fixture
async def esme(smsc: SmscSimulator) -> AsyncIterator[Esme]:
    """A client that is bound as a transceiver."""
    async with Esme.connect(smsc) as esme:
        await esme.bind()
        yield esme


@pytest.fixture
def subscriber() -> smsitaly.Account:
    """The account at the gate."""
    return smsitaly.Account("testUser", "12345", credit=1000)


@pytest.fixture
async def gate(
    clock: ManualClock, subscriber: smsitaly.Account
) -> AsyncIterator[SmsItalySimulator]:
    async with SmsItalySimulator([subscriber], clock=clock) as gate:
        yield gate


@pytest.fixture
async def client(gate: SmsItalySimulator) -> AsyncIterator[GateClient]:
    """A client of the gate that is logged in."""
    async with GateClient.connect(gate) as client:
        await client.log_in()
        yield client


@pytest.fixture
def customer() -> csoft.Account:
    """The account at Connection Software."""
    return csoft.Account("testUser", "12345", credit=1000)


@pytest.fixture
async def host(
    clock: ManualClock, customer: csoft.Account
) -> AsyncIterator[CsoftSimulator]:
    async with CsoftSimulator([customer], clock=clock) as host:
        yield host


@pytest.fixture
async def soap(host: CsoftSimulator) -> AsyncIterator[CsoftClient]:
    async with CsoftClient.connect(host) as client:
        yield client


@pytest.fixture
async def receipts_here(customer: csoft.Account) -> AsyncIterator[Receiver]:
    """The customer's server, where the account's receipts go."""
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.handle), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/receipts?key=1"
    customer.receipt_url = receiver.url
    yield receiver
    await runner.cleanup()
