"""Values: made anew where something changes, never changed."""

from copy import replace
from decimal import Decimal

import pytest

from gateway.model import Credit, Part, State

from .helpers import make_message


def test_a_value_that_differs_is_a_new_one() -> None:
    before = make_message(parts=(Part("1", State.ACCEPTED),))
    after = replace(before, state=State.DELIVERED, answer="ok")
    assert (before.state, before.answer) == (State.QUEUED, None)
    assert (after.state, after.answer) == (State.DELIVERED, "ok")
    assert replace(after, state=before.state, answer=before.answer) == before
    assert hash(replace(before)) == hash(before)


def test_what_a_value_does_not_have_cannot_be_replaced() -> None:
    with pytest.raises(TypeError, match="Message has no stat"):
        replace(make_message(), stat=State.DELIVERED)


def test_values_are_told_apart_by_what_they_hold() -> None:
    assert Credit(Decimal(1)) == Credit(Decimal(1)) != Credit(Decimal(2))
