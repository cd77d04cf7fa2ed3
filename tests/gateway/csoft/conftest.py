"""A provider in front of two simulated hosts, and a webhook, over real sockets."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
from aiohttp import web
import pytest
from yarl import URL

from gateway import Gateway
from gateway.providers.csoft import CsoftLogin, CsoftProvider, ReceiptLogin, take_post
from simulator.csoft import Account, CsoftSimulator

USER = "ANOther.61234"
PIN = "BLUE.music"


def an_account(**changes: Any) -> Account:
    return Account(USER, PIN, credit="15.2345", price="0.01", **changes)


@pytest.fixture
async def host() -> AsyncIterator[CsoftSimulator]:
    async with CsoftSimulator([an_account()]) as host:
        host.settings.script = ()
        host.settings.rules = {}
        yield host


@pytest.fixture
async def backup() -> AsyncIterator[CsoftSimulator]:
    async with CsoftSimulator([an_account()]) as backup:
        backup.settings.script = ()
        backup.settings.rules = {}
        yield backup


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


type MakeProvider = Callable[..., CsoftProvider]


@pytest.fixture
def make_provider(host: CsoftSimulator, session: aiohttp.ClientSession) -> MakeProvider:
    """Make a provider with another login."""

    def make(**changes: Any) -> CsoftProvider:
        login = {"urls": (URL(host.url),), "username": USER, "pin": PIN}
        return CsoftProvider(session, CsoftLogin(**login | changes))

    return make


@pytest.fixture
async def csoft(make_provider: MakeProvider) -> CsoftProvider:
    return make_provider()


class Webhook:
    """A server that hands what is posted to it to the account `a`."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.login = ReceiptLogin()
        self.any_account = False
        self.refused = 0
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        answer = await take_post(
            await request.read(),
            request.headers.get("Content-Type"),
            lambda receipt: self.gateway.claim("a", receipt),
            login=self.login,
            any_account=self.any_account,
        )
        self.refused += answer.refused
        return web.Response(
            status=answer.status,
            body=answer.body,
            headers={"Content-Type": answer.content_type},
        )


@pytest.fixture
async def webhook(gateway: Gateway) -> AsyncIterator[Webhook]:
    webhook = Webhook(gateway)
    app = web.Application()
    app.router.add_post("/", webhook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    webhook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield webhook
    await runner.cleanup()
