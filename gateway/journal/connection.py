"""SQLite in a thread of its own, a transaction at a time."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import batched, chain
from pathlib import Path
import sqlite3
from typing import Final, NamedTuple, Self

import aiosqlite

from .rows import Row

ROWS: Final = 100
"""Rows written by one statement."""
CHECKPOINT_PAGES: Final = 1000
"""Pages of the log at which they go into the file; SQLite's own default."""
STATEMENTS: Final = 32
"""Statements kept compiled: those for many rows are large."""


class Statement(NamedTuple):
    """A statement and its values."""

    sql: str
    values: Sequence[object] = ()


def statements(sql: str, rows: Sequence[Row]) -> Iterator[Statement]:
    """Write many rows by few statements; `{rows}` in `sql` becomes their marks.

    With a statement for each row, SQLite's thread and the event loop's would have to
    hand each other the interpreter at every one of them.
    """
    for chunk in batched(rows, ROWS, strict=False):
        yield Statement(
            _with_marks(sql, len(chunk), len(chunk[0])),
            list(chain.from_iterable(chunk)),
        )


@lru_cache
def _with_marks(sql: str, rows: int, columns: int) -> str:
    marks = f"({', '.join('?' * columns)})"
    return sql.format(rows=", ".join([marks] * rows))


class Connection(aiosqlite.Connection):
    """A connection that carries a whole transaction out in one visit to its thread."""

    @classmethod
    async def to(cls, path: Path) -> Self:
        """Open the file at `path`; raises sqlite3.Error."""
        connection = cls(
            lambda: sqlite3.connect(path, cached_statements=STATEMENTS),
            iter_chunk_size=ROWS,
        )
        try:
            await connection
        except BaseException:
            # It has told its thread to end, and does not wait for that.
            await asyncio.to_thread(connection._thread.join)
            raise
        return connection

    async def transact(self, work: Sequence[Statement]) -> int:
        """Carry out all statements or none; returns the rows that the last one changed.

        A caller that is cancelled leaves that to go on. Raises sqlite3.Error, and
        ValueError when the connection is closed.
        """
        # The library tells no types here.
        changed: int = await self._execute(  # type: ignore[no-untyped-call]
            _transact, self._conn, work
        )
        return changed

    async def keep_log(self, *, kept: bool) -> None:
        """Leave the database file as it is and write to the log only, or end that.

        Raises sqlite3.Error, and ValueError when the connection is closed.
        """
        await self._execute(_keep_log, self._conn, kept)  # type: ignore[no-untyped-call]


def _keep_log(connection: sqlite3.Connection, kept: bool) -> None:
    """Without checkpoints the log only grows: any prefix of it fits the file.

    The last connection that closes would make a checkpoint too.
    """
    pages = 0 if kept else CHECKPOINT_PAGES
    connection.execute(f"PRAGMA wal_autocheckpoint = {pages}").close()
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, kept)


def _transact(connection: sqlite3.Connection, work: Sequence[Statement]) -> int:
    changed = 0
    try:
        for sql, values in work:
            changed = connection.execute(sql, values).rowcount
        connection.commit()
    except BaseException:
        with suppress(sqlite3.Error):
            connection.rollback()
        raise
    return changed
