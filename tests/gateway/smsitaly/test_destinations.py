"""Numbers in three values, as the server joins them again."""

from hypothesis import given, strategies as st
import phonenumbers
import pytest

from gateway.errors import RecipientError
from gateway.providers.smsitaly.destinations import split


@pytest.mark.parametrize(
    ("number", "split_number"),
    [
        ("+393331234567", ("+39", "333", "1234567")),
        ("+393471234567", ("+39", "347", "1234567")),
        ("+393201234567", ("+39", "320", "1234567")),
        ("+390612345678", ("+39", "06", "12345678")),
        ("+4915123456789", ("+49", "1512", "3456789")),
        ("+447911123456", ("+44", "7911", "123456")),
        ("+33612345678", ("+33", "6", "12345678")),
        ("+34612345678", ("+34", "612", "345678")),
        ("+41791234567", ("+41", "79", "1234567")),
        ("+436641234567", ("+43", "664", "1234567")),
        ("+9613123456", ("+961", "3", "123456")),
        ("+12125550123", ("+1", "212", "5550123")),
        ("+351912345678", ("+351", "912", "345678")),
        ("+31612345678", ("+31", "6", "12345678")),
        ("+48512345678", ("+48", "512", "345678")),
    ],
)
def test_a_number_is_split_behind_its_operator(
    number: str, split_number: tuple[str, str, str]
) -> None:
    assert split(number) == split_number


@given(
    st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
    st.sampled_from(
        [phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE]
    ),
)
def test_the_three_values_make_the_number_again(region: str, kind: int) -> None:
    example = phonenumbers.example_number_for_type(region, kind)
    if example is None:
        return
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    destination = split(number)
    assert "".join(destination) == number
    assert all(destination)
    parsed = phonenumbers.parse(number)
    assert destination.country_code == f"+{parsed.country_code}"
    if length := phonenumbers.length_of_national_destination_code(parsed):
        assert len(destination.gsm_code) == length


@pytest.mark.parametrize("number", ["12345", "+9991234567"])
def test_what_has_no_country_cannot_be_split(number: str) -> None:
    with pytest.raises(RecipientError, match="country code"):
        split(number)
