"""The whole way: gateway, provider and a simulated platform over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import web
import pytest

from gateway import (
    AccountOptions,
    Gateway,
    OnUncertain,
    State,
    outbox,
    tracker as tracking,
)
from gateway.providers.websmpp import ACKNOWLEDGEMENT, WebsmppProvider, read_push
from simulator.websmpp import (
    ErrorCode,
    Fault,
    FaultKind,
    ForcedError,
    Settings,
    WebsmppSimulator,
    default_rules,
    default_script,
)

from ...looptime import LoopTime
from ..clock import ManualClock
from ..helpers import draft, eventually, numbers
from .conftest import USER, MakeProvider

HOLD = {"on_uncertain": OnUncertain.HOLD}


@pytest.fixture
def platform_settings() -> Settings:
    return Settings(script=default_script(0), rules=default_rules(0))


async def add(gateway: Gateway, provider: WebsmppProvider, **options: Any) -> None:
    await gateway.add_account("a", provider, AccountOptions(sender="Home", **options))


async def test_every_end_is_found_by_asking(
    gateway: Gateway,
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    clock: ManualClock,
    platform_settings: Settings,
) -> None:
    platform.settings.script = platform_settings.script
    platform.settings.rules = platform_settings.rules
    await add(gateway, websmpp)
    messages = await gateway.send("a", draft(*numbers(9)))
    account = gateway.account("a")
    clock.advance(5)
    await eventually(lambda: len(account.tracker) == 3)
    await eventually(lambda: not account.tracker._workers)
    await gateway._ledger.settle()
    states = {
        each.recipient[-2:]: (await gateway.get(each.id)).state for each in messages
    }
    assert states == {
        "00": State.DELIVERED,
        "01": State.UNDELIVERABLE,
        "02": State.EXPIRED,
        "03": State.REJECTED,
        "04": State.DELETED,
        "05": State.UNKNOWN,
        "06": State.ACCEPTED,
        "07": State.ENROUTE,
        "08": State.DELIVERED,
    }
    assert platform.observation.max_in_flight <= max(8, tracking.AT_ONCE)


@pytest.fixture
async def webhook(gateway: Gateway) -> AsyncIterator[str]:
    """A server that hands what is pushed to it to the account."""

    async def take(request: web.Request) -> web.Response:
        await gateway.receive("a", read_push(request.query))
        return web.Response(text=ACKNOWLEDGEMENT)

    app = web.Application()
    app.router.add_get("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.mark.parametrize("timing", ["normal", "early"])
async def test_pushed_receipts_in_any_order_and_number(
    gateway: Gateway,
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    webhook: str,
    timing: str,
) -> None:
    """Also those that come before their id, or many times."""
    platform.settings.change(
        {"push_timing": timing, "push_copies": 2, "push_order": "shuffled"}
    )
    platform.settings.script = default_script(0)
    platform.accounts[USER].push_url = webhook
    platform.accounts[USER].push_extras = True
    await add(gateway, websmpp)
    changes: list[State] = []
    gateway.listen(lambda told: changes.extend(each.message.state for each in told))
    await gateway.send("a", draft(*numbers(10, 10), text="long " * 60))
    await eventually(lambda: changes.count(State.DELIVERED) == 10)
    await platform.wait_for(lambda each: len(each.receipts) == 20)
    await eventually(lambda: all(each.acknowledged for each in platform.receipts))
    await gateway._ledger.settle()
    assert changes.count(State.DELIVERED) == 10
    assert gateway.account("a").statistics.delivered == 10
    assert len(gateway._ledger._early) == 0


async def test_untracked_messages_go_in_bulk(
    gateway: Gateway, websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    await add(gateway, websmpp)
    platform.errors.add(ForcedError(code=ErrorCode.HTTP12, destination="*7", times=1))
    messages = await gateway.send("a", draft(*numbers(300), track=False))
    assert platform.requests_count == 1
    assert [each.state for each in messages].count(State.ACCEPTED) == 299
    assert messages[7].state is State.QUEUED


async def test_an_answer_that_was_lost_sends_twice_or_not_at_all(
    gateway: Gateway,
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    clock: ManualClock,
) -> None:
    await add(gateway, websmpp)
    platform.faults.add(Fault(kind=FaultKind.RESET, times=1))
    [message] = await gateway.send("a", draft())
    assert message.state is State.QUEUED
    clock.advance(outbox.FIRST_PAUSE * 2)
    await eventually(lambda: len(platform.messages) == 2)

    await gateway.remove_account("a")
    await add(gateway, websmpp, **HOLD)
    platform.faults.add(Fault(kind=FaultKind.RESET, times=1))
    [message] = await gateway.send("a", draft(text="held"))
    assert message.state is State.UNKNOWN
    assert len(platform.messages) == 3


async def test_an_outage_loses_nothing(
    path: Path,
    gateway: Gateway,
    make_provider: MakeProvider,
    platform: WebsmppSimulator,
    clock: ManualClock,
) -> None:
    await add(gateway, make_provider())
    platform.faults.add(Fault(kind=FaultKind.HTTP_STATUS))
    messages = await gateway.send("a", draft(*numbers(30)))
    assert {message.state for message in messages} == {State.QUEUED}
    await gateway.close()
    platform.faults.clear()
    again = await Gateway.open(path, clock)
    await again.add_account("a", make_provider(), AccountOptions(sender="Home"))
    clock.advance(outbox.FIRST_PAUSE * 2)
    await eventually(lambda: len(platform.messages) == 30)
    assert platform.messages.doubles() == []
    await again.close()


async def test_requests_in_flight_are_bounded(
    gateway: Gateway,
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    loop_time: LoopTime,
) -> None:
    await add(gateway, websmpp, in_flight=3)
    latency = websmpp._login.timeout / 2
    platform.faults.add(Fault(kind=FaultKind.LATENCY, seconds=latency))
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(21))))
    for count in range(3, 22, 3):
        await platform.wait_for(lambda each, count=count: each.requests_count == count)
        loop_time.advance(latency)
    await sending
    assert platform.observation.max_in_flight == 3
