"""Phone numbers as users write them, made E.164."""

from functools import cache, lru_cache
import re
from typing import Final, NamedTuple

import phonenumbers

from .errors import InputError

_SHORT_CODE_DIGITS: Final = range(3, 7)
_NATIONAL_DIGITS: Final = 7
_SENDER_LETTERS: Final = 11
_SENDER_DIGITS: Final = 16
_NAMED: Final = 40
"""Characters of an invalid number that an error repeats."""
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_CALLING_CODE_DIGITS: Final = range(1, 4)


class _Country(NamedTuple):
    """How long numbers behind a calling code are, and how they do not begin.

    Behind `national_prefix` the library has more to do than to look at the length.
    """

    lengths: frozenset[int]
    national_prefix: re.Pattern[str] | None


@lru_cache(maxsize=4096)
def normalize_number(number: str, region: str | None = None) -> str:
    """Read `number` and return it as E.164 (`+9613123456`) or as a short code.

    Spaces, dashes, brackets, a leading `00` and, with the ISO 3166 `region`, national
    forms are understood. Three to six bare digits that are no number of the region are
    a short code and stay as they are. Raises InputError (field `recipient`), which
    names the number, when it is neither.
    """
    text = number.strip()
    if text.startswith("00"):
        text = f"+{text[2:]}"
    if _is_e164(text):
        return text
    parsed = _parse(text, region)
    if parsed is not None and _is_usable(parsed, international=text.startswith("+")):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if text.isascii() and text.isdigit() and len(text) in _SHORT_CODE_DIGITS:
        return text
    hint = (
        "write it with its country code, such as +9613123456"
        if parsed is None
        else "it has the wrong length or prefix for its country"
    )
    raise InputError(
        "recipient", f"'{number.strip()[:_NAMED]}' is no valid phone number; {hint}"
    )


def _is_e164(text: str) -> bool:
    """Whether the library would find a possible number and leave it as it is.

    To ask the library itself costs ten times as much, for each of 10,000 recipients.
    """
    if not _E164.fullmatch(text) or not (calling_code := calling_code_of(text)):
        return False
    country = _country(calling_code)
    national = text[1 + len(calling_code) :]
    return (
        country is not None
        and len(national) in country.lengths
        and not (country.national_prefix and country.national_prefix.match(national))
    )


def calling_code_of(number: str) -> str:
    """Return the calling code that an E.164 number begins with, empty if it has none."""
    codes = (number[1 : 1 + length] for length in _CALLING_CODE_DIGITS)
    return next(filter(_country, codes), "")


@cache
def _country(calling_code: str) -> _Country | None:
    """Return what the library knows of a calling code; None where there is none."""
    code = int(calling_code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(
        code, phonenumbers.region_code_for_country_code(code)
    )
    if metadata is None or metadata.general_desc is None:
        return None
    prefix = metadata.national_prefix_for_parsing
    return _Country(
        frozenset(metadata.general_desc.possible_length),
        re.compile(prefix) if prefix else None,
    )


def _parse(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    # The library reads letters as keys and drops extensions: that is a guess too far.
    if any(map(str.isalpha, text)):
        return None
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _is_usable(parsed: phonenumbers.PhoneNumber, *, international: bool) -> bool:
    # Countries open number ranges faster than the metadata is shipped: a number with
    # its country code needs a right length only, lest an alarm be refused in error.
    if international:
        return phonenumbers.is_possible_number(parsed)
    return phonenumbers.is_valid_number(parsed)


@lru_cache(maxsize=256)
def is_international(bare: str) -> bool:
    """Whether digits are a valid number that begins with its country code."""
    parsed = _parse(f"+{bare}", None)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def digits(number: str) -> str:
    """Return the digits of `number`, without a leading `00`: what most wires carry."""
    bare = number.removeprefix("+")
    if not bare.isdecimal():
        bare = "".join(filter(str.isdecimal, bare))
    return bare.removeprefix("00")


def same_number(one: str, other: str) -> bool:
    """Whether two spellings mean one number.

    A provider may name a number without its plus sign, with `00` or in national form:
    where one is the end of the other, that end must have seven digits or more.
    """
    short, long = digits(one).lstrip("0"), digits(other).lstrip("0")
    if len(short) > len(long):
        short, long = long, short
    return short == long or (len(short) >= _NATIONAL_DIGITS and long.endswith(short))


def check_sender(sender: str) -> str:
    """Return `sender` in the form that goes on the wire.

    A sender is 1 to 11 printable ASCII characters with a letter among them, or a
    number of up to 16 digits, whose plus sign is dropped. Raises InputError (field
    `sender`) otherwise.
    """
    text = sender.strip()
    bare = text.removeprefix("+").replace(" ", "")
    if bare.isascii() and bare.isdigit() and len(bare) <= _SENDER_DIGITS:
        return bare
    if (
        0 < len(text) <= _SENDER_LETTERS
        and text.isascii()
        and text.isprintable()
        and any(map(str.isalpha, text))
    ):
        return text
    raise InputError(
        "sender",
        f"'{sender}' must be a number of up to {_SENDER_DIGITS} digits or up to "
        f"{_SENDER_LETTERS} Latin letters, digits and signs",
    )
