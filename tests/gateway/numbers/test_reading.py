"""What a number means, as people write it.

Where a number of another country is needed, it is one that nobody has, or that of a
documentation.
"""

from itertools import product

from hypothesis import assume, example, given, strategies as st
import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult
import pytest

from gateway.errors import InputError
from gateway.numbers import normalize_number

from ..helpers import refused

LEBANON = "+9613123456"


def read(number: str | int, region: str | None = None) -> str | None:
    """Return what is understood, None for a refusal."""
    try:
        return normalize_number(number, region)
    except InputError:
        return None


def library_reads(written: str) -> tuple[str, bool, int] | None:
    """Return the library's E.164, whether it is valid, and whether it is possible."""
    try:
        parsed = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return None
    return (
        phonenumbers.format_number(parsed, PhoneNumberFormat.E164),
        phonenumbers.is_valid_number(parsed),
        phonenumbers.is_possible_number_with_reason(parsed),
    )


@pytest.mark.parametrize(
    "written",
    [
        LEBANON,
        "+961 3 123 456",
        "+961-3-123-456",
        "+961 (3) 123.456",
        "+961/3/123456",
        "+961~3~123456",
        "+961 03 123 456",
        "  +9613123456\n",
        "\t+961\n3\t123456\r\n",
        "009613123456",
        "00 961 3 123456",
        "(00961) 3 123456",
        "(+961) 3 123456",
        "[+961] 3 123456",
    ],
)
@pytest.mark.parametrize("region", [None, "LB", "DE", "US", "AU", "HK"])
def test_a_number_with_its_country_code_is_the_same_everywhere(
    written: str, region: str | None
) -> None:
    assert normalize_number(written, region) == LEBANON


@pytest.mark.parametrize(
    "written",
    [
        "\u202d+961 3 123456\u202c",  # as pasted from contacts
        "\u202a+961 3 123456\u202c",
        "\u202e+9613123456",
        "\u2066+9613123456\u2069",
        "\u2067+9613123456\u2069",
        "\u2068+9613123456\u2069",
        "+961\ufe0d3123456",
        "+961\ufe0f3123456",
        "+961\u00a03\u00a0123\u00a0456",
        "+961\u202f3\u2009123\u3000456",
        "+961\u200b3123456",
        "\u200e+9613123456\u200f",
        "\ufeff+9613123456",
        "+961\u00ad3123456",
        "+961\u20603123456",
        "+961\u2013" + "3\u2013123456",
        "+961\u2014" + "3\u2010123\u2011456",
        "+961\u2212" + "3\u2212123456",
        "+961－3－123456",
        "+961ー3ー123456",
        "＋９６１３１２３４５６",
        "＋９６１（３）１２３４５６",
        "﹢961 3 123456",
        "٠٠٩٦١ ٣ ١٢٣٤٥٦",
        "+٩٦١ ٣ ١٢٣٤٥٦",
        "۰۰۹۶۱ ۳ ۱۲۳۴۵۶",
        "+९६१ ३ १२३४५६",
    ],
)
def test_what_is_pasted_and_typed_elsewhere_says_nothing(written: str) -> None:
    assert normalize_number(written) == LEBANON


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("03 123 456", "LB", LEBANON),
        ("03/123456", "LB", LEBANON),
        ("3123456", "LB", LEBANON),
        ("9613123456", "LB", LEBANON),
        ("٠٣١٢٣٤٥٦", "LB", LEBANON),
        ("۰۳ ۱۲۳ ۴۵۶", "LB", LEBANON),
        ("0151 23456789", "DE", "+4915123456789"),
        ("030/123456", "DE", "+4930123456"),
        ("(030) 123456", "DE", "+4930123456"),
        ("49 0345279580", "DE", "+49345279580"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("6 12 34 56 78", "FR", "+33612345678"),
        ("612 345 678", "ES", "+34612345678"),
        ("06 12345678", "IT", "+390612345678"),
        ("347 123 4567", "IT", "+393471234567"),
        ("07911 123456", "GB", "+447911123456"),
        ("090-1234-5678", "JP", "+819012345678"),
        ("090ー1234ー5678", "JP", "+819012345678"),
        ("06 20 123 4567", "HU", "+36201234567"),
        ("8 916 123 45 67", "RU", "+79161234567"),
        ("916 123 45 67", "RU", "+79161234567"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("1 604 555 0123", "CA", "+16045550123"),
        # A country of one length, written whole, though +60 45550123 is valid too.
        ("604-555-0123", "CA", "+16045550123"),
        ("6045550123", "CA", "+16045550123"),
        ("9198765432", "IN", "+919198765432"),
        ("919876543210", "IN", "+919876543210"),
        # As short as a short code, but a number.
        ("312345", "AD", "+376312345"),
        # Ranges that were opened later than the others.
        ("78 123 456", "LB", "+96178123456"),
        ("078 123 456", "LB", "+96178123456"),
    ],
)
def test_a_national_form_is_read_in_its_country(
    written: str, region: str, number: str
) -> None:
    assert normalize_number(written, region) == number


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        # Its own calling code goes first, though a landline may begin so.
        ("4917649665325", "DE", "+4917649665325"),
        ("34612345678", "ES", "+34612345678"),
        # Only one of the two is a number.
        ("43 664 1234567", "LB", "+436641234567"),
        ("1 212 555 0123", "LB", "+12125550123"),
        ("996312123683", "FI", "+996312123683"),
    ],
)
def test_digits_without_a_plus_sign_may_be_international(
    written: str, region: str, number: str
) -> None:
    assert normalize_number(written, region) == number


