"""The number of parts that a text is sent in."""

from typing import NamedTuple


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
