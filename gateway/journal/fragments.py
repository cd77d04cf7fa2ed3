"""Incoming messages, or parts of them, as rows and back."""

# ruff: noqa: S608 - what is put into SQL here are column lists and marks, no values
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..model import Fragment, Place
from .connection import Statement, statements
from .rows import Row, at_ms, from_ms, to_ms

_COLUMNS: Final = (
    "id, account, sender, recipient, charset, octets, reference, total, number, "
    "sent_at, received_at"
)
SELECT: Final = f"SELECT {_COLUMNS} FROM fragment WHERE account = ? ORDER BY id"
_INSERT: Final = f"INSERT INTO fragment ({_COLUMNS}) VALUES {{rows}}"
_DELETE: Final = "DELETE FROM fragment WHERE id IN (VALUES {rows})"


@dataclass(frozen=True, slots=True)
class KeptFragment:
    """A fragment with our own id, which grows with time, and when it came."""

    id: str
    account: str
    fragment: Fragment
    received_at: datetime


def writing(kept: Sequence[KeptFragment], gone: Sequence[str]) -> Iterator[Statement]:
    """Write how the table takes these fragments and lets go of others."""
    yield from statements(_INSERT, [_to_row(each) for each in kept])
    yield from statements(_DELETE, [(id_,) for id_ in gone])


def _to_row(kept: KeptFragment) -> Row:
    fragment = kept.fragment
    return (
        kept.id,
        kept.account,
        fragment.sender,
        fragment.recipient,
        fragment.charset,
        fragment.octets,
        *(fragment.place or (None, None, None)),
        to_ms(fragment.sent_at),
        to_ms(kept.received_at),
    )


def from_row(row: Row) -> KeptFragment:
    """Read a fragment back from what `SELECT` found."""
    return KeptFragment(
        row[0],
        row[1],
        Fragment(
            sender=row[2],
            recipient=row[3],
            charset=row[4],
            octets=row[5],
            place=None if row[6] is None else Place(*row[6:9]),
            sent_at=from_ms(row[9]),
        ),
        at_ms(row[10]),
    )
