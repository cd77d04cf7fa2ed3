"""The tracker: prompt and cheap enquiries, bounded, resumed, and done in time."""

from datetime import timedelta
import sqlite3

import pytest

from gateway import Account, AccountStatus, Gateway, State, tracker as module
from gateway.errors import LoginError, NoRecordError, UnavailableError
from gateway.model import Submission

from .clock import START, ManualClock
from .conftest import AddAccount
from .helpers import (
    FakeProvider,
    FaultyConnection,
    draft,
    eventually,
    make_message,
    make_receipt,
    numbers,
    restart,
    settle,
)


async def look(account: Account, clock: ManualClock) -> float:
    """Move on to the next look and wait until it is over; returns the pause."""
    pause = (account.tracker._due[0][0] - clock.now().timestamp()) + 1e-6
    clock.advance(max(pause, 0))
    await eventually(lambda: not account.tracker._workers)
    return pause


async def test_looks_are_prompt_first_and_rare_later(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    await gateway.send("a", draft())
    pauses = [round(await look(account, clock)) for _ in range(24)]
    assert pauses[:6] == [4, 4, 4, 6, 9, 14]
    assert pauses[-1] == 1800
    assert pauses == sorted(pauses)


async def test_a_message_is_looked_at_until_its_end(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    [message] = await gateway.send("a", draft())
    provider.statuses["1"] = State.ENROUTE
    await look(account, clock)
    assert (await gateway.get(message.id)).state is State.ENROUTE
    provider.statuses["1"] = State.DELIVERED
    await look(account, clock)
    assert (await gateway.get(message.id)).state is State.DELIVERED
    assert len(account.tracker) == 0
    clock.advance(timedelta(hours=1))
    await settle(gateway)
    assert provider.asked == ["1", "1"]


async def test_only_open_parts_are_asked_after(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.answers.append(Submission(("1", "2", "3"), "ok"))
    await gateway.send("a", draft())
    provider.statuses = {"1": State.DELIVERED, "2": State.ACCEPTED}
    await look(account, clock)
    await look(account, clock)
    assert provider.asked == ["1", "2", "3", "2", "3"]


async def test_enquiries_at_once_are_bounded(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    await gateway.send("a", draft(*numbers(20)))
    provider.gate.clear()
    clock.advance(5)
    await eventually(lambda: provider.open == module.AT_ONCE)
    await gateway.receive("a", make_receipt("20"))  # changes wake nobody else
    provider.gate.set()
    await eventually(lambda: not account.tracker._workers)
    assert provider.most_open <= 8
    assert len(provider.asked) == 19 + (provider.asked.count("20"))


async def test_an_enquiry_that_hangs_does_not_hold_up_later_ones(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    await gateway.send("a", draft())
    provider.gate.clear()
    clock.advance(5)
    await eventually(lambda: provider.open == 1)
    account.tracker.watch(
        [
            make_message(
                id="m2",
                state=State.ACCEPTED,
                accepted_at=clock.now(),
                parts=_parts("9"),
            )
        ]
    )
    clock.advance(5)
    await eventually(lambda: provider.open == 2)
    provider.gate.set()


def _parts(provider_id: str) -> object:
    from gateway.model import Part

    return (Part(provider_id, State.ACCEPTED),)


async def test_after_its_time_a_message_is_left_alone(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    account = await add_account(track_for=timedelta(minutes=1))
    await gateway.send("a", draft())
    while len(account.tracker):
        await look(account, clock)
    assert timedelta(minutes=1) < clock.now() - START < timedelta(minutes=2)


async def test_a_scheduled_message_is_looked_at_after_its_time(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    await gateway.send("a", draft(schedule=START + timedelta(days=3)))
    assert round(await look(account, clock)) == 3 * 86400 + 4
    assert provider.asked == ["1"]


async def test_untracked_messages_are_not_asked_after(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    await gateway.send("a", draft(track=False))
    assert len(account.tracker) == 0


async def test_where_receipts_come_by_themselves_enquiries_back_them_up(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    await gateway.receive("a", make_receipt("early"))
    await gateway.send("a", draft())
    assert round(await look(account, clock)) == 300


async def test_a_restart_changes_nothing(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    [message] = await gateway.send("a", draft())
    clock.advance(timedelta(minutes=30))
    await eventually(lambda: not account.tracker._workers)
    account = await restart(gateway, provider)
    assert len(account.tracker) == 1
    provider.statuses["1"] = State.DELIVERED
    assert round(await look(account, clock)) == 900
    assert (await gateway.get(message.id)).state is State.DELIVERED


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NoRecordError("too young"), AccountStatus.ACTIVE),
        (UnavailableError("down"), AccountStatus.UNREACHABLE),
        (LoginError("no"), AccountStatus.LOGIN_REFUSED),
        (ValueError("a fault"), AccountStatus.ACTIVE),
    ],
)
async def test_an_enquiry_that_fails_is_made_again(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    clock: ManualClock,
    error: Exception,
    status: AccountStatus,
) -> None:
    [message] = await gateway.send("a", draft())
    provider.statuses["1"] = error
    await look(account, clock)
    assert account.status is status
    provider.statuses["1"] = State.DELIVERED
    await look(account, clock)
    assert (await gateway.get(message.id)).state is State.DELIVERED


async def test_a_receipt_that_cannot_be_recorded_is_fetched_again(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    [message] = await gateway.send("a", draft())
    disk = FaultyConnection(gateway._journal, "commit")
    provider.statuses["1"] = State.DELIVERED
    disk.error = sqlite3.OperationalError("full")
    await look(account, clock)
    disk.error = None
    await look(account, clock)
    assert (await gateway.get(message.id)).state is State.DELIVERED


async def test_a_message_that_the_journal_has_forgotten_is_let_go(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    await gateway.send("a", draft())
    await gateway._journal.forget_account("a")
    provider.statuses["1"] = State.DELIVERED
    await look(account, clock)
    assert len(account.tracker) == 0


async def test_a_stopped_tracker_asks_nothing(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    await gateway.send("a", draft(*numbers(10)))
    provider.gate.clear()
    clock.advance(5)
    await eventually(lambda: provider.open)
    await account.tracker.stop()
    provider.gate.set()
    asked = len(provider.asked)
    account.tracker.watch(
        [make_message(state=State.ACCEPTED, accepted_at=clock.now(), parts=_parts("9"))]
    )
    clock.advance(timedelta(hours=1))
    await settle(gateway)
    assert len(provider.asked) == asked
