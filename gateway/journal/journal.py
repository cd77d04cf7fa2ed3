"""The journal: messages, their parts, early receipts and totals, in one SQLite file.

SQLite runs in a thread of its own (`aiosqlite`). WAL mode with full synchronisation:
what a method has returned from survives a power cut.
"""

# ruff: noqa: S608 - what is put into SQL here are column lists and marks, no values
import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
import logging
from pathlib import Path
import sqlite3
from typing import Final, Self

from ..errors import JournalError, UnrecordableError
from ..model import Message, Part, State
from ..reasons import Reason
from . import early, fragments
from .connection import Connection, Statement, statements
from .early import EarlyReceipt, Identity
from .fragments import KeptFragment
from .rows import (
    MESSAGE_COLUMNS,
    PROGRESS_COLUMNS,
    Row,
    from_row,
    part_rows,
    part_state_rows,
    progress_row,
    to_ms,
    to_row,
)
from .schema import migrate

_LOGGER = logging.getLogger(__name__)

CHUNK: Final = 250
"""Rows turned into objects, or back, in one turn of the event loop."""

_PROGRESS = len(PROGRESS_COLUMNS.split(","))

# `{rows}` stands for the values of as many rows as there are.
_INSERT = f"INSERT INTO message ({MESSAGE_COLUMNS}) VALUES {{rows}}"
_UPDATE = (
    f"UPDATE message SET ({PROGRESS_COLUMNS}) = "
    f"({', '.join(f'new.column{column}' for column in range(2, _PROGRESS + 2))}) "
    "FROM (VALUES {rows}) AS new WHERE id = new.column1"
)
# A message that was forgotten meanwhile gets no parts.
_PUT_PARTS = (
    "INSERT OR REPLACE INTO part SELECT new.* FROM (VALUES {rows}) AS new "
    "WHERE EXISTS (SELECT 1 FROM message WHERE id = new.column1)"
)
_CHANGE_PARTS = (
    "UPDATE part SET (state, error_code) = (new.column3, new.column4) "
    "FROM (VALUES {rows}) AS new "
    "WHERE message_id = new.column1 AND position = new.column2"
)
_ADD_TOTALS = (
    "INSERT INTO total VALUES {rows} ON CONFLICT (account, name) "
    "DO UPDATE SET value = value + excluded.value"
)


_UNFIT = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
    UnicodeError,
)
"""What SQLite and its binding raise for values, not for the state of the file."""


type Totals = Counter[str]


@dataclass(slots=True)
class Writes:
    """What one transaction writes.

    Of some messages the parts are new, of others their states have changed.
    """

    messages: list[Message] = field(default_factory=list)
    with_parts: list[Message] = field(default_factory=list)
    with_part_states: list[Message] = field(default_factory=list)
    totals: Counter[tuple[str, str]] = field(default_factory=Counter)
    early: list[EarlyReceipt] = field(default_factory=list)
    matched: list[Identity] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.messages or self.totals or self.early or self.matched)


@dataclass(frozen=True, slots=True)
class _Addition:
    """New messages on their way into the file."""

    messages: Sequence[Message]
    done: asyncio.Future[None]


