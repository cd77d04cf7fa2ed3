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