@pytest.mark.parametrize(
    ("written", "region", "readings"),
    [
        ("33612345678", "DE", {"+4933612345678", "+33612345678"}),
        ("33612345678", "IT", {"+3933612345678", "+33612345678"}),
        ("43 664 1234567", "DE", {"+49436641234567", "+436641234567"}),
        ("9613123456", "DE", {"+499613123456", LEBANON}),
        ("9613123456", "US", {"+19613123456", LEBANON}),
        ("0016045550123", "HK", {"+16045550123", "+6045550123"}),
        ("00961 78 123456", "SG", {"+96178123456", "+6178123456"}),
        ("+39 (0) 3123456789", None, {"+393123456789", "+3903123456789"}),
        ("+39 (0) 800123456", "IT", {"+39800123456", "+390800123456"}),
        ("+247 (0) 62889", None, {"+24762889", "+247062889"}),
        # 996 is dialled in front there, 99 in Korea's north, and each is a code too.
        ("992917123281", "KP", {"+992917123281", "+2917123281"}),
        (6045550123, "CA", {"+16045550123", "+6045550123"}),
    ],
)
def test_where_two_are_meant_both_are_named(
    written: str | int, region: str | None, readings: set[str]
) -> None:
    with pytest.raises(InputError) as error:
        normalize_number(written, region)
    assert error.value.text.key == "number_ambiguous"
    assert set(error.value.text.values["readings"].split(", ")) == readings


