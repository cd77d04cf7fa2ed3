"""The number of parts that a text is sent in."""

from typing import NamedTuple

from .alphabet import CHARACTERS, EXTENSION

_DOUBLED = frozenset(EXTENSION.values())


class Room(NamedTuple):
    """What fits in the one part of a short text, and in each of several."""

    single: int
    several: int


SEPTETS = Room(160, 153)
UTF_16 = Room(70, 67)


def count(units: int, room: Room) -> int:
    """Return the number of parts of so many units, 0 for none."""
    if units <= room.single:
        return min(units, 1)
    return -(-units // room.several)


def in_septets(text: str) -> int:
    """Return the parts of a text in the GSM alphabet, whose extension counts twice."""
    return count(len(text) + sum(map(_DOUBLED.__contains__, text)), SEPTETS)


def in_units(text: str) -> int:
    """Return the parts of a text in UTF-16."""
    return count(len(text.encode("utf-16-be", "surrogatepass")) // 2, UTF_16)


def in_narrower(text: str) -> int:
    """Return the parts of a text in the narrower coding that has its characters."""
    return in_septets(text) if CHARACTERS.issuperset(text) else in_units(text)
