"""The outbox when nobody knows whether a message went out, or was recorded."""

import asyncio
from datetime import timedelta
import sqlite3

import pytest

from gateway import Account, Change, Gateway, State
from gateway.errors import JournalError, PartlyTakenError, UncertainError

from .clock import ManualClock
from .conftest import AddAccount
from .helpers import (
    BUSY,
    HOLD,
    FakeProvider,
    FaultyConnection,
    draft,
    eventually,
    numbers,
    settle,
)

LOST = UncertainError("no answer in time")


async def test_a_request_taken_in_part_is_never_repeated(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.answers.append(PartlyTakenError("2 parts for 3 numbers"))
    messages = await gateway.send("a", draft(*numbers(3), track=False))
    assert {message.state for message in messages} == {State.UNKNOWN}
    clock.advance(timedelta(hours=1))
    await settle(gateway)
    assert len(provider.requests) == 1


async def test_an_unanswered_message_is_sent_again(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.answers.append(LOST)
    [message] = await gateway.send("a", draft())
    assert message.state is State.QUEUED
    clock.advance(min(clock.pauses))
    await eventually(lambda: len(provider.requests) == 2)


async def test_or_held_if_the_account_says_so(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    clock: ManualClock,
    changes: list[Change],
) -> None:
    await add_account(**HOLD)
    provider.answers.append(LOST)
    [message] = await gateway.send("a", draft())
    assert message.state is State.UNKNOWN
    assert message.attempts == 1
    assert changes[-1].is_outcome
    clock.advance(timedelta(hours=1))
    await settle(gateway)
    assert len(provider.requests) == 1


async def test_what_is_held_was_recorded_before_it_went_out(
    gateway: Gateway, add_account: AddAccount, provider: FakeProvider
) -> None:
    await add_account(**HOLD)
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: provider.open)
    [[message]] = provider.requests
    assert (await gateway.get(message.id)).submitting
    provider.gate.set()
    [accepted] = await sending
    assert not accepted.submitting


async def test_holding_needs_the_journal(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    account = await add_account(**HOLD)
    messages = await gateway.send("a", draft())
    disk = FaultyConnection(gateway._journal, "commit")
    provider.answers.append(BUSY)
    [message] = await gateway.send("a", draft())
    disk.error = sqlite3.OperationalError("full")
    clock.advance(min(clock.pauses))
    await eventually(lambda: not account.outbox._workers)
    assert len(provider.requests) == 2  # not sent, for it could not be marked
    disk.error = None
    clock.advance(timedelta(minutes=1))
    await eventually(lambda: len(provider.requests) == 3)
    await settle(gateway)
    assert (await gateway.get(message.id)).state is State.ACCEPTED
    assert messages


async def test_a_disk_that_fails_after_the_answer(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    disk = FaultyConnection(gateway._journal, "commit")
    provider.gate.clear()
    sending = [asyncio.create_task(gateway.send("a", draft())) for _ in range(2)]
    await eventually(lambda: provider.open == 2)
    provider.answers.extend([None, BUSY])
    disk.error = sqlite3.OperationalError("full")
    provider.gate.set()
    # The callers learn what the journal holds, and do not wait for the disk.
    for [message] in await asyncio.gather(*sending):
        assert message.state is State.QUEUED
    disk.error = None
    clock.advance(timedelta(seconds=10))
    await eventually(lambda: len(provider.requests) == 3)
    await settle(gateway)
    states = [(await gateway.get(each.id)).state for [each] in provider.requests]
    assert states == [State.ACCEPTED] * 3  # none was sent twice that had been taken
    assert len({each.id for [each] in provider.requests}) == 2


async def test_a_fault_of_a_provider_loses_nothing(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "with the text: Fire"
    provider.answers.append(ValueError(secret))
    [message] = await gateway.send("a", draft())
    assert str(message.failure) == "internal error: ValueError"
    assert "Fire" not in caplog.text
    clock.advance(min(clock.pauses))
    await eventually(lambda: len(provider.requests) == 2)


async def test_nothing_is_sent_that_the_journal_does_not_hold(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    disk = FaultyConnection(gateway._journal, "commit")
    disk.error = sqlite3.OperationalError("full")
    with pytest.raises(JournalError):
        await gateway.send("a", draft())
    disk.error = None
    assert provider.requests == []
