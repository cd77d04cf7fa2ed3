"""The journal: what it keeps, and what it does when the file, or a value, is bad."""

# ruff: noqa: ASYNC240 - small files of a test

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import shutil
import sqlite3

import pytest

from gateway.errors import JournalError, UnrecordableError
from gateway.journal import EarlyReceipt, Journal, Writes, schema
from gateway.model import Encoding, Failure, Message, Part, State

from .clock import START
from .helpers import FaultyConnection, eventually, make_message, make_receipt


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    journal = await Journal.open(path)
    yield journal
    await journal.close()


def full_message() -> Message:
    """Return a message that has everything."""
    return make_message(
        encoding=Encoding.UNICODE,
        text="Füŕ 😀",
        schedule=START,
        flash=True,
        reference="r",
        tracked=False,
        state=State.DELIVERED,
        attempts=3,
        submitting=True,
        next_attempt_at=START,
        accepted_at=START,
        finished_at=START,
        failure=Failure("credit", "18", "no"),
        answer="raw",
        parts=(Part("1", State.DELIVERED), Part("2", State.REJECTED, "42")),
    )


async def put(journal: Journal, message: Message) -> None:
    await journal.add([message])
    await journal.write(Writes(messages=[message], with_parts=[message]))


async def test_a_message_comes_back_as_it_was(path: Path, journal: Journal) -> None:
    await put(journal, full_message())
    assert await journal.get("m1") == full_message()
    again = await Journal.open(path)
    assert await again.get("m1") == full_message()
    assert await again.named(["2"]) == [full_message()]
    assert await again.get("m2") is None
    await again.close()


async def test_totals_and_early_receipts_come_back(journal: Journal) -> None:
    early = EarlyReceipt(
        "a", make_receipt("1", error_code="7", recipient="961", raw="?"), START
    )
    writes = Writes(early=[early, early])
    writes.totals["a", "sent"] = 2
    await journal.write(writes)
    await journal.write(writes)
    assert await journal.totals("a") == {"sent": 4}
    assert await journal.totals("b") == {}
    assert await journal.early_receipts("a") == [early]
    await journal.write(Writes(matched=[("a", "1")]))
    assert await journal.early_receipts("a") == []


async def test_what_still_asks_for_work(journal: Journal) -> None:
    def message(id_: str, **changes: object) -> Message:
        return make_message(id=id_, updated_at=START - timedelta(days=9), **changes)

    old, new = START - timedelta(days=9), START + timedelta(days=1)
    sent = {"state": State.ACCEPTED, "accepted_at": old}
    await journal.add(
        [
            message("queued"),
            message("untracked", **sent | {"accepted_at": new, "tracked": False}),
            message("too old", **sent),
            message("scheduled", **sent, schedule=new),
            message("young", **sent | {"accepted_at": new}),
            message("other", account="b"),
            message("over", state=State.DELIVERED, finished_at=START),
        ]
    )
    unfinished = await journal.unfinished("a", START)
    assert [each.id for each in unfinished] == ["queued", "scheduled", "young"]
    assert [each.id for each in await journal.finished("a", 5)] == ["over"]


async def test_old_messages_are_forgotten_but_never_unsent_ones(
    journal: Journal,
) -> None:
    old = [
        make_message(
            id=f"m{number}",
            state=State.DELIVERED,
            parts=(Part(f"{number}", State.DELIVERED),),
        )
        for number in range(600)
    ]
    await journal.add(
        [*old, make_message(id="queued"), make_message(id="b", account="b")]
    )
    await journal.write(Writes(with_parts=old, messages=old))
    early = EarlyReceipt("a", make_receipt(), START)
    await journal.write(Writes(early=[early]))
    assert await journal.prune("a", START) == 0
    assert await journal.prune("a", START + timedelta(seconds=1)) == 600
    assert await journal.get("queued")
    assert await journal.get("b")
    assert await journal.named(["7"]) == []
    assert await journal.early_receipts("a") == []


async def test_an_account_is_forgotten_whole(journal: Journal) -> None:
    await journal.add([make_message(), make_message(id="b", account="b")])
    writes = Writes(early=[EarlyReceipt("a", make_receipt(), START)])
    writes.totals["a", "sent"] = 1
    await journal.write(writes)
    await journal.forget_account("a")
    assert await journal.get("m1") is None
    assert await journal.totals("a") == {}
    assert await journal.early_receipts("a") == []
    assert await journal.get("b")


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
            matched=[("a", f"e{number}") for number in range(249)],
        )
    )
    since = START - timedelta(hours=1)
    assert await journal.unfinished("a", since) == changed
    assert await journal.early_receipts("a") == early[249:]
    assert await journal.totals("a") == {"sent": 3, "failed": 3}
    assert await journal.totals("b") == {"sent": 4}