class Journal:
    """One open journal file. Every method raises JournalError when SQLite does."""

    def __init__(self, db: Connection) -> None:
        """Take an open connection; use `Journal.open`."""
        self._db = db
        self._writing = asyncio.Lock()
        self._additions: list[_Addition] = []
        self._adding: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file at `path`, made or migrated as needed.

        A file that is no database any more is set aside (`….corrupt`) and begun anew:
        an alarm must go out even so.
        """
        try:
            try:
                return cls(await _connect(path))
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError as error:
                _LOGGER.error("%s is damaged (%s); it is set aside", path, error)
                await asyncio.to_thread(_set_aside, path)
            return cls(await _connect(path))
        except (sqlite3.Error, OSError) as error:
            raise JournalError(
                Reason("journal_unopened", path=path, words=error)
            ) from error

    async def close(self) -> None:
        """Finish the running transaction and close the file."""
        async with self._writing:
            await self._db.close()

    async def hold_file(self, *, held: bool) -> None:
        """Leave the file as it is while it is copied, or end that.

        What is written meanwhile stands in its log (`…-wal`): a copy of both, made in
        any order and at any moments, is whole.
        """
        try:
            await self._db.keep_log(kept=held)
        except (sqlite3.Error, ValueError) as error:
            raise JournalError(Reason("journal_unwritable", words=error)) from error

    async def add(self, messages: Sequence[Message]) -> None:
        """Record new messages, all or none.

        Calls that wait for their turn to write share one transaction.
        """
        addition = _Addition(messages, asyncio.get_running_loop().create_future())
        self._additions.append(addition)
        if self._adding is None:
            self._adding = asyncio.create_task(self._add_waiting(), name="sms journal")
        await addition.done

    async def _add_waiting(self) -> None:
        """Write what waits by the time it is our turn, and what comes meanwhile."""
        try:
            while self._additions:
                async with self._writing:
                    taken, self._additions = self._additions, []
                    await self._add_together(
                        [each for each in taken if not each.done.cancelled()]
                    )
        finally:
            self._adding = None
            _answer(self._additions, JournalError(Reason("journal_interrupted")))

    async def _add_together(self, additions: Sequence[_Addition]) -> None:
        error: JournalError | None = JournalError(Reason("journal_interrupted"))
        try:
            work: list[Statement] = []
            for addition in additions:
                for chunk in batched(addition.messages, CHUNK, strict=False):
                    work += statements(_INSERT, list(map(to_row, chunk)))
                    await asyncio.sleep(0)
            await self._transact(work)
            error = None
        except UnrecordableError as unrecordable:
            error = unrecordable
            if len(additions) > 1:  # one of them is to blame
                for addition in additions:
                    await self._add_together([addition])
        except JournalError as failure:
            error = failure
        finally:
            _answer(additions, error)

    async def write(self, writes: Writes) -> None:
        """Write all of it in one transaction."""
        work = [
            *statements(
                _UPDATE, [(each.id, *progress_row(each)) for each in writes.messages]
            ),
            *statements(
                _PUT_PARTS,
                [row for each in writes.with_parts for row in part_rows(each)],
            ),
            *statements(
                _CHANGE_PARTS,
                [
                    row
                    for each in writes.with_part_states
                    for row in part_state_rows(each)
                ],
            ),
            *statements(
                _ADD_TOTALS,
                [(*key, value) for key, value in writes.totals.items() if value],
            ),
            *early.writing(writes.early, writes.matched),
        ]
        async with self._writing:
            await self._transact(work)

    async def get(self, message_id: str) -> Message | None:
        """Return the message with our own id."""
        return next(iter(await self._messages("id = ?", [message_id])), None)

    async def named(self, provider_ids: Sequence[str]) -> list[Message]:
        """Return the messages, of any account, that have such a part."""
        marks = ", ".join("?" * len(provider_ids))
        return await self._messages(
            f"id IN (SELECT message_id FROM part WHERE provider_id IN ({marks}))",
            provider_ids,
        )

    async def unfinished(self, account: str, since: datetime) -> list[Message]:
        """Return the account's messages that still ask for work, oldest first.

        These are the queued ones, and those tracked whose way began after `since`.
        """
        return await self._messages(
            "account = ? AND finished_at IS NULL AND (state = ? OR (tracked AND "
            "max(coalesce(accepted_at, updated_at), coalesce(schedule, 0)) >= ?)) "
            "ORDER BY id",
            [account, State.QUEUED, to_ms(since)],
        )

    async def finished(self, account: str, limit: int) -> list[Message]:
        """Return the account's last finished messages, newest first."""
        return await self._messages(
            "account = ? AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT ?",
            [account, limit],
        )

    async def totals(self, account: str) -> Totals:
        """Return what has ever been counted for the account."""
        rows = await self._rows(
            "SELECT name, value FROM total WHERE account = ?", [account]
        )
        return Counter({row[0]: row[1] for row in rows})

    async def early_receipts(self, account: str) -> list[EarlyReceipt]:
        """Return the receipts that still wait for their message, oldest first."""
        return [
            early.from_row(row) for row in await self._rows(early.SELECT, [account])
        ]

    async def fragments(self, account: str) -> list[KeptFragment]:
        """Return the account's incoming fragments that were not told, oldest first."""
        rows = await self._rows(fragments.SELECT, [account])
        return [fragments.from_row(row) for row in rows]

    async def write_fragments(
        self, kept: Sequence[KeptFragment], gone: Sequence[str]
    ) -> None:
        """Record incoming fragments, and forget others by their ids."""
        async with self._writing:
            await self._transact([*fragments.writing(kept, gone)])

    async def prune(self, account: str, before: datetime) -> int:
        """Forget what has not changed since `before`; queued messages always stay.

        Returns the number of messages forgotten.
        """
        limit = to_ms(before)
        forgotten = await self._delete_messages(
            "account = ? AND updated_at < ? AND state != ?",
            [account, limit, State.QUEUED],
        )
        async with self._writing:
            await self._transact([early.pruning(account, before)])
        return forgotten

    async def forget_account(self, account: str) -> None:
        """Remove everything that belongs to the account."""
        await self._delete_messages("account = ?", [account])
        async with self._writing:
            await self._transact(
                [
                    Statement(f"DELETE FROM {table} WHERE account = ?", (account,))
                    for table in ("early_receipt", "fragment", "total")
                ]
            )

    async def _delete_messages(self, where: str, values: Sequence[object]) -> int:
        """Delete in small transactions, so that nobody else waits for long."""
        delete = Statement(
            "DELETE FROM message WHERE id IN "
            f"(SELECT id FROM message WHERE {where} LIMIT {CHUNK})",
            values,
        )
        deleted = 0
        while True:
            async with self._writing:
                changed = await self._transact([delete])
            deleted += changed
            if changed < CHUNK:
                return deleted

    async def _messages(self, where: str, values: Sequence[object]) -> list[Message]:
        rows = await self._rows(
            f"SELECT {MESSAGE_COLUMNS} FROM message WHERE {where}", values
        )
        parts: defaultdict[str, list[Part]] = defaultdict(list)
        messages: list[Message] = []
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            marks = ", ".join("?" * len(chunk))
            for row in await self._rows(
                "SELECT message_id, provider_id, state, error_code FROM part "
                f"WHERE message_id IN ({marks}) ORDER BY message_id, position",
                [row[0] for row in chunk],
            ):
                parts[row[0]].append(Part(row[1], State(row[2]), row[3]))
            messages += [from_row(row, tuple(parts.pop(row[0], ()))) for row in chunk]
        return messages

    async def _rows(self, sql: str, values: Iterable[object]) -> list[Row]:
        try:
            return list(await self._db.execute_fetchall(sql, values))
        except (sqlite3.Error, ValueError) as error:
            raise JournalError(Reason("journal_unreadable", words=error)) from error

    async def _transact(self, work: Sequence[Statement]) -> int:
        """Carry out a transaction; returns how many rows its last statement changed."""
        try:
            return await self._db.transact(work)
        except _UNFIT as error:
            raise UnrecordableError(
                Reason("journal_unrecordable", name=type(error).__name__)
            ) from None
        except (sqlite3.Error, ValueError) as error:
            # ValueError is aiosqlite's word for a closed file.
            raise JournalError(Reason("journal_unwritable", words=error)) from error


def _answer(additions: Iterable[_Addition], error: JournalError | None) -> None:
    """Tell those who wait and were not told by themselves."""
    for addition in additions:
        if addition.done.done():
            continue
        if error is None:
            addition.done.set_result(None)
        else:
            addition.done.set_exception(error)
            addition.done.exception()


async def _connect(path: Path) -> Connection:
    db = await Connection.to(path)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            await db.execute(f"PRAGMA {pragma}")
        await _check(db)
        await migrate(db)
    except BaseException:
        await db.close()
        raise
    return db


async def _check(db: Connection) -> None:
    """Raise DatabaseError for a file whose header is sound and whose pages are not."""
    for row in await db.execute_fetchall("PRAGMA quick_check(1)"):
        if row[0] != "ok":
            raise sqlite3.DatabaseError(row[0])


def _set_aside(path: Path) -> None:
    """Rename a damaged file to `….corrupt`, with the log that belongs to it."""
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(f"{path.name}{suffix}")
        if part.exists():
            part.replace(path.with_name(f"{path.name}.corrupt{suffix}"))
