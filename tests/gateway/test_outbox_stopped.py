"""The outbox when callers, accounts and Home Assistant go away: nothing is lost."""

import asyncio
from datetime import timedelta

import pytest

from gateway import Account, Change, Gateway, State, outbox as module
from gateway.model import Message

from .clock import ManualClock
from .conftest import AddAccount
from .helpers import (
    BUSY,
    HOLD,
    FakeProvider,
    draft,
    eventually,
    make_message,
    numbers,
    restart,
    settle,
)


async def test_a_caller_cancelled_while_it_is_recorded_leaves_its_message_to_go_out(
    gateway: Gateway, account: Account, changes: list[Change]
) -> None:
    async with gateway._journal._writing:
        sending = asyncio.create_task(gateway.send("a", draft()))
        await eventually(lambda: account._entering)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    assert sending.cancelled()
    await eventually(lambda: changes and changes[-1].message.state is State.ACCEPTED)


async def test_a_caller_cancelled_while_it_is_sent_leaves_its_message_to_go_out(
    gateway: Gateway, account: Account, provider: FakeProvider, changes: list[Change]
) -> None:
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: provider.open)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert sending.cancelled()
    provider.gate.set()
    await eventually(lambda: changes[-1].message.state is State.ACCEPTED)


async def test_a_restart_takes_up_what_was_not_sent(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.always = BUSY
    [message] = await gateway.send("a", draft(text="one"))
    untracked = await gateway.send("a", draft(*numbers(150), text="two", track=False))
    provider.always = None
    provider.requests.clear()
    await restart(gateway, provider)
    assert provider.requests == []  # its pause is not over
    clock.advance(timedelta(seconds=3))
    await eventually(lambda: len(provider.requests) == 3)
    assert sorted(len(request) for request in provider.requests) == [1, 50, 100]
    await settle(gateway)
    assert (await gateway.get(message.id)).attempts == 2
    assert (await gateway.get(untracked[-1].id)).state is State.ACCEPTED


@pytest.mark.parametrize("hold", [False, True])
async def test_a_restart_during_a_request(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    hold: bool,
) -> None:
    monkeypatch.setattr(module, "STOP_GRACE", 0.01)
    options = HOLD if hold else {}
    await add_account(**options)
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: provider.open)
    await restart(gateway, provider, **options)
    [message] = await sending  # nobody waits for ever
    assert message.state is State.QUEUED
    provider.gate.set()
    if hold:
        await settle(gateway)
        message = await gateway.get(message.id)
        assert message.state is State.UNKNOWN
        assert message.failure == module.INTERRUPTED
    else:
        await eventually(lambda: len(provider.requests) == 2)
        await settle(gateway)
        assert (await gateway.get(message.id)).state is State.ACCEPTED


async def test_a_request_that_ends_in_time_is_recorded_before_the_stop(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "STOP_GRACE", 600)
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(300), track=False)))
    await eventually(lambda: provider.open)
    stopping = asyncio.create_task(gateway.remove_account("a"))
    await eventually(lambda: account.outbox._stopped)
    provider.gate.set()
    await stopping
    assert {message.state for message in await sending} == {State.ACCEPTED}
    assert provider.closed


async def test_a_stopped_outbox_leaves_messages_to_the_next(
    gateway: Gateway, account: Account
) -> None:
    await gateway.remove_account("a")
    assert await account.outbox.send([make_message()]) == [make_message()]
    assert await account.outbox.send([]) == []


async def test_a_reload_while_many_are_sent_sends_none_twice(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(400))))
    await eventually(lambda: len(provider.requests) > 20)
    await restart(gateway, provider)
    await eventually(lambda: len(provider.requests) == 400)
    await settle(gateway)
    sent: list[Message] = [each for [each] in provider.requests]
    assert len({each.id for each in sent}) == 400
    await sending
