"""The ids that providers give to messages, and how else they write the same one.

An SMSC may write an id in hexadecimal in its answer and in decimal in its receipt, or
the other way round, or with leading zeros in one of the two.
"""

from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
import re
from typing import Final

_DECIMAL: Final = re.compile(r"[0-9]{1,20}")
_HEXADECIMAL: Final = re.compile(r"[0-9A-Fa-f]{1,20}")
_WIDEST: Final = 20


class Habit(Enum):
    """How a server writes in its receipts the ids that its answers gave."""

    SAME = auto()
    """In the same base; padding and case may differ."""
    DECIMAL = auto()
    """In decimal, where the answer is in hexadecimal."""
    HEXADECIMAL = auto()
    """The other way round."""


def habits(answered: str, reported: str) -> frozenset[Habit]:
    """Return the habits by which one message may have both ids."""
    return frozenset(_explain(answered, reported))


def proven_habit(answered: str, reported: str) -> Habit | None:
    """Return the habit that two ids of one message prove, None where they do not.

    It takes a letter: without one, each may be in either base.
    """
    if (answered + reported).isdecimal():
        return None
    possible = habits(answered, reported)
    return next(iter(possible)) if len(possible) == 1 else None


@lru_cache(maxsize=1024)
def spellings(id_: str) -> frozenset[str]:
    """Return every other way in which a server may write this id.

    Whatever is a spelling of another id has that one as a spelling, too. An id that is
    no number, such as a UUID, has none.
    """
    return frozenset(_spell(id_)) - {id_}


def _explain(answered: str, reported: str) -> Iterator[Habit]:
    if not (_HEXADECIMAL.fullmatch(answered) and _HEXADECIMAL.fullmatch(reported)):
        return
    if int(answered, 16) == int(reported, 16):
        yield Habit.SAME
    if _DECIMAL.fullmatch(reported) and int(answered, 16) == int(reported):
        yield Habit.DECIMAL
    if _DECIMAL.fullmatch(answered) and int(answered) == int(reported, 16):
        yield Habit.HEXADECIMAL


def _spell(id_: str) -> Iterator[str]:
    for number in _meanings(id_):
        for digits in (str(number), f"{number:x}", f"{number:X}"):
            for width in range(len(digits), _WIDEST + 1):
                yield digits.zfill(width)


def _meanings(id_: str) -> Iterator[int]:
    if _DECIMAL.fullmatch(id_):
        yield int(id_)
    if _HEXADECIMAL.fullmatch(id_):
        yield int(id_, 16)
