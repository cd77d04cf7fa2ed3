"""Message statuses, and the scripts by which they progress in time."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """A message status (websmpp specification, section on the status enquiry)."""

    ATES = "ATES"
    DELIVRD = "DELIVRD"
    UNDELIV = "UNDELIV"
    EXPIRED = "EXPIRED"
    REJECTD = "REJECTD"
    ACCEPTD = "ACCEPTD"
    DELETED = "DELETED"
    UNKNOWN = "UNKNOWN"

    @property
    def final(self) -> bool:
        """Tell whether no other status follows."""
        return self not in {Status.ATES, Status.ACCEPTD}


class Step(NamedTuple):
    """A status and the seconds after the sending at which it is reached."""

    after: float
    status: Status


type Script = tuple[Step, ...]
"""The steps after the initial ATES, in the order of their times."""

DELAY = 0.2
"""Seconds from the sending to the last status, unless configured otherwise."""


def default_script(delay: float = DELAY) -> Script:
    """Return the script of a message that is delivered after `delay` seconds."""
    return (Step(delay, Status.DELIVRD),)


def default_rules(delay: float = DELAY) -> dict[str, Script]:
    """Return the scripts of the numbers that show every other status.

    The key is the end of the number: 01 UNDELIV, 02 EXPIRED, 03 REJECTD,
    04 DELETED, 05 UNKNOWN, 06 ACCEPTD and no further, 07 ATES for ever.
    """
    return {
        "01": (Step(delay, Status.UNDELIV),),
        "02": (Step(delay, Status.EXPIRED),),
        "03": (Step(delay, Status.REJECTD),),
        "04": (Step(delay, Status.DELETED),),
        "05": (Step(delay, Status.UNKNOWN),),
        "06": (Step(delay, Status.ACCEPTD),),
        "07": (),
    }


def script_for(
    destination: str, rules: Mapping[str, Script], default: Script
) -> Script:
    """Return the script of the longest rule that the number ends with."""
    for length in sorted({len(ending) for ending in rules}, reverse=True):
        script = rules.get(destination[-length:])
        if script is not None:
            return script
    return default
