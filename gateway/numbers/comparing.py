"""Whether two spellings mean one number."""

from typing import Final

from ..errors import InputError
from .plans import calling_code_of
from .reading import normalize_number

_NATIONAL_DIGITS: Final = 7


def digits(number: str) -> str:
    """Return the digits of `number`, without a leading `00`: what most wires carry."""
    bare = number.removeprefix("+")
    if not bare.isdecimal():
        bare = "".join(filter(str.isdecimal, bare))
    return bare.removeprefix("00")


def same_number(one: str, other: str) -> bool:
    """Whether a receipt for one number can be for the other.

    A provider may name a number without its plus sign, with `00` or in national form:
    where one is the end of the other, that end must have seven digits or more. A
    receipt also has the id of its message; where nothing else is known, use
    `same_subscriber`.
    """
    short, long = digits(one).lstrip("0"), digits(other).lstrip("0")
    if len(short) > len(long):
        short, long = long, short
    return short == long or (len(short) >= _NATIONAL_DIGITS and long.endswith(short))


def same_subscriber(one: str, other: str, region: str | None = None) -> bool:
    """Whether two spellings mean one number for certain.

    What has no country code is read as the country of the ISO 3166 `region` writes it.
    Without a region its digits must be those of the other, or all of those behind the
    other's calling code.
    """
    one, other = _read(one, region), _read(other, region)
    if one == other:
        return True
    if one.startswith("+") == other.startswith("+"):
        return False
    full, short = (one, other) if one.startswith("+") else (other, one)
    if digits(full) == digits(short):
        return True
    national = full[1 + len(calling_code_of(full)) :]
    return (
        region is None
        and len(national) >= _NATIONAL_DIGITS
        and (national.lstrip("0") == digits(short).lstrip("0"))
    )


def _read(number: str, region: str | None) -> str:
    try:
        return normalize_number(number, region)
    except InputError:
        return digits(number)
