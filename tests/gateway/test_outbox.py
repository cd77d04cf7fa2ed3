"""The outbox: what goes out when, and again; nothing is lost, nobody waits for ever."""

import asyncio
from datetime import timedelta
import sqlite3
from typing import Any

import pytest

from gateway import (
    Account,
    AccountOptions,
    Change,
    Gateway,
    OnUncertain,
    State,
    outbox as module,
)
from gateway.errors import (
    CreditError,
    JournalError,
    LoginError,
    PartlyTakenError,
    RecipientError,
    SendFailedError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from gateway.journal import Journal, Writes
from gateway.model import Message, Submission
from gateway.providers import Provider

from .clock import START, ManualClock
from .conftest import AddAccount
from .helpers import (
    NUMBER,
    FakeProvider,
    FaultyConnection,
    draft,
    eventually,
    make_message,
    numbers,
)

BUSY = TransientError("busy", code="HTTP11")
LOST = UncertainError("no answer in time")
HOLD = {"on_uncertain": OnUncertain.HOLD}


async def settle(gateway: Gateway) -> None:
    """Wait until the ledger is empty and those who waited for it have run."""
    await gateway._ledger.settle()
    for _ in range(5):
        await asyncio.sleep(0)


async def restart(gateway: Gateway, provider: Provider, **options: Any) -> Account:
    await gateway.remove_account("a")
    return await gateway.add_account(
        "a", provider, AccountOptions(sender="Home", **options)
    )


async def retry(gateway: Gateway, clock: ManualClock) -> float:
    """Move on to the next try and wait until it is recorded; returns the pause."""
    outbox = gateway.account("a").outbox
    pause = outbox._retries[0][0] - clock.now().timestamp()
    clock.advance(pause + 1e-6)
    await eventually(lambda: not outbox._workers)
    await settle(gateway)
    return pause


async def test_a_message_is_accepted(gateway: Gateway, account: Account) -> None:
    [message] = await gateway.send("a", draft())
    assert message.state is State.ACCEPTED
    assert message.parts[0].provider_id == "1"
    assert await gateway.get(message.id) == message


async def test_a_transient_failure_is_tried_again_at_growing_pauses(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    await add_account()
    provider.always = BUSY
    [message] = await gateway.send("a", draft())
    assert message.state is State.QUEUED
    assert str(message.failure) == "HTTP11: busy"
    pauses = [await retry(gateway, clock) for _ in range(10)]
    nominal = [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    for pause, expected in zip(pauses, nominal, strict=True):
        assert 0.75 * expected <= pause <= 1.25 * expected
    # Jittered: no pause is exactly what it would be without.
    assert pauses != nominal
    provider.always = None
    await retry(gateway, clock)
    last = await gateway.get(message.id)
    assert (last.state, last.attempts) == (State.ACCEPTED, 12)


async def test_its_time_to_live_ends_a_message(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    clock: ManualClock,
    changes: list[Change],
) -> None:
    provider.always = BUSY
    [message] = await gateway.send("a", draft(validity=timedelta(minutes=1)))
    # However long the pause, its end is on time.
    while changes[-1].message.state is not State.EXPIRED:
        await retry(gateway, clock)
    last = await gateway.get(message.id)
    assert last.state is State.EXPIRED
    assert last.finished_at
    assert abs(last.finished_at - START - timedelta(minutes=1)) < timedelta(seconds=1)
    assert str(last.failure) == "HTTP11: busy"
    assert account.statistics.failed == 1


async def test_a_refusal_fails_at_once(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.answers.append(CreditError("no credit", code="HTTP18"))
    with pytest.raises(
        SendFailedError, match="1 of 1 messages refused: HTTP18"
    ) as error:
        await gateway.send("a", draft())
    [message] = error.value.messages
    assert (message.state, message.error_code) == (State.FAILED, "HTTP18")
    assert len(provider.requests) == 1


async def test_some_of_a_call_may_be_refused(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.answers.extend([RecipientError("no"), BUSY])
    with pytest.raises(SendFailedError, match="1 of 3") as error:
        await gateway.send("a", draft(*numbers(3)))
    assert {message.state for message in error.value.messages} == {
        State.FAILED,
        State.QUEUED,
        State.ACCEPTED,
    }
    assert [each.state for each in error.value.failed] == [State.FAILED]


async def test_requests_at_once_are_bounded(
    gateway: Gateway, add_account: AddAccount, provider: FakeProvider
) -> None:
    await add_account(in_flight=3)
    provider.gate.clear()
    sending = asyncio.gather(
        gateway.send("a", draft(*numbers(10))),
        gateway.send("a", draft(*numbers(10, 50))),
    )
    await eventually(lambda: provider.open == 3)
    provider.gate.set()
    messages = [message for call in await sending for message in call]
    assert {message.state for message in messages} == {State.ACCEPTED}
    assert provider.most_open == 3
    assert len(provider.requests) == 20


async def test_what_is_sent_and_not_recorded_is_bounded(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_account(in_flight=2)
    disk = asyncio.Event()
    write = Journal.write

    async def slow(journal: Journal, writes: Writes) -> None:
        await disk.wait()
        await write(journal, writes)

    monkeypatch.setattr(Journal, "write", slow)
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(50))))
    most = 2 * module.UNRECORDED
    await eventually(lambda: len(provider.requests) >= most)
    for _ in range(50):
        await asyncio.sleep(0)
    assert most <= len(provider.requests) <= most + 1
    disk.set()
    assert {each.state for each in await sending} == {State.ACCEPTED}


async def test_sends_one_after_the_other_find_a_free_place(
    gateway: Gateway, add_account: AddAccount, provider: FakeProvider
) -> None:
    await add_account(in_flight=1)
    for _ in range(20):
        [message] = await gateway.send("a", draft())
        assert message.state is State.ACCEPTED


async def test_untracked_messages_share_requests(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    messages = await gateway.send("a", draft(*numbers(250), track=False))
    assert {message.state for message in messages} == {State.ACCEPTED}
    assert [len(request) for request in provider.requests] == [100, 100, 50]
    assert len({message.parts[0].provider_id for message in messages}) == 250


async def test_many_more_than_one_turn_handles(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.limit = 10_000
    messages = await gateway.send("a", draft(*numbers(700), track=False))
    assert {message.state for message in messages} == {State.ACCEPTED}
    assert [len(request) for request in provider.requests] == [700]


async def test_each_number_of_a_request_has_its_own_end(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.answers.append(
        [Submission(("1",), "ok"), RecipientError("no"), BUSY, CreditError("no")]
    )
    with pytest.raises(SendFailedError) as error:
        await gateway.send("a", draft(*numbers(4), track=False))
    states = [message.state for message in error.value.messages]
    assert states == [State.ACCEPTED, State.FAILED, State.QUEUED, State.FAILED]
    clock.advance(min(clock.pauses))
    await eventually(lambda: len(provider.requests) == 2)
    assert [each.recipient for each in provider.requests[1]] == numbers(4)[2:3]


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
    disk = FaultyConnection(gateway._journal._db, "commit")
    gateway._journal._db = disk  # type: ignore[assignment]
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
    disk = FaultyConnection(gateway._journal._db, "commit")
    gateway._journal._db = disk  # type: ignore[assignment]
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


async def test_the_first_answer_after_a_silence_ends_all_pauses(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.always = UnavailableError("cannot connect")
    for _ in range(3):
        await gateway.send("a", draft())
    while clock.now() < START + timedelta(minutes=5):
        await retry(gateway, clock)
    provider.always = None
    await account.balance()
    await eventually(
        lambda: not account.outbox._retries and not account.outbox._workers
    )
    await settle(gateway)
    assert account.statistics.sent == 3


async def test_a_message_that_always_fails_keeps_its_pauses(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.answers.append(BUSY)
    await gateway.send("a", draft())
    for _ in range(20):
        await gateway.send("a", draft())
    assert len(provider.requests) == 21


async def test_a_new_message_does_not_wait_behind_those_that_failed(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    account = await add_account(in_flight=1)
    provider.answers.append(BUSY)
    [old] = await gateway.send("a", draft())
    provider.gate.clear()
    first = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: provider.open)
    clock.advance(min(clock.pauses))
    clock.advance(10)
    second = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: account.outbox._fresh)
    provider.gate.set()
    [[_], [new]] = await asyncio.gather(first, second)
    await eventually(lambda: len(provider.requests) == 4)
    assert [request[0].id for request in provider.requests[2:]] == [new.id, old.id]


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
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(300), track=False)))
    await eventually(lambda: provider.open)
    stopping = asyncio.create_task(gateway.remove_account("a"))
    await asyncio.sleep(0)
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


async def test_a_login_error_is_final(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.answers.append(LoginError("wrong"))
    with pytest.raises(SendFailedError):
        await gateway.send("a", draft(NUMBER))


async def test_nothing_is_sent_that_the_journal_does_not_hold(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    disk = FaultyConnection(gateway._journal._db, "commit")
    gateway._journal._db = disk  # type: ignore[assignment]
    disk.error = sqlite3.OperationalError("full")
    with pytest.raises(JournalError):
        await gateway.send("a", draft())
    disk.error = None
    assert provider.requests == []
