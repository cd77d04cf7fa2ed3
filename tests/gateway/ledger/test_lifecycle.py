"""The state machine: a final state never changes, nothing goes back or counts twice."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from gateway.errors import CreditError, TransientError, UncertainError
from gateway.ledger import lifecycle
from gateway.model import (
    FINAL_STATES,
    Change,
    Failure,
    Message,
    Part,
    State,
    Submission,
)

from ..clock import START
from ..helpers import make_message, make_receipt

LATER = START + timedelta(minutes=1)
RECEIPT_STATES = [state for state in State if state not in (State.QUEUED, State.FAILED)]


def accepted(*provider_ids: str) -> Message:
    return lifecycle.accepted(make_message(), Submission(provider_ids, "ok"), START)


def after(message: Message, *receipts: tuple[str, State]) -> Message:
    for provider_id, state in receipts:
        message = lifecycle.received(message, make_receipt(provider_id, state), LATER)
    return message


receipts = st.lists(
    st.tuples(st.sampled_from(["1", "2", "3", "?"]), st.sampled_from(RECEIPT_STATES)),
    max_size=12,
)


@given(receipts)
def test_any_receipts_keep_the_three_rules(receipts: list[tuple[str, State]]) -> None:
    way = [accepted("1", "2", "3")]
    for receipt in receipts:
        way.append(after(way[-1], receipt))
        # A repeated word changes nothing.
        assert after(way[-1], receipt) is way[-1]
    for before, now in pairwise(way):
        # A message never goes back, and a final state never changes.
        assert now.state.rank >= before.state.rank
        if before.state.is_final:
            assert now is before
        for part_before, part in zip(before.parts, now.parts, strict=True):
            assert part.state.rank >= part_before.state.rank
            assert not part_before.state.is_final or part == part_before
    last = way[-1]
    assert last.state.is_final == (last.finished_at is not None)
    assert last.state.is_final == all(part.state.is_final for part in last.parts)


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([State.ACCEPTED], State.ACCEPTED),
        ([State.DELIVERED, State.ACCEPTED], State.ACCEPTED),
        ([State.UNKNOWN, State.ENROUTE], State.ENROUTE),
        ([State.UNDELIVERABLE, State.ENROUTE], State.ENROUTE),
        ([State.DELIVERED, State.DELIVERED], State.DELIVERED),
        ([State.DELIVERED, State.EXPIRED], State.EXPIRED),
        ([State.REJECTED, State.EXPIRED], State.REJECTED),
    ],
)
def test_a_message_is_what_its_parts_are(parts: list[State], state: State) -> None:
    assert lifecycle.state_of([Part("1", each) for each in parts]) is state


def test_a_message_is_delivered_with_its_last_part() -> None:
    message = after(accepted("1", "2"), ("1", State.DELIVERED))
    assert message.state is State.ACCEPTED
    message = after(message, ("2", State.DELIVERED))
    assert message.state is State.DELIVERED
    assert message.finished_at == LATER
    assert message.latency == timedelta(minutes=1)


def test_a_message_has_the_time_of_its_last_receipt() -> None:
    """By the provider's clock, and not that of an earlier state."""
    enroute = make_receipt("1", state=State.ENROUTE, done_at=START)
    message = lifecycle.received(accepted("1"), enroute, LATER)
    assert message.done_at == START
    message = lifecycle.received(message, make_receipt("1"), LATER)
    assert (message.state, message.done_at) == (State.DELIVERED, None)


def test_parts_with_the_same_id_need_a_receipt_each() -> None:
    message = accepted("0", "0", "0")
    for _ in range(2):
        message = after(message, ("0", State.ENROUTE), ("0", State.DELIVERED))
        assert not message.state.is_final
    message = after(message, ("0", State.UNDELIVERABLE))
    assert message.state is State.UNDELIVERABLE
    assert [part.state for part in message.parts] == [
        State.DELIVERED,
        State.DELIVERED,
        State.UNDELIVERABLE,
    ]


def test_acceptance_ends_the_queue() -> None:
    message = lifecycle.postponed(
        make_message(), TransientError("later", answer="raw"), LATER, START
    )
    assert (message.state, message.attempts) == (State.QUEUED, 1)
    assert (message.next_attempt_at, message.answer) == (LATER, "raw")
    message = lifecycle.accepted(message, Submission(("1",), "ok"), LATER)
    assert (message.state, message.attempts) == (State.ACCEPTED, 2)
    assert message.failure is None
    assert message.next_attempt_at is None


def test_a_refusal_is_final() -> None:
    message = lifecycle.refused(make_message(), CreditError("no", code="18"), START)
    assert message.state is State.FAILED
    assert message.is_refused
    assert message.failure == Failure("credit", "18", "no")
    assert message.error_code == "18"


def test_the_end_of_its_time_keeps_the_last_failure() -> None:
    assert lifecycle.expired(make_message(), START).failure == lifecycle.EXPIRED_UNSENT
    tried = lifecycle.postponed(make_message(), TransientError("busy"), LATER, START)
    expired = lifecycle.expired(tried, LATER)
    assert expired.state is State.EXPIRED
    assert str(expired.failure) == "busy"


def test_an_unanswered_message_can_be_held() -> None:
    failure = UncertainError("lost").failure
    message = lifecycle.uncertain(
        lifecycle.submitting(make_message(), START), failure, START
    )
    assert (message.state, message.submitting) == (State.UNKNOWN, False)
    assert lifecycle.uncertain(message, failure, LATER) is message


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_nothing_changes_what_has_ended(state: State) -> None:
    message = make_message(state=state, finished_at=START, parts=(Part("1", state),))
    error = TransientError("x")
    assert lifecycle.accepted(message, Submission(("2",), ""), LATER) is message
    assert lifecycle.refused(message, error, LATER) is message
    assert lifecycle.postponed(message, error, LATER, LATER) is message
    assert lifecycle.uncertain(message, error.failure, LATER) is message
    assert lifecycle.expired(message, LATER) is message


def test_the_providers_code_says_why_a_message_did_not_arrive() -> None:
    message = lifecycle.received(
        accepted("1", "2"), make_receipt("1", State.DELIVERED, error_code="7"), LATER
    )
    message = lifecycle.received(
        message, make_receipt("2", State.REJECTED, error_code="42"), LATER
    )
    assert (message.state, message.failure) == (State.REJECTED, None)
    assert message.error_code == "42"
    assert not message.is_refused
    delivered = lifecycle.received(
        accepted("1"), make_receipt("1", State.DELIVERED, error_code="7"), LATER
    )
    assert delivered.error_code is None
    assert accepted("1").error_code is None


def test_latency_counts_from_the_scheduled_time() -> None:
    message = make_message(
        state=State.DELIVERED,
        accepted_at=START,
        schedule=START + timedelta(hours=1),
        finished_at=START + timedelta(hours=1, seconds=5),
    )
    assert message.latency == timedelta(seconds=5)
    assert make_message().latency is None


@pytest.mark.parametrize(
    ("before", "state", "is_outcome"),
    [
        (None, State.QUEUED, False),
        (State.QUEUED, State.ACCEPTED, False),
        (State.QUEUED, State.FAILED, True),
        (State.ACCEPTED, State.ENROUTE, True),
        (State.ENROUTE, State.DELIVERED, True),
        (State.QUEUED, State.UNKNOWN, True),
        (State.UNKNOWN, State.ACCEPTED, True),
    ],
)
def test_what_is_news_to_one_who_waits(
    before: State | None, state: State, is_outcome: bool
) -> None:
    assert Change(make_message(state=state), before).is_outcome is is_outcome
