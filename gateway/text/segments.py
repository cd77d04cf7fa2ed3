"""How many parts a text takes, and where it is cut.

Sizes: 160 septets or 70 UTF-16 units in a single part, 153 or 67 in each part of a
concatenated message, whose header takes six octets (GSM 03.40, clause 9.2.3.24.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
import unicodedata

from .gsm import EXTENSION, is_gsm, septets

GSM_SINGLE: Final = 160
GSM_PART: Final = 153
UCS2_SINGLE: Final = 70
UCS2_PART: Final = 67

_ZERO_WIDTH_JOINER: Final = "\u200d"
_ZERO_WIDTH: Final = ("\u200c", _ZERO_WIDTH_JOINER)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text costs: its units (septets or UTF-16 units) and parts."""

    gsm: bool
    units: int
    parts: int


def measure(text: str, *, gsm: bool | None = None) -> Measure:
    """Count `text` before it is sent; `gsm=None` takes GSM 03.38 where it fits.

    Raises ValueError when GSM is asked for and the text does not fit it.
    """
    gsm = _choose(text, gsm)
    units = septets(text) if gsm else utf16_units(text)
    if units <= (GSM_SINGLE if gsm else UCS2_SINGLE):
        return Measure(gsm, units, 1)
    return Measure(gsm, units, len(segments(text, gsm=gsm)))


def segments(text: str, *, gsm: bool | None = None, headed: bool = False) -> list[str]:
    """Cut `text` into parts that each fit one short message.

    `headed` leaves room for a header in a single part, too.
    An escape stays with its character, a surrogate pair with its half and a combining
    sequence with its base, unless that sequence alone is longer than a part.
    Raises ValueError when GSM is asked for and the text does not fit it.
    """
    gsm = _choose(text, gsm)
    if gsm:
        if septets(text) <= (GSM_PART if headed else GSM_SINGLE):
            return [text]
        if EXTENSION.isdisjoint(text):
            return _slices(text, GSM_PART)
        pieces = ((char, 2 if char in EXTENSION else 1) for char in text)
        return _fill(pieces, GSM_PART)
    if utf16_units(text) <= (UCS2_PART if headed else UCS2_SINGLE):
        return [text]
    if not any(map(_needs_care, set(text))):
        return _slices(text, UCS2_PART)
    return _fill(_ucs2_pieces(text), UCS2_PART)


def utf16_units(text: str) -> int:
    """Length of `text` in UTF-16 code units."""
    return len(text) + sum(char > "\uffff" for char in text)


def _choose(text: str, gsm: bool | None) -> bool:
    fits = is_gsm(text)
    if gsm and not fits:
        raise ValueError("the text has characters outside GSM 03.38")
    return fits if gsm is None else gsm


def _slices(text: str, size: int) -> list[str]:
    """Cut a text, each character of which is one unit and stands for itself."""
    return [text[start : start + size] for start in range(0, len(text), size)]


def _needs_care(char: str) -> bool:
    """Whether a character may be part of what must not be cut."""
    return char > "\uffff" or char == "\r" or _extends(char)


def _fill(pieces: Iterator[tuple[str, int]], size: int) -> list[str]:
    parts: list[str] = []
    part: list[str] = []
    room = size
    for piece, units in pieces:
        if units > room:
            parts.append("".join(part))
            part, room = [], size
        part.append(piece)
        room -= units
    parts.append("".join(part))
    return parts


def _ucs2_pieces(text: str) -> Iterator[tuple[str, int]]:
    """Yield what must not be cut, with its length in UTF-16 units."""
    for cluster in _clusters(text):
        units = utf16_units(cluster)
        if units <= UCS2_PART:
            yield cluster, units
        else:
            yield from ((char, utf16_units(char)) for char in cluster)


def _clusters(text: str) -> Iterator[str]:
    """Split `text` into what a reader sees as one character, near enough (UAX #29)."""
    start = 0
    flags = 0
    for index, char in enumerate(text):
        flags = flags + 1 if _is_flag_half(char) else 0
        if index == 0:
            continue
        before = text[index - 1]
        joined = (
            _extends(char)
            or before == _ZERO_WIDTH_JOINER
            or (before == "\r" and char == "\n")
            or (flags and flags % 2 == 0)
        )
        if not joined:
            yield text[start:index]
            start = index
    yield text[start:]


def _extends(char: str) -> bool:
    return (
        char in _ZERO_WIDTH
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # tags, as in the flag of Wales
        or unicodedata.category(char) in ("Mn", "Mc", "Me")
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