@pytest.mark.parametrize(
    ("region", "prefix"),
    [
        ("AU", "0011"),
        ("HK", "001"),
        ("TH", "001"),
        ("KR", "001"),
        ("KR", "002"),
        ("TW", "002"),
        ("ID", "008"),
        ("CO", "005"),
        ("BR", "0021"),
        ("US", "011"),
        ("CA", "011"),
        ("JP", "010"),
        ("RU", "8 10"),
        ("RU", "8~10"),
        *product(["AU", "SG", "HK", "BR", "US", "ID", "KR", "TH", "TW", "JP"], ["00"]),
        *product(["LB", "DE", "GB", "FR", "IN", "RU"], ["00"]),
    ],
)
@pytest.mark.parametrize("number", ["961 3 123456", "961 (3) 123-456"])
def test_what_a_country_dials_in_front_of_a_number_is_understood(
    region: str, prefix: str, number: str
) -> None:
    assert normalize_number(f"{prefix} {number}", region) == LEBANON


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("011 44 7911 123456", "US", "+447911123456"),
        # Only what 00 makes of it is a number.
        ("00961 78 123456", "US", "+96178123456"),
        # The library would hand out the digits that were dialled.
        ("011 43 00000", "US", "+430000"),
    ],
)
def test_what_is_dialled_is_no_part_of_the_number(
    written: str, region: str, number: str
) -> None:
    assert normalize_number(written, region) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+48 (0) 22 512 1234", "+48225121234"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+44 ( 0 ) 20 7946 0958", "+442079460958"),
        ("+44（０）20 7946 0958", "+442079460958"),
        ("+44 [0]20 7946 0958", "+442079460958"),
        ("+44 (020) 7946 0958", "+442079460958"),
        ("0044 (0)20 7946 0958", "+442079460958"),
        ("44 (0)20 7946 0958", "+442079460958"),
        ("49(0)345279580", "+49345279580"),
        ("0049(0)345279580", "+49345279580"),
        # In Italy a zero is a part of the number, but not of a mobile one.
        ("+39 (0)333 1234567", "+393331234567"),
        ("+39 (0)6 12345678", "+390612345678"),
        ("39(0)6 12345678", "+390612345678"),
        ("+39 06 12345678", "+390612345678"),
    ],
)
@pytest.mark.parametrize("region", [None, "DE", "FR", "IT"])
def test_a_zero_in_brackets_is_for_those_inside_the_country(
    written: str, region: str | None, number: str
) -> None:
    assert normalize_number(written, region) == number


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("(0)3 123456", "LB", LEBANON),
        ("(0)6 12345678", "IT", "+390612345678"),
        ("(0)30 123456", "DE", "+4930123456"),
        # What stands before it is no calling code, though 7 is one.
        ("07(0)123456", "LB", "+96170123456"),
    ],
)
def test_a_zero_in_brackets_inside_the_country(
    written: str, region: str, number: str
) -> None:
    assert normalize_number(written, region) == number


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("12345", None),
        ("12345", "LB"),
        ("112", "LB"),
        ("110", "DE"),
        ("911", "US"),
        ("123456", "DE"),
        ("012", "LB"),
    ],
)
def test_a_short_code_stays_as_it_is(written: str, region: str | None) -> None:
    assert normalize_number(written, region) == written
    spelt = "\u202d " + "-".join(written)
    assert normalize_number(spelt, region) == written


@pytest.mark.parametrize(
    ("written", "region", "key"),
    [
        ("", None, "number_unreadable"),
        ("   ", None, "number_unreadable"),
        ("hello", None, "number_unreadable"),
        ("hello", "LB", "number_unreadable"),
        ("1-800-FLOWERS", "US", "number_unreadable"),
        ("+9613123456 ext. 12", None, "number_unreadable"),
        ("+9613123456;ext=12", None, "number_unreadable"),
        ("+9613123456x12", None, "number_unreadable"),
        ("+9613123456#12", None, "number_unreadable"),
        ("+9613123456, +96170123456", None, "number_unreadable"),
        ("+9613123456;+96170123456", None, "number_unreadable"),
        ("+9613123456 +96170123456", None, "number_unreadable"),
        ("+9613123456\n+96170123456", None, "number_unreadable"),
        ("+9613123456/+96170123456", None, "number_unreadable"),
        ("+961 (0) 3 (0) 123456", None, "number_unreadable"),
        ("++9613123456", None, "number_unreadable"),
        ("9613123456+", None, "number_unreadable"),
        ("tel:+9613123456", None, "number_unreadable"),
        ("*100#", None, "number_unreadable"),
        ("notify.alice", "LB", "number_unreadable"),
        # What a number helper says: its last zero is no digit.
        ("9613123456.0", "LB", "number_unreadable"),
        ("+9613123456.0", None, "number_unreadable"),
        ("9.613123456e9", "LB", "number_unreadable"),
        ("+", None, "number_country"),
        ("(0)", None, "number_country"),
        ("(0)", "LB", "number_country"),
        ("12", None, "number_country"),
        ("00", "LB", "number_country"),
        ("3123456", None, "number_country"),
        ("03 123 456", None, "number_country"),
        ("961 3 123456", None, "number_country"),
        ("+999123456789", None, "number_country"),
        ("+00961 3 123456", None, "number_country"),
        ("1" * 300, "LB", "number_country"),
        # Not what is dialled there, and +1 961 is no number.
        ("001 961 3 123 456", "ID", "number_country"),
        ("+96131", None, "number_length"),
        ("+112", None, "number_length"),
        ("00112", None, "number_length"),
        ("+961312345678901", None, "number_length"),
        ("99 999 999 999", "LB", "number_length"),
        ("03 123456 70 123456", "LB", "number_length"),
        ("+9613123456/70123456", None, "number_length"),
        # A number that is dialled inside a town only.
        ("+70123456", None, "number_length"),
        # It lacks its trunk zero, and no range of its is known.
        ("1234567", "DE", "number_length"),
    ],
)
def test_what_is_no_number_is_refused_by_name(
    written: str, region: str | None, key: str
) -> None:
    with refused("recipient", key, number=written.strip()[:40]):
        normalize_number(written, region)


