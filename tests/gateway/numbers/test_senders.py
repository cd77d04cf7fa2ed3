"""Senders: a name, or a number."""

import pytest

from gateway.errors import InputError
from gateway.numbers import check_sender

from ..helpers import refused


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("Home", "Home"),
        (" Home ", "Home"),
        ("Home 24/7", "Home 24/7"),
        ("ABCDEFGHIJK", "ABCDEFGHIJK"),
        ("+961 3 123456", "9613123456"),
        ("12345", "12345"),
        ("1" * 16, "1" * 16),
    ],
)
def test_a_sender_is_a_short_name_or_a_number(written: str, sender: str) -> None:
    assert check_sender(written) == sender


@pytest.mark.parametrize(
    "written",
    ["", "ABCDEFGHIJKL", "My Home 24/7", "1" * 17, "Zuhör", "---", "A\tB", "٩٦١"],
)
def test_what_no_phone_could_show_is_refused(written: str) -> None:
    with refused("sender", "sender_form", sender=written, digits=16, letters=11):
        check_sender(written)


def test_what_would_do_is_said_in_the_sentence() -> None:
    with pytest.raises(InputError) as error:
        check_sender("Zuhör")
    assert str(error.value) == (
        "the sender 'Zuhör' must be a number of up to 16 digits, or up to 11 Latin "
        "letters, digits and signs"
    )
