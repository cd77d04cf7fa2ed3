"""Message states, and the scripts by which they progress."""

from enum import IntEnum
from typing import Self

from .. import scripts
from ..scripts import DELAY, Step

_WORDS = (
    "ENROUTE",
    "DELIVRD",
    "EXPIRED",
    "DELETED",
    "UNDELIV",
    "ACCEPTD",
    "UNKNOWN",
    "REJECTD",
)


class MessageState(IntEnum):
    """A message_state (SMPP specification v3.4, clause 5.2.28)."""

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8

    @property
    def word(self) -> str:
        """The state in the text of a receipt (specification, appendix B)."""
        return _WORDS[self - 1]

    @property
    def final(self) -> bool:
        """Tell whether no other state follows."""
        return self not in {MessageState.ENROUTE, MessageState.ACCEPTED}

    @classmethod
    def read(cls, value: object) -> Self:
        """Take a state, its number, its name or its word; raise `ValueError` if none."""
        if isinstance(value, int):
            return cls(value)
        if value in _WORDS:
            return cls(_WORDS.index(str(value)) + 1)
        if value in cls.__members__:
            return cls[str(value)]
        raise ValueError(f"no message state: {value!r}")


type Script = scripts.Script[MessageState]
"""The steps after the initial ENROUTE, in the order of their times."""


def default_script(delay: float = DELAY) -> Script:
    """Return the script of a message that is delivered after `delay` seconds."""
    return (Step(delay, MessageState.DELIVERED),)


def default_rules(delay: float = DELAY) -> dict[str, Script]:
    """Return the scripts of the numbers that show every other state.

    The key is the end of the number: 01 undeliverable, 02 expired, 03 rejected,
    04 deleted, 05 unknown, 06 accepted and no further, 07 en route for ever.
    """
    return {
        "01": (Step(delay, MessageState.UNDELIVERABLE),),
        "02": (Step(delay, MessageState.EXPIRED),),
        "03": (Step(delay, MessageState.REJECTED),),
        "04": (Step(delay, MessageState.DELETED),),
        "05": (Step(delay, MessageState.UNKNOWN),),
        "06": (Step(delay, MessageState.ACCEPTED),),
        "07": (),
    }
