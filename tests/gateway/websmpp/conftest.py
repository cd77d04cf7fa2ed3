"""A websmpp provider in front of a simulated platform, over real sockets."""

from collections.abc import AsyncIterator, Callable
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
