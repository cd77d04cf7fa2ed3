"""The ledger: one order, one transaction after the other, nothing told before it holds."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
import logging
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from gateway.errors import CreditError, JournalError, TransientError
from gateway.journal import Journal
from gateway.ledger import Ledger, Recording, early, ledger as module
from gateway.model import Change, Message, State, Submission

from .clock import START, ManualClock
from .helpers import FaultyConnection, eventually, make_message, make_receipt

TAKEN = Submission(("1",), "ok")
FULL = sqlite3.OperationalError("disk is full")


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    journal = await Journal.open(path)
    yield journal
    await journal.close()


@pytest.fixture
async def disk(journal: Journal) -> FaultyConnection:
    """A disk that is full while `error` is set."""
    return FaultyConnection(journal, "commit")


@pytest.fixture
async def ledger(journal: Journal, clock: ManualClock) -> AsyncIterator[Ledger]:
    ledger = Ledger(journal, clock)
    yield ledger
    await ledger.close()


@pytest.fixture
async def message(ledger: Ledger) -> Message:
    message = make_message()
    await ledger.enqueue([message])
    return message


async def test_listeners_hear_what_the_journal_holds(
    ledger: Ledger, journal: Journal
) -> None:
    told: list[Change] = []
    end = ledger.listen(told.extend)
    message = make_message()
    await ledger.enqueue([message])
    accepted = await ledger.accepted(message, TAKEN)
    assert [change.before for change in told] == [None, State.QUEUED]
    assert told[1].message == accepted == await journal.get("m1")
    end()
    await ledger.receive("a", make_receipt())
    assert len(told) == 2


async def test_steps_are_applied_in_the_order_of_their_posting(
    ledger: Ledger, message: Message
) -> None:
    steps = [
        ledger.submitting(message),
        ledger.postponed(message, TransientError("busy"), START),
        ledger.receive("a", make_receipt()),
        ledger.accepted(message, TAKEN),
        ledger.refused(message, CreditError("too late")),
    ]
    results = await asyncio.gather(*steps)
    assert results[2] is None  # it waited for the next one
    newest = results[-1]
    assert newest is not None
    assert (newest.state, newest.attempts, newest.failure) == (
        State.DELIVERED,
        2,
        None,
    )


async def test_more_entries_than_fit_a_transaction(ledger: Ledger) -> None:
    messages = [make_message(id=f"m{number:04}") for number in range(600)]
    await ledger.enqueue(messages)
    results = await asyncio.gather(
        *(ledger.accepted(each, Submission((each.id,), "ok")) for each in messages),
        *(ledger.receive("a", make_receipt(each.id)) for each in messages),
    )
    assert all(each and each.state is State.DELIVERED for each in results[600:])


async def test_a_receipt_before_its_message_survives_a_restart(
    journal: Journal, clock: ManualClock
) -> None:
    first = Ledger(journal, clock)
    message = make_message()
    await first.enqueue([message])
    assert await first.receive("a", make_receipt()) is None
    await first.close()
    second = Ledger(journal, clock)
    await second.load("a")
    assert (await second.accepted(message, TAKEN)).state is State.DELIVERED
    assert await journal.early_receipts("a") == []
    await second.close()


async def test_a_receipt_in_another_base_is_matched_before_and_after(
    journal: Journal, clock: ManualClock
) -> None:
    first = Ledger(journal, clock)
    late, early_one = make_message(), make_message(id="m2", recipient="+9613999999")
    await first.enqueue([late, early_one])
    await first.accepted(late, Submission(("7B",), "ok"))
    receipts = [
        make_receipt("0123", any_base=True, recipient="9613123456", sender="Home"),
        make_receipt("0124", any_base=True, recipient="Home", sender="9613999999"),
    ]
    found, none = await asyncio.gather(*(first.receive("a", each) for each in receipts))
    assert found is not None
    assert found.state is State.DELIVERED
    assert none is None
    await first.close()
    second = Ledger(journal, clock)
    await second.load("a")
    delivered = await second.accepted(early_one, Submission(("7C",), "ok"))
    assert delivered.state is State.DELIVERED
    assert await journal.early_receipts("a") == []
    await second.close()


async def test_a_receipt_of_another_account_is_kept_until_its_message_is_known(
    journal: Journal, clock: ManualClock
) -> None:
    first = Ledger(journal, clock)
    message = make_message()
    await first.enqueue([message])
    receipt = make_receipt("1", any_account=True, recipient=message.recipient)
    assert await first.receive("b", receipt) is None
    await first.close()
    second = Ledger(journal, clock)
    await second.load("b")
    taken = await second.accepted(message, Submission(("1",), "ok"))
    assert taken.state is State.DELIVERED
    assert await journal.early_receipts("b") == []
    await second.close()


async def test_a_removed_account_keeps_its_receipts_in_the_journal(
    ledger: Ledger, journal: Journal, message: Message
) -> None:
    await ledger.receive("a", make_receipt())
    ledger.unload("a")
    assert len(ledger._early) == 0
    assert len(await journal.early_receipts("a")) == 1


async def test_old_receipts_are_pruned(
    ledger: Ledger, journal: Journal, clock: ManualClock
) -> None:
    await ledger.receive("a", make_receipt())
    clock.advance(timedelta(days=2))
    await ledger.prune("a", clock.now() - timedelta(days=1))
    assert len(ledger._early) == 0
    assert await journal.early_receipts("a") == []


async def test_a_flood_of_unknown_ids_is_bounded(
    ledger: Ledger, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(early, "LIMIT", 100)
    await asyncio.gather(
        *(ledger.receive("a", make_receipt(f"{number}")) for number in range(700))
    )
    assert len(ledger._early) <= 100 + module.BATCH
    await ledger.receive("a", make_receipt("last"))
    assert len(ledger._early) == 100
    waiting = await journal.early_receipts("a")
    assert {each.receipt.provider_id for each in waiting} >= {"699", "last"}
    assert len(waiting) == 100


async def test_a_failing_listener_does_not_harm_the_others(
    ledger: Ledger, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "what it was about"

    def fail(_: Any) -> None:
        raise ValueError(secret)

    told: list[Change] = []
    ledger.listen(fail)
    ledger.listen(told.extend)
    await ledger.accepted(message, TAKEN)
    assert len(told) == 1
    assert "A listener failed: ValueError" in caplog.text
    assert secret not in caplog.text


async def test_what_cannot_be_recorded_is_not_taken(
    ledger: Ledger, disk: FaultyConnection
) -> None:
    told: list[Change] = []
    ledger.listen(told.extend)
    disk.error = FULL
    with pytest.raises(JournalError, match="disk is full"):
        await ledger.enqueue([make_message()])
    assert told == []


async def test_a_step_is_tried_again_until_it_is_recorded(
    ledger: Ledger,
    journal: Journal,
    message: Message,
    disk: FaultyConnection,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[Change] = []
    ledger.listen(told.extend)
    disk.error = FULL
    with pytest.raises(JournalError, match="disk is full"):
        await ledger.accepted(message, TAKEN)
    clock.advance(module.RETRY_PAUSE)
    await eventually(lambda: clock.pauses)
    assert told == []
    disk.error = None
    clock.advance(module.RETRY_PAUSE)
    await ledger.settle()
    assert [change.message.state for change in told] == [State.ACCEPTED]
    assert clock.pauses == []
    # One line when it begins and one when it ends, not one for each try.
    assert [record.levelno for record in caplog.records] == [
        logging.ERROR,
        logging.WARNING,
    ]


async def test_whoever_brings_a_receipt_is_told_and_brings_it_again(
    ledger: Ledger, message: Message, disk: FaultyConnection, clock: ManualClock
) -> None:
    await ledger.accepted(message, TAKEN)
    disk.error = FULL
    lost = ledger.receive("a", make_receipt())
    step = ledger.submitting(make_message(id="m2"))
    with pytest.raises(JournalError):
        await lost
    with pytest.raises(JournalError):
        await step
    # A step that comes now waits for the next try, a receipt does not.
    waiting = ledger.submitting(make_message(id="m3"))
    await asyncio.sleep(0)
    assert not waiting.done
    disk.error = None
    again = await ledger.receive("a", make_receipt())
    assert again
    assert again.state is State.DELIVERED
    assert await waiting
    assert clock.pauses == []


async def test_one_bad_step_does_not_hold_up_the_others(
    ledger: Ledger, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    other = make_message(id="m2")
    await ledger.enqueue([other])
    bad = ledger.accepted(message, Submission(("1",), "\ud800"))
    good = ledger.accepted(other, Submission(("2",), "ok"))
    with pytest.raises(JournalError, match="cannot be recorded"):
        await bad
    assert (await good).state is State.ACCEPTED
    assert "UnrecordableError" in caplog.text


async def test_a_fault_of_ours_does_not_hold_up_the_others(
    ledger: Ledger, message: Message
) -> None:
    def fault(*_: Any) -> Message:
        raise ZeroDivisionError

    bad = ledger._step(message, fault)
    good = ledger.accepted(message, TAKEN)
    with pytest.raises(JournalError):
        await bad
    assert (await good).state is State.ACCEPTED


async def test_a_disk_that_fails_while_the_bad_step_is_looked_for(
    ledger: Ledger, message: Message, disk: FaultyConnection, clock: ManualClock
) -> None:
    def fault(*_: Any) -> Message:
        disk.error = FULL
        raise ZeroDivisionError

    bad = ledger._step(message, fault)
    good = ledger.accepted(message, TAKEN)
    for step in (bad, good):
        with pytest.raises(JournalError):
            await step
    disk.error = None
    clock.advance(module.RETRY_PAUSE)
    assert await ledger.settle() is None


async def test_a_poster_that_went_away_does_no_harm(
    ledger: Ledger, message: Message, journal: Journal
) -> None:
    waiting = asyncio.ensure_future(ledger.accepted(message, TAKEN))
    await asyncio.sleep(0)
    waiting.cancel()
    await ledger.settle()
    stored = await journal.get("m1")
    assert stored
    assert stored.state is State.ACCEPTED


async def test_who_is_told_is_told_at_once_and_once(
    ledger: Ledger, message: Message, disk: FaultyConnection, clock: ManualClock
) -> None:
    told: list[Recording[Message]] = []
    disk.error = FULL
    step = ledger.accepted(message, TAKEN)
    step.then(told.append)
    with pytest.raises(JournalError):
        await step
    disk.error = None
    clock.advance(module.RETRY_PAUSE)
    await ledger.settle()  # by now it is written, after all
    assert told == [step]
    assert isinstance(step.error, JournalError)
    recorded = ledger.receive("a", make_receipt())
    assert await recorded
    recorded.then(told.append)
    assert told == [step, recorded]
    assert recorded.error is None


async def test_news_that_nobody_can_take_is_logged_and_recorded(
    ledger: Ledger, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    step = ledger.accepted(message, TAKEN)
    step.then(fail)
    assert (await step).state is State.ACCEPTED
    assert "A listener failed: ZeroDivisionError" in caplog.text


async def test_closing_writes_what_was_posted(
    ledger: Ledger, message: Message, journal: Journal
) -> None:
    step = ledger.accepted(message, TAKEN)
    await ledger.close()
    assert step.done
    stored = await journal.get("m1")
    assert stored
    assert stored.state is State.ACCEPTED
    with pytest.raises(JournalError, match="closed"):
        await ledger.receive("a", make_receipt())


async def test_closing_with_a_full_disk_does_not_hang(
    ledger: Ledger,
    message: Message,
    disk: FaultyConnection,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    disk.error = FULL
    step = ledger.accepted(message, TAKEN)
    await ledger.close()
    with pytest.raises(JournalError):
        step.result()
    assert clock.pauses == []
    assert "1 steps were not recorded" in caplog.text


async def test_a_forgotten_account_leaves_nothing(
    ledger: Ledger, message: Message, journal: Journal
) -> None:
    ledger.accepted(message, TAKEN)
    await ledger.forget_account("a")
    assert await journal.get("m1") is None
    await ledger.accepted(message, TAKEN)  # too late, and no reason to stumble
    assert await journal.named(["1"]) == []