@pytest.mark.parametrize(
    ("number", "region", "read_as"),
    [
        (9613123456, "LB", LEBANON),
        (9613123456, None, LEBANON),
        (9613123456, "DE", LEBANON),
        (4917649665325, "DE", "+4917649665325"),
        (14155552671, "US", "+14155552671"),
        (16045550123, "CA", "+16045550123"),
        (6045550123, "MY", "+6045550123"),
        (6045550123, None, "+6045550123"),
        (393471234567, "IT", "+393471234567"),
        (390612345678, "IT", "+390612345678"),
        (919876543210, "IN", "+919876543210"),
        (79161234567, "RU", "+79161234567"),
    ],
)
def test_an_int_has_lost_its_plus_sign(
    number: int, region: str | None, read_as: str
) -> None:
    assert normalize_number(number, region) == read_as


@pytest.mark.parametrize(
    ("number", "region"),
    [
        (112, "LB"),
        (12345, "LB"),
        (12345, None),
        (3123456, "LB"),
        (70123456, "LB"),
        (612345678, "ES"),
        (7911123456, "GB"),
        (2125550123, "US"),
        (9161234567, "RU"),
        (89161234567, "RU"),
        (829230, None),
        (829230, "DE"),
        # Possible in Andorra, and elsewhere too.
        (29000000, "AD"),
        (99999999999999999999, None),
    ],
)
def test_an_int_is_never_national_nor_a_short_code(
    number: int, region: str | None
) -> None:
    with refused("recipient", "number_bare", number=number):
        normalize_number(number, region)


@pytest.mark.parametrize(
    ("number", "region", "written"),
    [
        (0o3123456, "LB", "03123456"),
        (0o612745670, "FR", "0612745670"),
    ],
)
def test_what_yaml_has_read_as_octal_is_told(
    number: int, region: str, written: str
) -> None:
    with refused("recipient", "number_octal", written=written):
        normalize_number(number, region)


@pytest.mark.parametrize("number", [True, False, 0, -5, -9613123456])
@pytest.mark.parametrize("region", [None, "LB"])
def test_what_is_no_count_is_no_number(number: int, region: str | None) -> None:
    with refused("recipient", "number_unreadable", number=number):
        normalize_number(number, region)


def test_what_to_write_is_said_in_the_sentence() -> None:
    with pytest.raises(InputError) as error:
        normalize_number("33612345678", "DE")
    assert str(error.value) == (
        "'33612345678' can mean +4933612345678, +33612345678; write the one that is "
        "meant with its plus sign"
    )
    with pytest.raises(InputError) as error:
        normalize_number(12345)
    assert str(error.value) == (
        "12345 came without quotes, or out of a template, and has lost its plus sign "
        "or a zero; write it in quotes, such as '+9613123456', and a template as a "
        "list, such as {{ [states('input_text.phone')] }}"
    )


