"""The ledger: one order, one transaction after the other, nothing told before it holds."""

import asyncio
from typing import Any

import pytest

from gateway.errors import CreditError, JournalError, TransientError
from gateway.journal import Journal
from gateway.ledger import Ledger
from gateway.model import Change, Message, State, Submission

from ..clock import START
from ..helpers import eventually, make_message, make_receipt
from .conftest import TAKEN


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


async def test_a_receipt_with_two_ids_is_for_the_message_that_has_one_of_them(
    ledger: Ledger, message: Message
) -> None:
    await ledger.accepted(message, Submission(("0A",), "ok"))
    other = make_message(id="m2")
    await ledger.enqueue([other])
    await ledger.accepted(other, Submission(("B-7",), "ok"))
    ledger._recent.clear()  # as after a restart
    unknown = make_receipt("internal", other_id="10", any_base=True)
    assert (await ledger.receive("a", unknown)).id == "m1"
    both = make_receipt("B-7", other_id="0A", any_base=True)
    assert (await ledger.receive("a", both)).id == "m2"
    neither = make_receipt("C", other_id="D", any_base=True)
    assert await ledger.receive("a", neither) is None


async def test_the_habit_of_a_server_is_learnt_from_its_receipts(
    ledger: Ledger,
) -> None:
    """Its answers are hexadecimal: 10, 16 and A0; its receipts say 16, 22 and 160."""
    messages = [make_message(id=f"m{id_}") for id_ in ("10", "16", "A0")]
    await ledger.enqueue(messages)
    for message in messages:
        await ledger.accepted(message, Submission((message.id[1:],), "ok"))

    async def found(reported: str) -> str:
        message = await ledger.receive("a", make_receipt(reported, any_base=True))
        return message.id if message else ""

    assert await found("160") == "mA0"
    assert await found("16") == "m10"
    ledger._recent.clear()  # as after a restart
    assert await found("22") == "m16"
    ledger.unload("a")
    assert ledger._habits == {}


async def test_more_entries_than_fit_a_transaction(ledger: Ledger) -> None:
    messages = [make_message(id=f"m{number:04}") for number in range(600)]
    await ledger.enqueue(messages)
    results = await asyncio.gather(
        *(ledger.accepted(each, Submission((each.id,), "ok")) for each in messages),
        *(ledger.receive("a", make_receipt(each.id)) for each in messages),
    )
    assert all(each and each.state is State.DELIVERED for each in results[600:])


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


async def test_a_poster_that_went_away_does_no_harm(
    ledger: Ledger, message: Message, journal: Journal
) -> None:
    async with journal._writing:  # by somebody else
        step = ledger.accepted(message, TAKEN)
        waiting = asyncio.ensure_future(step)
        await eventually(lambda: step._waiters)
        waiting.cancel()
    await ledger.settle()
    assert waiting.cancelled()
    stored = await journal.get("m1")
    assert stored
    assert stored.state is State.ACCEPTED


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


async def test_a_forgotten_account_leaves_nothing(
    ledger: Ledger, message: Message, journal: Journal
) -> None:
    ledger.accepted(message, TAKEN)
    await ledger.forget_account("a")
    assert await journal.get("m1") is None
    await ledger.accepted(message, TAKEN)  # too late, and no reason to stumble
    assert await journal.named(["1"]) == []
