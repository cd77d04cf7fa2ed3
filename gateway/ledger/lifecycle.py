"""The state machine: how a message follows from what happened to it.

Pure functions from a message to the next one. The same object comes back when nothing
changed, and `ledger` relies on that. Three rules hold everywhere: a final state never
changes, a message never goes back (`State.rank`), a repeated word changes nothing.
"""

from collections.abc import Sequence
from copy import replace
from datetime import datetime

from ..errors import ProviderError
from ..model import Failure, Message, Part, Receipt, State, Submission
from ..reasons import Reason

CANCELLED_UNSENT = Failure("cancelled", None, Reason("cancelled_unsent"))
EXPIRED_UNSENT = Failure("expired", None, Reason("expired_unsent"))


def submitting(message: Message, now: datetime) -> Message:
    """Mark that the request for the message is about to go out."""
    return replace(message, submitting=True, updated_at=now)


def accepted(message: Message, submission: Submission, now: datetime) -> Message:
    """Take the provider's word that it has the message."""
    if message.state.is_final:
        return message
    parts = tuple(Part(id_, State.ACCEPTED) for id_ in submission.provider_ids)
    return replace(
        message,
        state=State.ACCEPTED,
        submitting=False,
        attempts=message.attempts + 1,
        next_attempt_at=None,
        accepted_at=now,
        updated_at=now,
        failure=None,
        answer=submission.answer,
        parts=parts,
    )


def refused(message: Message, error: ProviderError, now: datetime) -> Message:
    """Give the message up: the provider will not take it."""
    return _finish(message, State.FAILED, error.failure, now, answer=error.answer)


def postponed(
    message: Message, error: ProviderError, next_attempt_at: datetime, now: datetime
) -> Message:
    """Keep the message queued after a failure that may pass."""
    if message.state.is_final:
        return message
    return replace(
        message,
        submitting=False,
        attempts=message.attempts + 1,
        next_attempt_at=next_attempt_at,
        updated_at=now,
        failure=error.failure,
        answer=error.answer,
    )


def uncertain(message: Message, failure: Failure, now: datetime) -> Message:
    """Hold a message that went out without an answer: nobody knows what became of it."""
    if message.state.rank >= State.UNKNOWN.rank:
        return message
    return replace(
        message,
        state=State.UNKNOWN,
        submitting=False,
        attempts=message.attempts + 1,
        next_attempt_at=None,
        updated_at=now,
        failure=failure,
    )


def expired(message: Message, now: datetime) -> Message:
    """Give the message up: its time to live ended before the provider took it."""
    return _finish(message, State.EXPIRED, message.failure or EXPIRED_UNSENT, now)


def cancelled(message: Message, now: datetime) -> Message:
    """Give the message up: it was taken back before the provider took it."""
    return _finish(message, State.DELETED, CANCELLED_UNSENT, now)


def received(message: Message, receipt: Receipt, now: datetime) -> Message:
    """Apply a receipt for one part of the message.

    Of several parts with the same id (some servers call all of them `0`), it is for the
    first that has not ended.
    """
    if message.state.is_final:
        return message
    place = _open_part(message.parts, receipt.provider_id)
    if place is None:
        return message
    before = message.parts[place]
    part = _part_after(before, receipt)
    if part == before:
        return message
    parts = (*message.parts[:place], part, *message.parts[place + 1 :])
    state = state_of(parts)
    if state.rank < message.state.rank:
        state = message.state
    return replace(
        message,
        state=state,
        parts=parts,
        finished_at=now if state.is_final else None,
        done_at=receipt.done_at,
        updated_at=now,
        failure=None if state.is_final else message.failure,
        answer=receipt.raw or None,
    )


def state_of(parts: Sequence[Part]) -> State:
    """Derive the state of a message from its parts.

    Delivered when all parts are; while one is open, the least advanced part speaks;
    once all have ended, the first that was not delivered says why.
    """
    open_parts = [part.state for part in parts if not part.state.is_final]
    if open_parts:
        return min(open_parts, key=lambda state: state.rank)
    for part in parts:
        if part.state is not State.DELIVERED:
            return part.state
    return State.DELIVERED


def _open_part(parts: Sequence[Part], provider_id: str) -> int | None:
    """Return the place of the first part with this id that has not ended."""
    for place, part in enumerate(parts):
        if part.provider_id == provider_id and not part.state.is_final:
            return place
    return None


def _part_after(part: Part, receipt: Receipt) -> Part:
    if receipt.state.rank < part.state.rank:
        return part
    return Part(part.provider_id, receipt.state, receipt.error_code)


def _finish(
    message: Message,
    state: State,
    failure: Failure,
    now: datetime,
    answer: str | None = None,
) -> Message:
    if message.state.is_final:
        return message
    return replace(
        message,
        state=state,
        submitting=False,
        attempts=message.attempts + (state is State.FAILED),
        next_attempt_at=None,
        finished_at=now,
        updated_at=now,
        failure=failure,
        answer=answer or message.answer,
    )
