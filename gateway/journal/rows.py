"""Messages as rows and back. Times are whole milliseconds since 1970."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ..model import Encoding, Failure, Message, Part, State

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

MESSAGE_COLUMNS: Final = (
    "id, account, recipient, text, sender, encoding, schedule, flash, reference, "
    "tracked, created_at, expires_at, state, attempts, submitting, next_attempt_at, "
    "accepted_at, finished_at, updated_at, failure_kind, failure_code, failure_text, "
    "answer, done_at"
)
PROGRESS_COLUMNS: Final = (
    "state, attempts, submitting, next_attempt_at, accepted_at, finished_at, "
    "updated_at, failure_kind, failure_code, failure_text, answer, done_at"
)

type Row = Sequence[Any]


def to_row(message: Message) -> Row:
    """Lay a message out as MESSAGE_COLUMNS."""
    return (
        message.id,
        message.account,
        message.recipient,
        message.text,
        message.sender,
        message.encoding,
        to_ms(message.schedule),
        message.flash,
        message.reference,
        message.tracked,
        to_ms(message.created_at),
        to_ms(message.expires_at),
        *progress_row(message),
    )


def progress_row(message: Message) -> Row:
    """Lay out what changes on a message's way, as PROGRESS_COLUMNS."""
    failure = message.failure
    return (
        message.state,
        message.attempts,
        message.submitting,
        to_ms(message.next_attempt_at),
        to_ms(message.accepted_at),
        to_ms(message.finished_at),
        to_ms(message.updated_at),
        failure and failure.kind,
        failure and failure.code,
        failure and failure.text,
        message.answer,
        to_ms(message.done_at),
    )


def part_rows(message: Message) -> list[Row]:
    """Lay out the parts of a message as the columns of their table."""
    return [
        (message.id, position, part.provider_id, part.state, part.error_code)
        for position, part in enumerate(message.parts)
    ]


def part_state_rows(message: Message) -> list[Row]:
    """Lay out what changes of parts, behind the key of their table."""
    return [
        (message.id, position, part.state, part.error_code)
        for position, part in enumerate(message.parts)
    ]


def from_row(row: Row, parts: tuple[Part, ...]) -> Message:
    """Read a message back from MESSAGE_COLUMNS."""
    return Message(
        id=row[0],
        account=row[1],
        recipient=row[2],
        text=row[3],
        sender=row[4],
        encoding=Encoding(row[5]),
        schedule=from_ms(row[6]),
        flash=bool(row[7]),
        reference=row[8],
        tracked=bool(row[9]),
        created_at=at_ms(row[10]),
        expires_at=at_ms(row[11]),
        state=State(row[12]),
        attempts=row[13],
        submitting=bool(row[14]),
        next_attempt_at=from_ms(row[15]),
        accepted_at=from_ms(row[16]),
        finished_at=from_ms(row[17]),
        updated_at=at_ms(row[18]),
        failure=None if row[19] is None else Failure(row[19], row[20], row[21]),
        answer=row[22],
        done_at=from_ms(row[23]),
        parts=parts,
    )


def to_ms(time: datetime | None) -> int | None:
    """Turn an aware datetime into milliseconds; None stays None."""
    return None if time is None else (time - _EPOCH) // _MILLISECOND


def from_ms(value: int | None) -> datetime | None:
    """Turn milliseconds into an aware datetime in UTC; None stays None."""
    return None if value is None else at_ms(value)


def at_ms(value: int) -> datetime:
    """Turn milliseconds into an aware datetime in UTC."""
    return _EPOCH + value * _MILLISECOND
