"""The tables of the journal, and how an older file becomes a newer one.

Each step takes the file from the version of its index to the next; `user_version` in
the file's header says where it stands. A released step is never edited.
"""

from typing import Final

import aiosqlite

from ..errors import JournalError
from ..reasons import Reason

STEPS: Final = (
    """
    CREATE TABLE message (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        recipient TEXT NOT NULL,
        text TEXT NOT NULL,
        sender TEXT,
        encoding TEXT NOT NULL,
        schedule INTEGER,
        flash INTEGER NOT NULL,
        reference TEXT,
        tracked INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        submitting INTEGER NOT NULL,
        next_attempt_at INTEGER,
        accepted_at INTEGER,
        finished_at INTEGER,
        updated_at INTEGER NOT NULL,
        failure_kind TEXT,
        failure_code TEXT,
        failure_text TEXT,
        answer TEXT,
        done_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX message_open ON message (account) WHERE finished_at IS NULL;
    CREATE INDEX message_finished ON message (account, finished_at)
        WHERE finished_at IS NOT NULL;

    CREATE TABLE part (
        message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        provider_id TEXT NOT NULL,
        state TEXT NOT NULL,
        error_code TEXT,
        PRIMARY KEY (message_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX part_provider_id ON part (provider_id);

    -- receipts that came before their message's provider id was known
    CREATE TABLE early_receipt (
        account TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        state TEXT NOT NULL,
        recipient TEXT NOT NULL,
        sender TEXT NOT NULL,
        error_code TEXT,
        done_at INTEGER,
        any_base INTEGER NOT NULL,
        any_account INTEGER NOT NULL,
        other_id TEXT,
        raw TEXT NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (account, provider_id, state, recipient, sender)
    ) STRICT, WITHOUT ROWID;

    -- incoming messages, or parts of them, that were not told yet
    CREATE TABLE fragment (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        sender TEXT NOT NULL,
        recipient TEXT NOT NULL,
        charset TEXT NOT NULL,
        octets BLOB NOT NULL,
        reference INTEGER,
        total INTEGER,
        number INTEGER,
        sent_at INTEGER,
        received_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- totals that outlive pruned messages
    CREATE TABLE total (
        account TEXT NOT NULL,
        name TEXT NOT NULL,
        value INTEGER NOT NULL,
        PRIMARY KEY (account, name)
    ) STRICT, WITHOUT ROWID;
    """,
)


async def migrate(db: aiosqlite.Connection) -> None:
    """Bring the open file to the newest version, each step in a transaction.

    Raises JournalError for a file that a newer release has written.
    """
    async with db.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    version = row[0] if row else 0
    if version > len(STEPS):
        raise JournalError(Reason("journal_newer", version=version, known=len(STEPS)))
    for number, step in enumerate(STEPS[version:], start=version + 1):
        await db.executescript(
            f"BEGIN IMMEDIATE; {step} PRAGMA user_version = {number}; COMMIT;"
        )
