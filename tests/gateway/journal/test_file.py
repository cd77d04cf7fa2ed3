"""The journal's file: cut short, older, newer, damaged."""

# ruff: noqa: ASYNC240 - small files of a test

from pathlib import Path
import shutil
import sqlite3

import pytest

from gateway.errors import JournalError
from gateway.journal import Journal, schema

from ..helpers import make_message


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
