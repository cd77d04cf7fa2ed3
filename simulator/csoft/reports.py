"""Report codes, in answers to requests and in receipts, and scripts of them.

Those that are known; a code may be any other whole number too.
"""

from enum import IntEnum
from typing import Final

from .. import scripts
from ..scripts import DELAY, Step


class Report(IntEnum):
    """A report code of Connection Software."""

    ACCEPTED = -4
    """Accepted by the SMSC; more will follow."""
    DELAYED = -3
    """Delayed; more will follow."""
    ERROR = -1
    """Any error; what the receiver of a receipt answers if nothing else fits."""
    OK = 0
    """Taken, as the answer to a request; delivered, in a receipt."""
    INVALID_LOGIN = 2
    INVALID_NUMBER = 3
    INACTIVE_NUMBER = 4
    INVALID_LENGTH = 5
    """An invalid number. That it is one by its length is the simulator's own."""
    NO_COUNTRY_CODE = 7
    """An invalid number. That it lacks a country code is the simulator's own."""
    BLACKLISTED_NUMBER = 8
    CHARACTERS_REMOVED = 11
    """Invalid characters were removed; the message was taken."""
    OTHER_CHARACTERS_REMOVED = 19
    """The same. What tells the two codes apart is not known."""
    DELETED = 25
    EXPIRED = 27
    ABANDONED = 28


PROCESSED: Final = frozenset(
    {Report.OK, Report.CHARACTERS_REMOVED, Report.OTHER_CHARACTERS_REMOVED}
)
"""The codes of answers to requests that were carried out."""

NO_CREDIT: Final = 99
"""Too little credit. The code of the system is not known: this is the simulator's."""

UNHEARD_OF: Final = 77
"""A code that means nothing known."""

type Script = scripts.Script[int]
"""The codes of the receipts, in the order of their times."""


def default_script(delay: float = DELAY) -> Script:
    """Return the script of a message that is delivered after `delay` seconds."""
    return (Step(delay, Report.OK),)


def default_rules(delay: float = DELAY) -> dict[str, Script]:
    """Return the scripts of the numbers that show other reports.

    The key is the end of the number: 01 inactive number, 02 expired, 03 abandoned,
    04 deleted, 05 a code that means nothing known, 06 accepted by the SMSC and no
    further, 07 no receipt at all, 08 accepted, delayed and then delivered, 09 accepted
    and then expired, 10 blacklisted number.
    """
    accepted: Step[int] = Step(0.0, Report.ACCEPTED)
    return {
        "01": (Step(delay, Report.INACTIVE_NUMBER),),
        "02": (Step(delay, Report.EXPIRED),),
        "03": (Step(delay, Report.ABANDONED),),
        "04": (Step(delay, Report.DELETED),),
        "05": (Step(delay, UNHEARD_OF),),
        "06": (Step(delay, Report.ACCEPTED),),
        "07": (),
        "08": (accepted, Step(delay / 2, Report.DELAYED), Step(delay, Report.OK)),
        "09": (accepted, Step(delay, Report.EXPIRED)),
        "10": (Step(delay, Report.BLACKLISTED_NUMBER),),
    }


def text_of(code: int) -> str:
    """Return the text of a code, as answers have it."""
    if code not in list(Report):
        return f"Report {code}"
    return Report(code).name.replace("_", " ").capitalize()


def read(value: object) -> int:
    """Read a code of up to three digits from JSON; raises `ValueError`."""
    if not isinstance(value, int) or isinstance(value, bool) or not -99 <= value <= 999:
        raise ValueError(f"expected a report code, not {value!r}")
    return int(value)
