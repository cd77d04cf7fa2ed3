"""Early receipts as rows of the journal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from ..model import Receipt, State
from .connection import Statement, statements
from .rows import Row, at_ms, from_ms, to_ms

SELECT: Final = "SELECT * FROM early_receipt WHERE account = ? ORDER BY received_at"

_PUT: Final = "INSERT OR IGNORE INTO early_receipt VALUES {rows}"
_DROP: Final = (
    "DELETE FROM early_receipt "
    "WHERE (account, provider_id, state, recipient, sender) IN (VALUES {rows})"
)
_PRUNE: Final = "DELETE FROM early_receipt WHERE account = ? AND received_at < ?"


class Identity(NamedTuple):
    """What tells one early receipt from another: servers give one id to many messages.

    A number that the receipt does not name is empty. Two that have all of this in common
    are taken for one: they cannot be told from a receipt that came twice.
    """

    account: str
    provider_id: str
    state: State
    recipient: str
    sender: str


@dataclass(frozen=True, slots=True)
class EarlyReceipt:
    """A receipt whose message is not known yet, and when it came."""

    account: str
    receipt: Receipt
    received_at: datetime

    @property
    def identity(self) -> Identity:
        """What it is known by."""
        receipt = self.receipt
        return Identity(
            self.account,
            receipt.provider_id,
            receipt.state,
            receipt.recipient or "",
            receipt.sender or "",
        )

    @property
    def identities(self) -> list[Identity]:
        """Its identity, and that under the other id that it gives."""
        identity = self.identity
        return [identity._replace(provider_id=id_) for id_ in self.receipt.ids]


def writing(
    kept: Sequence[EarlyReceipt], gone: Sequence[Identity]
) -> Iterator[Statement]:
    """Return the statements that forget some receipts, and record others."""
    yield from statements(_DROP, gone)
    yield from statements(_PUT, [_to_row(each) for each in kept])


def pruning(account: str, before: datetime) -> Statement:
    """Return the statement that forgets what came before then."""
    return Statement(_PRUNE, (account, to_ms(before)))


def from_row(row: Row) -> EarlyReceipt:
    """Read a row."""
    return EarlyReceipt(
        row[0],
        Receipt(
            provider_id=row[1],
            state=State(row[2]),
            recipient=row[3] or None,
            sender=row[4] or None,
            error_code=row[5],
            done_at=from_ms(row[6]),
            any_base=bool(row[7]),
            any_account=bool(row[8]),
            other_id=row[9],
            raw=row[10],
        ),
        at_ms(row[11]),
    )


def _to_row(early: EarlyReceipt) -> Row:
    receipt = early.receipt
    return (
        *early.identity,
        receipt.error_code,
        to_ms(receipt.done_at),
        receipt.any_base,
        receipt.any_account,
        receipt.other_id,
        receipt.raw,
        to_ms(early.received_at),
    )
