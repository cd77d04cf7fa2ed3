"""Phone numbers as people write them, made E.164.

What is written can often be read in more than one way. A reading is *valid* when the
library knows its range, *possible* when it only has a right length: countries open
ranges faster than the metadata is shipped, and an alarm must not be refused in error.
Where two readings are valid, nobody but the user knows which is meant.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import CountryCodeSource, PhoneNumber, PhoneNumberFormat

from ..errors import InputError
from .plans import (
    calling_code_of,
    dials_more_than_00,
    is_bare_form,
    is_e164,
    is_fixed_form,
    lacks_prefix,
)
from .writing import bare, before_trunk, dialled

_FIELD: Final = "recipient"
_SHORT_CODE_DIGITS: Final = range(3, 7)
_AS_LIST: Final = "{{ [states('input_text.phone')] }}"
"""A template whose result is text: a list keeps what stands in it."""
_NAMED: Final = 40
"""Characters of an invalid number that an error repeats."""
_LONGEST_INT: Final = 10**_NAMED


class _Reading(NamedTuple):
    """A number that may be meant, in E.164."""

    number: str
    is_valid: bool
    is_possible: bool


@lru_cache(maxsize=4096)
def normalize_number(number: str | int, region: str | None = None) -> str:
    """Read `number` and return it as E.164 (`+9613123456`) or as a short code.

    Spaces, dashes, brackets, invisible characters, a leading `00` or the prefix that
    the country of the ISO 3166 `region` dials, and its national forms are understood.
    Three to six bare digits that are no number of the region are a short code and stay
    as they are.

    An `int` has lost what stood in front of it, in a template or in YAML: it is a
    number with its calling code, and never a national one or a short code.

    Raises InputError (field `recipient`), which names the number, when it is neither,
    or can mean two.
    """
    if isinstance(number, int):
        return _read_int(number, region)
    text = number.strip()
    if is_e164(text):
        return text
    written = bare(text)
    if not written:
        raise _refusal("number_unreadable", text)
    readings = list(_readings(written, region))
    if found := _choose(readings, text):
        return found
    if written.isdigit() and _is_short_code(written):
        return written
    raise _refusal("number_length" if readings else "number_country", text)


def _readings(written: str, region: str | None) -> Iterator[_Reading]:
    """Yield what may be meant."""
    if not written.startswith(("+", "00")):
        code = before_trunk(written)
        if code and calling_code_of(f"+{code}") == code:
            # Inside a country nobody writes (0) behind something else.
            written = f"+{written}"
    for text in dialled(written):
        if text.startswith("+"):
            yield from _read(text)
        elif text.startswith("00"):
            yield from _dialled_abroad(text, region)
        elif parsed := _parse(text, region):
            if parsed.country_code_source == CountryCodeSource.FROM_NUMBER_WITH_IDD:
                yield _reading(parsed)
                # In Finland 996 is dialled in front, and is Kyrgyzstan's code too.
                yield from filter(_is_valid, _whole(text))
            else:
                yield from _national(text, parsed)


def _dialled_abroad(text: str, region: str | None) -> Iterator[_Reading]:
    """Yield the readings of what begins with `00`, which most countries dial.

    In some that is only a part of what is dialled: what `00` alone would make of it
    must be valid there.
    """
    parsed = _parse(text, region)
    is_dialled = (
        parsed is not None
        and parsed.country_code_source == CountryCodeSource.FROM_NUMBER_WITH_IDD
    )
    if parsed and is_dialled:
        yield _reading(parsed)
    for reading in _read(f"+{text[2:]}"):
        if reading.is_valid or is_dialled or not dials_more_than_00(region):
            yield reading


def _national(text: str, parsed: PhoneNumber) -> Iterator[_Reading]:
    """Yield the readings of digits without a prefix inside a country."""
    abroad = [] if text.startswith("0") else list(_read(f"+{text}"))
    if text.startswith(str(parsed.country_code)) and any(map(_is_valid, abroad)):
        yield from abroad
        return
    home = _at_home(text, parsed)
    if len(text) in _SHORT_CODE_DIGITS:
        if home.is_valid:
            yield home
        return
    yield home
    if home.is_valid and is_fixed_form(text, parsed):
        return
    # A number of this length at home, and a valid one abroad: either may be meant.
    for reading in filter(_is_valid, abroad):
        yield reading
        if _reading(parsed).is_possible:
            yield home._replace(is_valid=True)


def _at_home(text: str, parsed: PhoneNumber) -> _Reading:
    """Read a national form; one that lacks its trunk prefix must be valid."""
    reading = _reading(parsed)
    is_whole = reading.is_possible and not lacks_prefix(text, parsed)
    return reading._replace(is_possible=is_whole)


def _read_int(number: int, region: str | None) -> str:
    """Read digits that stood in a template, or in YAML without quotes."""
    # Python refuses to write the longest ones out.
    text = str(min(number, _LONGEST_INT))
    if isinstance(number, bool) or number <= 0:
        raise _refusal("number_unreadable", text)
    abroad = list(_read(f"+{text}"))
    is_abroad = any(map(_is_valid, abroad))
    octal = f"0{number:o}"
    if region and not is_abroad and any(map(_is_valid, _readings(octal, region))):
        raise _refusal("number_octal", text, written=octal)
    parsed = _parse(text, region)
    if parsed and not text.startswith(str(parsed.country_code)):
        home = _at_home(text, parsed)
        if is_abroad and home.is_valid and is_bare_form(text, parsed):
            # Where no zero is written in front, it may have lost nothing.
            abroad.append(home)
        elif not is_abroad and (home.is_valid or home.is_possible):
            # What is only possible abroad is not sent there.
            abroad.clear()
    if found := _choose(abroad, text):
        return found
    raise _refusal("number_bare", text, template=_AS_LIST)


def _choose(readings: Iterable[_Reading], text: str) -> str | None:
    """Return the one that is meant, None for none; raises InputError for two."""
    readings = list(readings)
    for chosen in (
        dict.fromkeys(each.number for each in readings if each.is_valid),
        dict.fromkeys(each.number for each in readings if each.is_possible),
    ):
        if len(chosen) > 1:
            raise _refusal("number_ambiguous", text, readings=", ".join(chosen))
        if chosen:
            return next(iter(chosen))
    return None


def _read(text: str) -> Iterator[_Reading]:
    """Yield what a number with its calling code is."""
    if parsed := _parse(text, None):
        yield _reading(parsed)


def _whole(digits: str) -> Iterator[_Reading]:
    """Yield what digits are with a plus sign in front, if all of them belong to it."""
    return (each for each in _read(f"+{digits}") if each.number == f"+{digits}")


def _reading(parsed: PhoneNumber) -> _Reading:
    result = phonenumbers.is_possible_number_with_reason(parsed)
    return _Reading(
        phonenumbers.format_number(parsed, PhoneNumberFormat.E164),
        phonenumbers.is_valid_number(parsed),
        result == phonenumbers.ValidationResult.IS_POSSIBLE,
    )


def _is_short_code(digits: str) -> bool:
    return len(digits) in _SHORT_CODE_DIGITS and not digits.startswith("00")


def _is_valid(reading: _Reading) -> bool:
    return reading.is_valid


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(text, region, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None
    # Kept, it would be handed out in place of a number that is all zeros.
    parsed.raw_input = None
    return parsed


def _refusal(key: str, text: str, **values: object) -> InputError:
    return InputError(_FIELD, key, number=text[:_NAMED], **values)
