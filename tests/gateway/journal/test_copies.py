"""Copies of the journal's file and its log, made one after the other by a backup."""

# ruff: noqa: ASYNC240 - small files of a test

from pathlib import Path
import shutil

import pytest

from gateway.errors import JournalError
from gateway.journal import Journal, connection

from ..helpers import make_message

LONG = "x" * 4000
"""A page of the log, at least."""


async def fill(journal: Journal, name: str) -> list[str]:
    """Record more than the log takes before it is written into the file."""
    pages = connection.CHECKPOINT_PAGES
    ids = [f"{name}{number}" for number in range(pages)]
    await journal.add([make_message(id=id_, text=LONG) for id_ in ids])
    await journal.add([make_message(id=f"{name} last")])
    return [*ids, f"{name} last"]


async def opened_copy(path: Path, folder: Path) -> Journal:
    copy = await Journal.open(folder / path.name)
    assert not list(folder.glob("*.corrupt*"))
    return copy


@pytest.mark.parametrize("order", [("", "-wal"), ("-wal", "")])
async def test_a_copy_made_in_the_midst_of_writing_is_whole(
    path: Path, journal: Journal, tmp_path: Path, order: tuple[str, str]
) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    before = await fill(journal, "before")
    await journal.hold_file(held=True)
    await fill(journal, "first")
    shutil.copy(f"{path}{order[0]}", folder)
    await fill(journal, "between")
    shutil.copy(f"{path}{order[1]}", folder)
    await fill(journal, "after")
    await journal.hold_file(held=False)

    copy = await opened_copy(path, folder)
    for id_ in (before[0], before[-1], "first0", "first last"):
        assert await copy.get(id_), id_
    has_log_of_between = order == ("", "-wal")
    assert bool(await copy.get("between last")) is has_log_of_between
    assert await copy.get("after last") is None
    await copy.close()
    assert await journal.get("after last"), "nothing waited for the copy"


async def test_a_journal_that_closes_meanwhile_leaves_its_file_as_it_is(
    path: Path, journal: Journal, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    await journal.hold_file(held=True)
    await fill(journal, "first")
    shutil.copy(path, folder)
    await journal.close()
    again = await Journal.open(path)
    await again.hold_file(held=True)
    assert await again.get("first last")
    shutil.copy(f"{path}-wal", folder)
    copy = await opened_copy(path, folder)
    assert await copy.get("first last")
    await copy.close()
    await again.close()


async def test_the_log_goes_into_the_file_when_the_copy_is_done(
    path: Path, journal: Journal
) -> None:
    await journal.hold_file(held=True)
    size = path.stat().st_size
    await fill(journal, "held")
    assert path.stat().st_size == size
    await journal.hold_file(held=False)
    await fill(journal, "released")
    assert path.stat().st_size > size


async def test_a_closed_journal_cannot_be_held(journal: Journal) -> None:
    await journal.close()
    with pytest.raises(JournalError):
        await journal.hold_file(held=True)
