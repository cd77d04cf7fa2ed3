"""Writing to the journal: together, whole or not at all, and told when it fails."""

import asyncio
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import sqlite3

import pytest

from gateway.errors import JournalError, UnrecordableError
from gateway.journal import EarlyReceipt, Identity, Journal, Writes
from gateway.model import Message, Part, State

from ..clock import START
from ..helpers import FaultyConnection, eventually, make_message, make_receipt

SOME = Identity("a", "1", State.DELIVERED, "", "")


async def test_a_transaction_writes_many_of_each(journal: Journal) -> None:
    def message(number: int, *parts: Part) -> Message:
        return make_message(id=f"m{number:03}", parts=parts, attempts=len(parts))

    await journal.add([message(number) for number in range(250)])
    early = [
        EarlyReceipt("a", make_receipt(f"e{number}"), START) for number in range(250)
    ]
    await journal.write(Writes(early=early, totals=Counter({("a", "sent"): 1})))
    changed = [
        message(
            number,
            Part(f"{number}-1", State.DELIVERED),
            Part(f"{number}-2", State.REJECTED, "42"),
        )
        for number in range(250)
    ]
    await journal.write(
        Writes(
            messages=changed,
            with_parts=changed,
            totals=Counter({("a", "sent"): 2, ("a", "failed"): 3, ("b", "sent"): 4}),
            matched=[each.identity for each in early[:249]],
        )
    )
    since = START - timedelta(hours=1)
    assert await journal.unfinished("a", since) == changed
    assert await journal.early_receipts("a") == early[249:]
    assert await journal.totals("a") == {"sent": 3, "failed": 3}
    assert await journal.totals("b") == {"sent": 4}


async def test_additions_that_wait_share_a_transaction(journal: Journal) -> None:
    disk = FaultyConnection(journal)
    await asyncio.gather(
        *(journal.add([make_message(id=f"m{number}")]) for number in range(50))
    )
    assert disk.calls["commit"] <= 2  # the first, and all that came meanwhile
    assert await journal.get("m49")


async def test_one_bad_addition_does_not_take_others_with_it(journal: Journal) -> None:
    good = make_message(id="good")
    bad = make_message(id="bad", reference="\ud800")
    results = await asyncio.gather(
        journal.add([bad]), journal.add([good]), return_exceptions=True
    )
    assert isinstance(results[0], UnrecordableError)
    assert results[1] is None
    assert await journal.get("good") == good
    assert await journal.get("bad") is None


async def test_an_addition_is_recorded_whole_or_not(journal: Journal) -> None:
    messages = [make_message(id=f"m{number}") for number in range(300)]
    with pytest.raises(UnrecordableError):
        await journal.add([*messages, messages[0]])
    await journal.write(Writes(matched=[SOME]))
    assert await journal.get("m1") is None


@pytest.mark.parametrize("failing", ["commit", "execute"])
async def test_a_disk_error_is_told_and_rolled_back(
    journal: Journal, failing: str
) -> None:
    db = FaultyConnection(journal, failing)
    db.error = sqlite3.OperationalError("database or disk is full")
    results = await asyncio.gather(
        journal.add([make_message()]),
        journal.add([make_message(id="m2")]),
        return_exceptions=True,
    )
    assert [str(error) for error in results] == [
        "the journal cannot be written: database or disk is full"
    ] * 2
    db.error = None
    await journal.add([make_message(id="m3")])
    assert await journal.get("m1") is None
    assert await journal.get("m3")


async def test_a_cancelled_addition_is_left_out_and_leaves_the_others_in(
    journal: Journal,
) -> None:
    async with journal._writing:
        first = asyncio.create_task(journal.add([make_message()]))
        second = asyncio.create_task(journal.add([make_message(id="m2")]))
        await eventually(lambda: len(journal._additions) == 2)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    await second
    assert first.cancelled()
    assert await journal.get("m1") is None
    assert await journal.get("m2")


async def test_additions_are_told_when_the_loop_ends_first(journal: Journal) -> None:
    async with journal._writing:
        adding = asyncio.create_task(journal.add([make_message()]))
        await eventually(lambda: journal._adding)
        journal._adding.cancel()
        with pytest.raises(JournalError, match="interrupted"):
            await adding


async def test_a_write_is_recorded_whole_or_not(journal: Journal) -> None:
    messages = [make_message(id=f"m{number:03}") for number in range(250)]
    await journal.add(messages)
    changed = [replace(each, attempts=1) for each in messages]
    bad = EarlyReceipt("a", make_receipt(raw="\ud800"), START)
    with pytest.raises(UnrecordableError):
        await journal.write(
            Writes(messages=changed, early=[bad], totals=Counter({("a", "sent"): 1}))
        )
    await journal.write(Writes(matched=[SOME]))
    assert await journal.unfinished("a", START) == messages
    assert await journal.totals("a") == {}


async def test_a_cancelled_write_is_done_whole(path: Path, journal: Journal) -> None:
    over = {"state": State.DELIVERED}
    await journal.add([make_message(**over), make_message(id="m2", **over)])
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")  # the file is another's for now
        write = asyncio.create_task(journal.prune("a", START + timedelta(days=1)))
        await eventually(journal._writing.locked)
        write.cancel()
        await asyncio.gather(write, return_exceptions=True)
        assert write.cancelled()
        other.rollback()
    await journal.add([make_message(id="m3")])
    left = [await journal.get(id_) for id_ in ("m1", "m2", "m3")]
    assert [bool(each) for each in left] == [False, False, True]


async def test_a_closed_journal_says_so(path: Path) -> None:
    journal = await Journal.open(path)
    await journal.close()
    with pytest.raises(JournalError, match="cannot be written"):
        await journal.add([make_message()])
    with pytest.raises(JournalError, match="cannot be read"):
        await journal.get("m1")
