"""Taking messages back: sent ones, and those that wait."""

import asyncio
import sqlite3

import pytest

from gateway import Account, AccountStatus, Change, Gateway, State
from gateway.errors import (
    JournalError,
    ProviderError,
    SendFailedError,
    TransientError,
    UnavailableError,
    UncertainError,
    UnknownMessageError,
)
from gateway.model import Submission
from gateway.reasons import Reason

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
    settle,
)

REFUSED = ProviderError("no", code="ESME_RCANCELFAIL")


async def test_each_part_is_taken_back(
    gateway: Gateway, account: Account, provider: FakeProvider, changes: list[Change]
) -> None:
    provider.answers.append(Submission(("1", "2"), "ok"))
    [message] = await gateway.send("a", draft())
    cancelled = await gateway.cancel(message.id)
    assert cancelled.state is State.DELETED
    assert provider.cancelled == ["1", "2"]
    assert [each.message.state for each in changes].count(State.DELETED) == 1
    assert account.statistics.undelivered == 1
    # Once more is no error, and no request.
    assert await gateway.cancel(message.id) == cancelled
    assert provider.cancelled == ["1", "2"]


async def test_a_part_that_has_ended_is_left(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.answers.append(Submission(("1", "2"), "ok"))
    [message] = await gateway.send("a", draft())
    await gateway.receive("a", make_receipt("1"))
    cancelled = await gateway.cancel(message.id)
    assert [part.state for part in cancelled.parts] == [State.DELIVERED, State.DELETED]
    assert provider.cancelled == ["2"]


async def test_a_refusal_raises_and_what_was_taken_back_is_known(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.answers.append(Submission(("1", "2"), "ok"))
    [message] = await gateway.send("a", draft())
    provider.cancel_errors["2"] = REFUSED
    with pytest.raises(ProviderError, match="ESME_RCANCELFAIL: no"):
        await gateway.cancel(message.id)
    known = await gateway.get(message.id)
    assert known.state is State.ACCEPTED
    assert [part.state for part in known.parts] == [State.DELETED, State.ACCEPTED]
    assert account.status is AccountStatus.ACTIVE
    provider.cancel_errors["2"] = UnavailableError("down")
    with pytest.raises(UnavailableError):
        await gateway.cancel(message.id)
    assert account.status is AccountStatus.UNREACHABLE


async def test_a_message_that_waits_is_never_sent(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    changes: list[Change],
    clock: ManualClock,
) -> None:
    provider.always = BUSY
    first, second = await gateway.send("a", draft(*numbers(2)))
    cancelled = await gateway.cancel(first.id)
    assert cancelled.state is State.DELETED
    assert cancelled.attempts == 1
    assert str(cancelled.failure) == "taken back before it was sent"
    assert account.statistics.queued == 1
    provider.always = None
    provider.requests.clear()
    clock.advance(60)
    await eventually(lambda: account.statistics.sent == 1)
    await settle(gateway)
    assert [each.id for [each] in provider.requests] == [second.id]
    assert account.statistics.failed == 0
    assert (await gateway._journal.totals("a"))["failed"] == 0


async def test_a_caller_that_waits_for_it_is_told(
    gateway: Gateway, add_account: AddAccount, provider: FakeProvider
) -> None:
    await add_account(in_flight=1)
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(2))))
    await eventually(lambda: provider.open)
    [waiting] = [each for load in gateway.account("a").outbox._fresh for each in load]
    await gateway.cancel(waiting.id)
    provider.gate.set()
    with pytest.raises(SendFailedError, match="taken back before it was sent"):
        await sending
    assert len(provider.requests) == 1


async def test_one_of_many_in_a_request_is_taken_out(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.always = BUSY
    messages = await gateway.send("a", draft(*numbers(3), track=False))
    await gateway.cancel(messages[1].id)
    provider.always = None
    clock.advance(60)
    await eventually(lambda: account.statistics.sent == 2)
    sent = [message.id for message in provider.requests[-1]]
    assert sent == [messages[0].id, messages[2].id]


async def test_a_message_that_is_being_sent_is_not_taken_back(
    gateway: Gateway, account: Account, provider: FakeProvider, changes: list[Change]
) -> None:
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: provider.open)
    with pytest.raises(TransientError) as error:
        await gateway.cancel(changes[0].message.id)
    assert error.value.text == Reason("being_sent")
    provider.gate.set()
    [message] = await sending
    assert (await gateway.cancel(message.id)).state is State.DELETED


async def test_what_has_ended_or_is_unknown_is_not_taken_back(
    gateway: Gateway, add_account: AddAccount, provider: FakeProvider
) -> None:
    await add_account(**HOLD)
    [message] = await gateway.send("a", draft())
    await gateway.receive("a", make_receipt("1"))
    with refused("message_id", "message_ended", state=State.DELIVERED):
        await gateway.cancel(message.id)
    provider.answers.append(UncertainError("lost"))
    [held] = await gateway.send("a", draft())
    with refused("message_id", "message_uncertain"):
        await gateway.cancel(held.id)
    with pytest.raises(UnknownMessageError):
        await gateway.cancel("none")


async def test_a_journal_that_cannot_be_written_keeps_it_from_being_sent(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    provider.always = BUSY
    [message] = await gateway.send("a", draft())
    faulty = FaultyConnection(gateway._journal, "commit")
    faulty.error = sqlite3.OperationalError("disk full")
    with pytest.raises(JournalError):
        await gateway.cancel(message.id)
    faulty.error = None
    provider.always = None
    clock.advance(60)
    await settle(gateway)
    assert (await gateway.get(message.id)).state is State.DELETED
    assert len(provider.requests) == 1
