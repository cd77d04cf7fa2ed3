"""Faults of the gate and the network between, injected by configuration."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
import random
from typing import override

from ..faults import RequestFault, RequestFaults, Trouble
from .refusals import BY_CODE
from .requests import CONNECTION, NAMES


class FaultKind(StrEnum):
    """What goes wrong with the answer to a line, or with the greeting."""

    LATENCY = "latency"
    """It comes after `seconds`, and those to later lines after it."""
    ERROR = "error"
    """It is the negative one of the number `code`, which may end the connection."""
    SILENCE = "silence"
    """It never comes."""
    DROP = "drop"
    """The connection is closed in its place."""
    RESET = "reset"
    """The connection is reset in its place."""
    MIDWAY = "midway"
    """The connection is closed after half of it."""
    HANG_UP = "hang_up"
    """The connection is closed after it."""
    SHUTDOWN = "shutdown"
    """It is followed by -ERR 102 that nobody asked for, and the end."""
    SPLIT = "split"
    """It comes in pieces of `size` octets, cut at random if that is 0."""
    JOIN = "join"
    """It waits until there are `hold` such ones, which come at once.

    They wait for `seconds` at most, or for ever if that is 0.
    """
    TWICE = "twice"
    """It comes twice."""
    GARBAGE = "garbage"
    """It is the line `answer`, or without that octets that are no answer."""
    FLOOD = "flood"
    """It is `size` octets without an end of line."""


@dataclass(slots=True, kw_only=True, eq=False)
class Fault(RequestFault):
    """A fault of lines with a name (None: all but the greeting), the next `times`.

    The names are those of `requests.NAMES`; the greeting is `Connection`. With a
    `chance` below 1 it strikes only some of those it would, drawn with a fixed seed.
    `ends` says whether an error ends the connection (None: as the specification does).

    The line is carried out all the same, except where it is answered by an error,
    unless `taken` says otherwise. A destination is a whole number, as `+3933312345`.
    """

    kind: FaultKind
    command: str | None = None
    code: int = 100
    ends: bool | None = None
    answer: str | None = None
    size: int = 1
    hold: int = 2
    chance: float = 1.0
    _random: random.Random = field(
        default_factory=lambda: random.Random(0), init=False, repr=False
    )

    @override
    def __post_init__(self) -> None:
        """Take a kind by its bare name too; raise `ValueError` on nonsense."""
        super().__post_init__()
        self.kind = FaultKind(self.kind)
        if self.command is not None and self.command not in NAMES:
            raise ValueError(f"no name of a line: {self.command}")
        if self.code not in BY_CODE:
            raise ValueError(f"no number of an error: {self.code}")

    @property
    @override
    def is_latency(self) -> bool:
        """Whether it only makes an answer late."""
        return self.kind is FaultKind.LATENCY

    @property
    def lets_through(self) -> bool:
        """Tell whether the line is carried out."""
        if self.taken is None:
            return self.kind is not FaultKind.ERROR
        return self.taken

    def strikes(self, name: str, destination: Callable[[], str | None]) -> bool:
        """Tell whether a line meets it; one it could meet is counted."""
        if self.command is None and name == CONNECTION:
            return False
        if self.command is not None and self.command != name:
            return False
        if not self.counts(destination):
            return False
        return self.chance >= 1 or self._random.random() < self.chance


class Faults(RequestFaults[Fault]):
    """The faults in force."""

    def meet(self, name: str, destination: Callable[[], str | None]) -> Trouble[Fault]:
        """Return what a line meets: the first latency and the first other fault.

        `destination` finds out the number that a message goes to.
        """
        return self.first(lambda fault: fault.strikes(name, destination))
