"""Receipts that come before their message is known."""

import asyncio
from datetime import timedelta

import pytest

from gateway.journal import Journal
from gateway.ledger import Ledger, early, ledger as module
from gateway.model import Message, State, Submission

from ..clock import ManualClock
from ..helpers import make_message, make_receipt
from .conftest import TAKEN


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