codes = st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
regions = st.one_of(st.none(), st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))


@st.composite
def likely(draw: st.DrawFn) -> str:
    """Return digits with a calling code: an example of the library's, or near it."""
    code = draw(codes)
    region = draw(st.sampled_from(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]))
    known = (
        phonenumbers.example_number_for_non_geo_entity(code)
        if region == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY
        else phonenumbers.example_number_for_type(region, draw(st.sampled_from([0, 1])))
    )
    national = phonenumbers.national_significant_number(known) if known else "70123456"
    rest = draw(st.from_regex(r"[0-9]{0,5}", fullmatch=True))
    more = draw(st.sampled_from(["", "", "", "0", "7"]))
    return f"{code}{national[: len(national) - len(rest)]}{rest}{more}"


@given(codes, st.from_regex(r"[0-9]{3,13}", fullmatch=True))
@example(43, "00000")
def test_a_number_with_its_country_code_is_read_as_the_library_reads_it(
    code: int, national: str
) -> None:
    written = f"+{code}{national}"
    known = library_reads(written)
    if known is not None and known[2] == ValidationResult.IS_POSSIBLE:
        assert normalize_number(written) == known[0]
    else:
        assert read(written) is None


@given(likely(), st.data())
def test_decoration_changes_nothing(digits: str, data: st.DataObject) -> None:
    number = read(f"+{digits}")
    assume(number is not None)
    assert number
    unseen = st.text("\u202d\u200e\u2066\u2069\ufe0d\u00ad\u200b\ufeff- –−[]/~\u00a0\t")
    zeros = st.sampled_from("0٠۰०０")
    written = data.draw(unseen) + data.draw(st.sampled_from("+＋"))
    for digit in number[1:]:
        written += chr(ord(data.draw(zeros)) + int(digit)) + data.draw(unseen)
    assert normalize_number(written, data.draw(regions)) == number


@given(likely(), regions)
@example("3123456", "LB")
@example("4407911123456", "GB")
def test_an_int_is_what_stands_behind_its_plus_sign_and_no_other(
    digits: str, region: str | None
) -> None:
    found = read(int(digits), region)
    assert found in (None, read(f"+{digits}"))


@given(likely(), regions)
@example("3123456", "LB")
@example("996312123683", "FI")
@example("992917123281", "KP")
def test_digits_that_are_a_number_elsewhere_are_never_another_at_home(
    digits: str, region: str | None
) -> None:
    """But where all numbers have one length, and these have it."""
    known = library_reads(f"+{digits}")
    assume(known is not None and known[1] and len(digits) != _only_length(region))
    assert known
    assert read(digits, region) in (None, known[0])


@given(likely(), regions)
@example("3123456", "LB")
@example("29000000", "AD")
@example("6045550123", "CA")
def test_quotes_do_not_make_it_another_number(digits: str, region: str | None) -> None:
    bare, quoted = read(int(digits), region), read(digits, region)
    assert None in (bare, quoted) or bare == quoted


@given(
    st.one_of(
        st.text("+(0)1239 -.\u202d", max_size=16), likely(), st.text(max_size=12)
    ),
    regions,
)
def test_what_is_understood_is_a_number_or_a_short_code_and_is_so_again(
    written: str, region: str | None
) -> None:
    number = read(written, region)
    if number is None:
        return
    assert number.isascii()
    if number.startswith("+"):
        assert number[1:].isdigit()
        assert read(number, region) == number
    else:
        assert number.isdigit()
        assert 3 <= len(number) <= 6


def _only_length(region: str | None) -> int | None:
    metadata = region and phonenumbers.PhoneMetadata.metadata_for_region(region)
    if not metadata or not metadata.mobile:
        return None
    lengths: tuple[int, ...] = metadata.mobile.possible_length
    return lengths[0] if len(lengths) == 1 else None
