"""What is known of the countries' numbering plans."""

from functools import cache, lru_cache
import re
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_CALLING_CODE_DIGITS: Final = range(1, 4)


class _Country(NamedTuple):
    """How long numbers behind a calling code are, and how they do not begin.

    Behind `national_prefix` the library has more to do than to look at the length.
    """

    lengths: frozenset[int]
    national_prefix: re.Pattern[str] | None


def is_e164(text: str) -> bool:
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
    if not calling_code or calling_code.startswith("0"):
        return None
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


@lru_cache(maxsize=256)
def is_international(bare: str) -> bool:
    """Whether digits are a valid number that begins with its country code."""
    try:
        parsed = phonenumbers.parse(f"+{bare}", None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)


def dials_more_than_00(region: str | None) -> bool:
    """Whether `00` is only the beginning of what the country dials before a number.

    In Australia it is `0011`, in Hong Kong `001` and others.
    """
    metadata = region and phonenumbers.PhoneMetadata.metadata_for_region(region)
    prefix = metadata.international_prefix if metadata else None
    if prefix is None or re.fullmatch(prefix, "00"):
        return False
    return prefix.startswith(("00", "0[0"))


def is_bare_form(digits: str, number: PhoneNumber) -> bool:
    """Whether these digits, without any prefix, are how the country writes a number."""
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return _digits_of(national) == digits


def lacks_prefix(digits: str, number: PhoneNumber) -> bool:
    """Whether the country writes, or may write, more in front of these digits."""
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    written = _digits_of(national)
    if written != digits:
        return written.endswith(digits)
    # What the library has no form for, it leaves as it is.
    metadata = _metadata_of(number)
    return national == written and bool(metadata and metadata.national_prefix)


def is_fixed_form(digits: str, number: PhoneNumber) -> bool:
    """Whether these are all digits that are written, in a country of one length.

    In North America everybody writes ten; nobody means Malaysia by ten.
    """
    metadata = _metadata_of(number)
    if metadata is None or metadata.mobile is None:
        return False
    lengths = metadata.mobile.possible_length
    return lengths == (len(digits),) and is_bare_form(digits, number)


def _metadata_of(number: PhoneNumber) -> phonenumbers.PhoneMetadata | None:
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return phonenumbers.PhoneMetadata.metadata_for_region(region)


def _digits_of(text: str) -> str:
    return "".join(filter(str.isdigit, text))
