"""Numbers as users write them, and senders."""

from hypothesis import given, strategies as st
import phonenumbers
import pytest

from gateway.errors import InputError
from gateway.numbers import check_sender, normalize_number, same_number


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("+9613123456", None, "+9613123456"),
        ("+961 3 123 456", None, "+9613123456"),
        ("+961-3-123-456", None, "+9613123456"),
        ("+961 (3) 123.456", None, "+9613123456"),
        ("  +9613123456\n", None, "+9613123456"),
        ("\u202a+961 3 123456\u202c", None, "+9613123456"),
        ("009613123456", None, "+9613123456"),
        ("00 961 3 123456", None, "+9613123456"),
        ("00 961 3 123456", "US", "+9613123456"),
        ("03 123 456", "LB", "+9613123456"),
        ("03/123456", "LB", "+9613123456"),
        ("3123456", "LB", "+9613123456"),
        ("9613123456", "LB", "+9613123456"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("347 123 4567", "IT", "+393471234567"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("011 44 7911 123456", "US", "+447911123456"),
        ("07911 123456", "GB", "+447911123456"),
        ("٠٣١٢٣٤٥٦", "LB", "+9613123456"),
        ("12345", None, "12345"),
        ("112", "LB", "112"),
        ("123456", "DE", "123456"),
    ],
)
def test_a_number_is_understood(written: str, region: str | None, number: str) -> None:
    assert normalize_number(written, region) == number


@pytest.mark.parametrize(
    ("written", "region", "hint"),
    [
        ("3123456", None, "country code"),
        ("03 123 456", None, "country code"),
        ("", None, "country code"),
        ("12", None, "country code"),
        ("+", None, "country code"),
        ("hello", None, "country code"),
        ("hello", "LB", "country code"),
        ("1-800-FLOWERS", "US", "country code"),
        ("+9613123456 ext. 12", None, "country code"),
        ("+999123456789", None, "country code"),
        ("+96131", None, "wrong length"),
        ("+961312345678901", None, "wrong length"),
        ("99 999 999 999", "LB", "wrong length"),
        ("1" * 300, "LB", "country code"),
    ],
)
def test_no_number_is_refused_by_name(
    written: str, region: str | None, hint: str
) -> None:
    with pytest.raises(InputError, match=hint) as error:
        normalize_number(written, region)
    assert error.value.field == "recipient"
    assert f"'{written[:40]}'" in error.value.text


@given(
    st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)),
    st.from_regex(r"[0-9]{3,13}", fullmatch=True),
)
def test_a_number_with_its_country_code_is_read_as_the_library_reads_it(
    country: int, national: str
) -> None:
    written = f"+{country}{national}"
    try:
        parsed = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        parsed = phonenumbers.PhoneNumber()
    if phonenumbers.is_possible_number(parsed):
        assert normalize_number(written) == phonenumbers.format_number(
            parsed, phonenumbers.PhoneNumberFormat.E164
        )
    else:
        with pytest.raises(InputError):
            normalize_number(written)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+9613123456", "9613123456", True),
        ("009613123456", "+9613123456", True),
        ("03123456", "+9613123456", True),
        ("+9613123456", "+9613123457", False),
        ("123456", "+9613123456", False),
        ("12345", "12345", True),
    ],
)
def test_two_spellings_of_one_number(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same
    assert same_number(other, one) is same


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("Home", "Home"),
        (" Home ", "Home"),
        ("My Home 24/7", None),
        ("Home 24/7", "Home 24/7"),
        ("+961 3 123456", "9613123456"),
        ("12345", "12345"),
        ("1" * 16, "1" * 16),
        ("1" * 17, None),
        ("ABCDEFGHIJK", "ABCDEFGHIJK"),
        ("ABCDEFGHIJKL", None),
        ("", None),
        ("Zuhör", None),
        ("---", None),
        ("A\tB", None),
    ],
)
def test_senders(written: str, sender: str | None) -> None:
    if sender is None:
        with pytest.raises(InputError, match="sender"):
            check_sender(written)
    else:
        assert check_sender(written) == sender
