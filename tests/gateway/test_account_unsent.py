"""What an account has not sent: it waits for a proven login, and for a new account."""

import asyncio
from collections import Counter
from datetime import timedelta
import sqlite3
from typing import Any

import pytest

from gateway import Account, AccountOptions, AccountStatus, Gateway, State
from gateway.errors import (
    CreditError,
    JournalError,
    LoginError,
    ProviderError,
    RecipientError,
    SendFailedError,
    UnavailableError,
)
from gateway.model import Message

from .clock import ManualClock
from .conftest import AddAccount
from .helpers import (
    BUSY,
    HOLD,
    FakeProvider,
    FaultyConnection,
    draft,
    eventually,
    make_receipt,
    numbers,
    refused,
    restart,
    settle,
)

WRONG = LoginError("wrong", code="HTTP03")


@pytest.fixture
async def unsent(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> list[Message]:
    """Two messages that nobody has taken; the provider would take them now."""
    provider.always = BUSY
    messages = await gateway.send("a", draft(*numbers(2)))
    await gateway.remove_account("a")
    provider.always = None
    provider.requests.clear()
    return messages


async def add_waiting(
    gateway: Gateway, provider: FakeProvider, **options: Any
) -> Account:
    return await gateway.add_account(
        "a", provider, AccountOptions(sender="Home", **options), resume=False
    )


async def pass_time(gateway: Gateway, clock: ManualClock) -> None:
    """Let everything go out that is to go out."""
    await eventually(lambda: not any(each._resuming for each in gateway.accounts))
    clock.advance(timedelta(minutes=2))
    await settle(gateway)


async def states(gateway: Gateway, messages: list[Message]) -> list[State]:
    return [(await gateway.get(message.id)).state for message in messages]


def sent_ids(provider: FakeProvider) -> list[str]:
    return sorted(message.id for load in provider.requests for message in load)


async def test_what_was_not_sent_goes_out_at_once_by_default(
    gateway: Gateway,
    unsent: list[Message],
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    await gateway.add_account("a", provider)
    await pass_time(gateway, clock)
    assert await states(gateway, unsent) == [State.ACCEPTED] * 2


async def test_what_was_not_sent_can_wait_until_it_is_called_for(
    gateway: Gateway,
    unsent: list[Message],
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    account = await add_waiting(gateway, provider)
    await pass_time(gateway, clock)
    assert provider.requests == []
    assert account.statistics.queued == 2
    assert await states(gateway, unsent) == [State.QUEUED] * 2
    account.resume()
    account.resume()
    await pass_time(gateway, clock)
    assert sent_ids(provider) == sorted(message.id for message in unsent)
    assert await states(gateway, unsent) == [State.ACCEPTED] * 2
    # Once more brings nothing back.
    account.resume()
    await pass_time(gateway, clock)
    assert len(provider.requests) == 2


async def _check(gateway: Gateway) -> None:
    await gateway.account("a").check()


async def _send(gateway: Gateway) -> None:
    await gateway.send("a", draft())


async def _connect(gateway: Gateway) -> None:
    gateway.account("a").note_connection(None)


@pytest.mark.parametrize("prove", [_check, _send, _connect])
@pytest.mark.parametrize(
    "before",
    [AccountStatus.ACTIVE, AccountStatus.LOGIN_REFUSED, AccountStatus.UNREACHABLE],
)
async def test_an_answer_that_proves_the_login_lets_it_go_out(
    gateway: Gateway,
    unsent: list[Message],
    provider: FakeProvider,
    clock: ManualClock,
    prove: AddAccount,
    before: AccountStatus,
) -> None:
    account = await add_waiting(gateway, provider)
    account.status = before
    await prove(gateway)
    await pass_time(gateway, clock)
    assert account.status is AccountStatus.ACTIVE
    assert await states(gateway, unsent) == [State.ACCEPTED] * 2


async def test_a_refused_login_costs_nothing_that_waits(
    gateway: Gateway,
    unsent: list[Message],
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    provider.balance_error = WRONG
    account = await add_waiting(gateway, provider)
    with pytest.raises(LoginError):
        await account.check()
    provider.answers.append(WRONG)
    with pytest.raises(SendFailedError):
        await gateway.send("a", draft())
    account.note_connection(WRONG)
    await pass_time(gateway, clock)
    assert account.status is AccountStatus.LOGIN_REFUSED
    assert await states(gateway, unsent) == [State.QUEUED] * 2
    # Nor does a start with the same password.
    provider.requests.clear()
    await gateway.remove_account("a")
    account = await add_waiting(gateway, provider)
    with pytest.raises(LoginError):
        await account.check()
    await pass_time(gateway, clock)
    assert provider.requests == []
    provider.balance_error = None
    await account.check()
    await pass_time(gateway, clock)
    assert await states(gateway, unsent) == [State.ACCEPTED] * 2
    assert len(provider.requests) == 2


async def test_an_answer_that_needs_no_login_lets_nothing_go_out(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    await add_account()
    await gateway.send("a", draft())
    provider.always = BUSY
    unsent = await gateway.send("a", draft())
    await gateway.remove_account("a")
    account = await add_waiting(gateway, provider)
    provider.balance_error = WRONG
    with pytest.raises(LoginError):
        await account.check()
    account.note(UnavailableError("down"))
    provider.requests.clear()
    provider.always = WRONG
    clock.advance(60)
    await eventually(lambda: provider.asked and not account.tracker._workers)
    assert account.status is AccountStatus.ACTIVE  # for all that is known
    await pass_time(gateway, clock)
    assert provider.requests == []
    assert await states(gateway, unsent) == [State.QUEUED]


@pytest.mark.parametrize("error", [CreditError("no"), RecipientError("no"), BUSY])
async def test_a_refusal_of_a_message_does_not_let_it_go_out(
    gateway: Gateway,
    unsent: list[Message],
    provider: FakeProvider,
    clock: ManualClock,
    error: ProviderError,
) -> None:
    account = await add_waiting(gateway, provider)
    account.note(error)
    await pass_time(gateway, clock)
    assert provider.requests == []
    assert await states(gateway, unsent) == [State.QUEUED] * 2


async def test_what_an_expired_account_holds_waits_until_a_message_is_taken(
    gateway: Gateway,
    unsent: list[Message],
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    account = await add_waiting(gateway, provider)
    account.note_status(AccountStatus.EXPIRED)
    await account.check()
    await pass_time(gateway, clock)
    assert provider.requests == []
    await gateway.send("a", draft())
    await pass_time(gateway, clock)
    assert await states(gateway, unsent) == [State.ACCEPTED] * 2


async def test_what_waits_can_be_taken_back(
    gateway: Gateway,
    unsent: list[Message],
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    account = await add_waiting(gateway, provider)
    first, second = unsent
    cancelled = await gateway.cancel(first.id)
    assert cancelled.state is State.DELETED
    assert await gateway.cancel(first.id) == cancelled
    assert account.statistics.queued == 1
    account.resume()
    await pass_time(gateway, clock)
    assert sent_ids(provider) == [second.id]
    assert provider.cancelled == []
    assert await states(gateway, unsent) == [State.DELETED, State.ACCEPTED]


async def test_what_may_have_gone_out_is_not_taken_back(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.outbox.STOP_GRACE", 0.01)
    await add_account(**HOLD)
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: provider.open)
    await gateway.remove_account("a")
    [message] = await sending
    provider.gate.set()
    account = await add_waiting(gateway, provider, **HOLD)
    with refused("message_id", "message_uncertain"):
        await gateway.cancel(message.id)
    account.resume()
    await eventually(lambda: account._resuming is None)
    await settle(gateway)
    assert await states(gateway, [message]) == [State.UNKNOWN]


async def test_what_waits_too_long_is_not_sent_any_more(
    gateway: Gateway,
    unsent: list[Message],
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    account = await add_waiting(gateway, provider)
    clock.advance(timedelta(hours=25))
    await settle(gateway)
    account.resume()
    await pass_time(gateway, clock)
    assert provider.requests == []
    assert await states(gateway, unsent) == [State.EXPIRED] * 2


async def test_new_messages_do_not_wait_for_what_waits(
    gateway: Gateway, unsent: list[Message], provider: FakeProvider
) -> None:
    await add_waiting(gateway, provider)
    [message] = await gateway.send("a", draft())
    assert message.state is State.ACCEPTED
    assert provider.requests[0][0].id == message.id


async def test_a_stop_amid_the_resuming_loses_none_and_doubles_none(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.always = BUSY
    provider.limit = 2_000
    messages = await gateway.send("a", draft(*numbers(1_200), track=False))
    await gateway.remove_account("a")
    provider.always = None
    provider.requests.clear()
    account = await add_waiting(gateway, provider)
    account.resume()
    await asyncio.sleep(0)
    assert account._resuming
    account = await restart(gateway, provider)
    await eventually(lambda: account._resuming is None)
    clock.advance(timedelta(minutes=2))
    await eventually(lambda: len(sent_ids(provider)) >= len(messages))
    await settle(gateway)
    assert set(Counter(sent_ids(provider)).values()) == {1}
    assert len(sent_ids(provider)) == len(messages)


async def test_what_is_sent_while_the_account_stops_goes_out_when_it_is_back(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.gate.clear()
    before = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: provider.open)
    stopping = asyncio.create_task(gateway.remove_account("a"))
    await eventually(lambda: account.outbox._stopped)
    [message] = await gateway.send("a", draft(text="Water"))
    assert message.state is State.QUEUED
    assert await gateway.get(message.id) == message
    assert len(provider.requests) == 1
    provider.gate.set()
    await stopping
    await before
    assert await states(gateway, [message]) == [State.QUEUED]
    await gateway.add_account("a", provider)
    await pass_time(gateway, clock)
    assert [load[0].text for load in provider.requests] == ["Fire", "Water"]
    assert await states(gateway, [message]) == [State.ACCEPTED]


async def test_what_is_being_recorded_when_the_account_has_stopped_goes_out_too(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    async with gateway._journal._writing:
        sending = asyncio.create_task(gateway.send("a", draft()))
        await eventually(lambda: account._entering)
        again = asyncio.create_task(restart(gateway, provider))
        await eventually(lambda: account.outbox._stopped)
    [message] = await sending
    assert message.state is State.QUEUED
    await again
    await pass_time(gateway, clock)
    assert await states(gateway, [message]) == [State.ACCEPTED]
    assert len(provider.requests) == 1


async def test_what_cannot_be_recorded_while_the_account_stops_is_not_taken(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.gate.clear()
    before = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: provider.open)
    stopping = asyncio.create_task(gateway.remove_account("a"))
    await eventually(lambda: account.outbox._stopped)
    faulty = FaultyConnection(gateway._journal, "commit")
    faulty.error = sqlite3.OperationalError("disk full")
    with pytest.raises(JournalError):
        await gateway.send("a", draft(text="Water"))
    faulty.error = None
    provider.gate.set()
    await stopping
    await before


async def test_a_receipt_for_what_went_out_earlier_is_taken_while_the_rest_waits(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    [message] = await gateway.send("a", draft())
    await gateway.remove_account("a")
    await add_waiting(gateway, provider)
    received = await gateway.receive("a", make_receipt("1"))
    assert received
    assert (received.id, received.state) == (message.id, State.DELIVERED)
