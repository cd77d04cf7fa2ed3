"""The outbox: what goes out when, and again; nobody waits for ever."""

import asyncio
from datetime import timedelta

import pytest

from gateway import Account, Change, Gateway, State, outbox as module
from gateway.errors import (
    CreditError,
    JournalError,
    LoginError,
    RecipientError,
    SendFailedError,
    UnavailableError,
)
from gateway.journal import Journal, Writes
from gateway.ledger import queue as queue_module

from .clock import START, ManualClock
from .conftest import AddAccount
from .helpers import BUSY, NUMBER, FakeProvider, draft, eventually, numbers, settle


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
    outbox = (await add_account(in_flight=2)).outbox
    disk = asyncio.Event()
    write = Journal.write

    async def slow(journal: Journal, writes: Writes) -> None:
        await disk.wait()
        await write(journal, writes)

    monkeypatch.setattr(Journal, "write", slow)
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(50))))
    most = 2 * module.UNRECORDED
    await eventually(lambda: provider.requests and not outbox._workers)
    assert most <= len(provider.requests) <= most + 1
    disk.set()
    assert {each.state for each in await sending} == {State.ACCEPTED}


async def test_neither_the_last_answer_nor_many_wait_for_others_to_be_recorded(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_account(in_flight=2)
    monkeypatch.setattr(queue_module, "GATHER", 3600.0)
    await gateway.send("a", draft())
    await gateway.send("a", draft())
    messages = await gateway.send("a", draft(*numbers(3 * 2 * module.UNRECORDED)))
    assert {message.state for message in messages} == {State.ACCEPTED}


async def test_what_shares_a_request_is_posted_no_faster_than_it_is_recorded(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    posted: list[int] = []
    write = Journal.write

    async def watched(journal: Journal, writes: Writes) -> None:
        posted.append(len(writes.messages) + len(gateway._ledger._queue._pending))
        await write(journal, writes)

    monkeypatch.setattr(Journal, "write", watched)
    provider.limit = 8 * module.CHUNK
    await gateway.send("a", draft(*numbers(provider.limit), track=False))
    assert account.statistics.sent == provider.limit
    assert max(posted) <= 2 * module.CHUNK


async def test_a_journal_that_fails_for_a_while_has_all_that_shared_a_request_in_the_end(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write, failures = Journal.write, iter(range(2))

    async def failing(journal: Journal, writes: Writes) -> None:
        if next(failures, None) is not None:
            raise JournalError("the journal cannot be written")
        await write(journal, writes)

    monkeypatch.setattr(Journal, "write", failing)
    provider.limit = 8 * module.CHUNK
    sending = asyncio.create_task(
        gateway.send("a", draft(*numbers(provider.limit), track=False))
    )
    for _ in range(2):
        await eventually(lambda: queue_module.RETRY_PAUSE in clock.pauses)
        clock.advance(queue_module.RETRY_PAUSE)
    await sending
    await settle(gateway)
    assert account.statistics.sent == provider.limit
    assert len(provider.requests) == 1


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
    provider.answers.append([("1",), RecipientError("no"), BUSY, CreditError("no")])
    with pytest.raises(SendFailedError) as error:
        await gateway.send("a", draft(*numbers(4), track=False))
    states = [message.state for message in error.value.messages]
    assert states == [State.ACCEPTED, State.FAILED, State.QUEUED, State.FAILED]
    clock.advance(min(clock.pauses))
    await eventually(lambda: len(provider.requests) == 2)
    assert [each.recipient for each in provider.requests[1]] == numbers(4)[2:3]


async def test_the_first_answer_after_a_silence_ends_all_pauses(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.always = UnavailableError("cannot connect")
    for _ in range(3):
        await gateway.send("a", draft())
    while clock.now() < START + timedelta(minutes=5):
        await retry(gateway, clock)
    provider.always = None
    await account.check()
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


async def test_a_login_error_is_final(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.answers.append(LoginError("wrong"))
    with pytest.raises(SendFailedError):
        await gateway.send("a", draft(NUMBER))
