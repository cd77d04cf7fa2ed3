"""Message statuses, and the scripts by which they progress."""

from enum import StrEnum

from .. import scripts
from ..scripts import DELAY, Step


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


type Script = scripts.Script[Status]
"""The steps after the initial ATES, in the order of their times."""


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
