"""Ids that servers write in more than one way."""

from hypothesis import given, strategies as st
import pytest

from gateway.ids import Habit, habits, proven_habit, spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("123", "7B"),  # decimal, and hexadecimal
        ("123", "7b"),
        ("7B", "0000007b"),
        ("123", "0000000123"),
        ("0000000123", "7B"),
        ("291", "123"),  # 0x123
        ("0", "00000000"),
        ("2541524", "26C7D4"),
    ],
)
def test_the_same_id(one: str, other: str) -> None:
    assert other in spellings(one)
    assert one in spellings(other)


@pytest.mark.parametrize("other", ["124", "7C", "1230", "x123", ""])
def test_another_id(other: str) -> None:
    assert other not in spellings("123")
    assert "123" not in spellings(other)


@pytest.mark.parametrize(
    "id_", ["", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "12 3", "１２３", "1" * 21]
)
def test_what_is_no_number_has_one_spelling(id_: str) -> None:
    assert spellings(id_) == frozenset()


ids = st.integers(0, 16**8).flatmap(
    lambda number: st.sampled_from(
        [str(number), f"{number:x}", f"{number:X}", f"{number:010}", f"{number:08x}"]
    )
)


@given(ids)
def test_it_goes_both_ways_and_never_back_to_itself(id_: str) -> None:
    assert id_ not in spellings(id_)
    for other in spellings(id_):
        assert id_ in spellings(other)


@pytest.mark.parametrize(
    ("answered", "reported", "expected"),
    [
        ("7B", "123", {Habit.DECIMAL}),
        ("123", "7b", {Habit.HEXADECIMAL}),
        ("10", "0016", {Habit.DECIMAL}),
        ("5", "05", set(Habit)),
        ("0123", "123", {Habit.SAME}),
        ("7B", "7b", {Habit.SAME}),
        ("123", "124", set()),
        ("x-1", "x-1", set()),
    ],
)
def test_the_habit_that_explains_both_ids(
    answered: str, reported: str, expected: set[Habit]
) -> None:
    assert habits(answered, reported) == expected
    has_letter = not (answered + reported).isdecimal()
    proven = expected.copy().pop() if has_letter and len(expected) == 1 else None
    assert proven_habit(answered, reported) is proven
