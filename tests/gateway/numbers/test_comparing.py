"""Whether two spellings mean one number: perhaps, for a receipt, and for certain."""

from hypothesis import given, strategies as st
import pytest

from gateway.numbers import digits, same_number, same_subscriber


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("+9613123456", "9613123456"),
        ("009613123456", "9613123456"),
        ("9613123456", "9613123456"),
        ("+961 3/123-456", "9613123456"),
        ("03123456", "03123456"),
        ("12345", "12345"),
        ("Bank", ""),
    ],
)
def test_the_digits_that_most_wires_carry(written: str, bare: str) -> None:
    assert digits(written) == bare


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+9613123456", "9613123456", True),
        ("009613123456", "+9613123456", True),
        ("03123456", "+9613123456", True),
        ("+9613123456", "+9613123457", False),
        ("123456", "+9613123456", False),
        ("12345", "12345", True),
        ("12345", "012345", True),
    ],
)
def test_a_receipt_for_one_can_be_for_the_other(
    one: str, other: str, same: bool
) -> None:
    assert same_number(one, other) is same
    assert same_number(other, one) is same


REGIONS = [None, "LB", "DE", "US", "IT"]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+9613123456", "+9613123456", True),
        ("+9613123456", "+961 3 123 456", True),
        ("+9613123456", "00961 3 123456", True),
        ("+9613123456", "9613123456", True),
        ("+9613123456", "+9613123457", False),
        # Where one is the end of the other, they are of two countries.
        ("+9613123456", "+499613123456", False),
        ("+9613123456", "+19613123456", False),
        ("+3123456", "+9613123456", False),
        ("12345", "12345", True),
        ("12345", "12346", False),
        ("12345", "+9613112345", False),
        ("12345", "+12345", True),
    ],
)
def test_a_number_with_its_country_code_is_only_itself(
    one: str, other: str, region: str | None, same: bool
) -> None:
    assert same_subscriber(one, other, region) is same
    assert same_subscriber(other, one, region) is same


@pytest.mark.parametrize(
    ("national", "number", "region", "same"),
    [
        ("03123456", "+9613123456", "LB", True),
        ("3123456", "+9613123456", "LB", True),
        ("03/123 456", "+9613123456", "LB", True),
        ("03123456", "+9613123456", "DE", False),
        ("03123456", "+9613123456", "US", False),
        # Without a country: all the digits behind the calling code.
        ("03123456", "+9613123456", None, True),
        ("3123456", "+9613123456", None, True),
        ("123456", "+9613123456", None, False),
        ("13123456", "+9613123456", None, False),
        ("0612345678", "+33612345678", None, True),
        ("0612345678", "+390612345678", None, True),
        ("0612345678", "+33612345678", "IT", False),
        ("12345678", "+390612345678", None, False),
        ("12345", "+24712345", None, False),
    ],
)
def test_a_number_without_its_country_code_is_read_in_the_country(
    national: str, number: str, region: str | None, same: bool
) -> None:
    assert same_subscriber(national, number, region) is same
    assert same_subscriber(number, national, region) is same


numbers = st.one_of(
    st.sampled_from(
        ["+9613123456", "9613123456", "03123456", "3123456", "+499613123456", "12345"]
    ),
    st.from_regex(r"(\+|00?)?[1-9][0-9]{2,13}", fullmatch=True),
    st.text(max_size=8),
)


@given(numbers, numbers, st.sampled_from(REGIONS))
def test_it_does_not_matter_which_comes_first(
    one: str, other: str, region: str | None
) -> None:
    there, back = (
        same_subscriber(one, other, region),
        same_subscriber(other, one, region),
    )
    assert there is back
    assert same_number(one, other) is same_number(other, one)


@given(numbers, st.sampled_from(REGIONS))
def test_every_number_is_itself(number: str, region: str | None) -> None:
    assert same_subscriber(number, number, region)
