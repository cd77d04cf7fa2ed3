"""Scripts by which messages progress in time, chosen by the ends of numbers."""

from collections.abc import Mapping
from typing import NamedTuple


class Step[S](NamedTuple):
    """A status and the seconds after the sending at which it is reached."""

    after: float
    status: S


type Script[S] = tuple[Step[S], ...]
"""The steps after the first status, in the order of their times."""

DELAY = 0.2
"""Seconds from the sending to the last status, unless configured otherwise."""


def script_for[S](
    destination: str, rules: Mapping[str, Script[S]], default: Script[S]
) -> Script[S]:
    """Return the script of the longest rule that the number ends with."""
    for length in sorted({len(ending) for ending in rules}, reverse=True):
        script = rules.get(destination[-length:])
        if script is not None:
            return script
    return default