async def test_parts_of_a_forgotten_message_are_not_kept(journal: Journal) -> None:
    await journal.write(Writes(messages=[full_message()], with_parts=[full_message()]))
    assert await journal.named(["1"]) == []


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
    await journal.write(Writes(matched=[("a", "1")]))
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
        await asyncio.sleep(0)
        await asyncio.sleep(0)
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
    await journal.write(Writes(matched=[("a", "1")]))
    assert await journal.unfinished("a", START) == messages
    assert await journal.totals("a") == {}


async def test_a_cancelled_write_is_done_whole(journal: Journal) -> None:
    await journal.add([make_message(), make_message(id="m2")])
    write = asyncio.create_task(journal.prune("a", START + timedelta(days=1)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    write.cancel()
    await asyncio.gather(write, return_exceptions=True)
    await journal.add([make_message(id="m3")])
    left = [await journal.get(id_) for id_ in ("m1", "m2", "m3")]
    assert [bool(each) for each in left] in ([True] * 3, [False, False, True])


async def test_a_closed_journal_says_so(path: Path) -> None:
    journal = await Journal.open(path)
    await journal.close()
    with pytest.raises(JournalError, match="cannot be written"):
        await journal.add([make_message()])
    with pytest.raises(JournalError, match="cannot be read"):
        await journal.get("m1")


async def test_a_power_cut_loses_nothing_that_was_recorded(
    path: Path, journal: Journal, tmp_path: Path
) -> None:
    await journal.add([make_message()])
    await journal._db.execute("UPDATE message SET text = 'half done'")
    after = tmp_path / "after"
    after.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", after)
    again = await Journal.open(after / path.name)
    assert await again.get("m1") == make_message()
    await again.close()


async def test_a_log_cut_short_costs_its_last_transaction_only(
    path: Path, journal: Journal, tmp_path: Path
) -> None:
    await journal.add([make_message()])
    await journal.add([make_message(id="m2")])
    after = tmp_path / "after"
    after.mkdir()
    shutil.copy(path, after)
    log = Path(f"{path}-wal").read_bytes()
    (after / f"{path.name}-wal").write_bytes(log[:-100])
    again = await Journal.open(after / path.name)
    assert await again.get("m1")
    assert await again.get("m2") is None
    await again.close()


async def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    path.touch()
    journal = await Journal.open(path)
    await journal.add([make_message()])
    await journal.close()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(schema.STEPS),)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


async def test_an_older_file_is_brought_up_to_date(
    path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.add([make_message()])
    await journal.close()
    step = "ALTER TABLE message ADD COLUMN extra TEXT;"
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, step))
    again = await Journal.open(path)
    assert await again.get("m1") == make_message()
    assert await again._rows("SELECT extra FROM message", []) == [(None,)]
    assert await again._rows("PRAGMA user_version", []) == [(2,)]
    await again.close()


async def test_a_failed_step_leaves_the_file_as_it_was(
    path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.add([make_message()])
    await journal.close()
    step = "ALTER TABLE message ADD COLUMN extra TEXT; NONSENSE;"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", (*schema.STEPS, step))
        with pytest.raises(JournalError, match="NONSENSE"):
            await Journal.open(path)
    again = await Journal.open(path)
    assert await again.get("m1") == make_message()
    await again.close()


async def test_a_newer_file_is_refused_and_kept(path: Path, journal: Journal) -> None:
    await journal.add([make_message()])
    await journal.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(JournalError, match="version 99"):
        await Journal.open(path)
    assert path.exists()


async def test_a_file_that_is_no_database_is_set_aside(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)
    journal = await Journal.open(path)
    await journal.add([make_message()])
    await journal.close()
    assert path.with_name("journal.db.corrupt").read_bytes().startswith(b"no database")


async def test_a_file_damaged_in_the_middle_is_set_aside(path: Path) -> None:
    journal = await Journal.open(path)
    await journal.add(
        [make_message(id=f"m{number}", text="x" * 500) for number in range(99)]
    )
    await journal.close()
    content = bytearray(path.read_bytes())
    page = 4096
    content[page:] = b"\xa5" * (len(content) - page)
    path.write_bytes(content)
    again = await Journal.open(path)
    await again.add([make_message()])
    assert await again.get("m1") == make_message()
    await again.close()
    assert path.with_name("journal.db.corrupt").exists()


async def test_a_file_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot open"):
        await Journal.open(tmp_path / "no such folder" / "journal.db")
