"""What the journal does not take: a full disk, a value it cannot hold, a fault of ours."""

import asyncio
from collections.abc import Coroutine
import logging
from typing import Any

import pytest

from gateway.errors import JournalError
from gateway.journal import Journal, Writes
from gateway.ledger import Ledger, Recording, queue as module
from gateway.model import Change, Message, State, Submission

from ..clock import ManualClock
from ..helpers import FaultyConnection, eventually, make_message, make_receipt
from .conftest import FULL, TAKEN


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
    assert clock.pauses == [module.RETRY_PAUSE]
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


async def test_what_is_posted_on_hearing_of_a_failure_is_written(
    ledger: Ledger, message: Message, disk: FaultyConnection, clock: ManualClock
) -> None:
    posted: list[Recording[Message]] = []
    disk.error = FULL
    step = ledger.accepted(message, TAKEN)
    step.then(lambda _: posted.append(ledger.expired(message)))
    with pytest.raises(JournalError):
        await step
    disk.error = None
    clock.advance(module.RETRY_PAUSE)
    [after] = posted
    assert (await after).state is State.EXPIRED


async def test_a_ledger_that_is_closed_while_it_writes_ends_with_that(
    journal: Journal,
    clock: ManualClock,
    message: Message,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Even if it is closed before the first write has begun to wait for the disk."""
    monkeypatch.setattr(module, "HASTE", 1)
    ledger = Ledger(journal, clock)
    closing: list[asyncio.Task[None]] = []
    write = journal.write

    def close_first(writes: Writes) -> Coroutine[Any, Any, None]:
        closing.append(asyncio.create_task(ledger.close(), eager_start=True))
        return write(writes)

    monkeypatch.setattr(journal, "write", close_first)
    step = ledger.submitting(message)
    assert not closing[0].done()
    await closing[0]
    assert step.done
    assert step.error is None
