"""Faults of the SMSC and the network between, injected by configuration."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
import random
from typing import override

from ..rules import Rule, Rules
from .commands import Command
from .statuses import CommandStatus


class FaultKind(StrEnum):
    """What goes wrong with the response to a request."""

    LATENCY = "latency"
    """It comes after `seconds`."""
    STATUS = "status"
    """It refuses the request by `status`."""
    NACK = "nack"
    """It is a generic_nack of `status`, with `sequence` if that is given."""
    DROP = "drop"
    """It never comes."""
    TWICE = "twice"
    """It comes twice."""
    REORDER = "reorder"
    """It waits until there are `hold` such ones, the last of which goes first.

    They wait for `seconds` at most, or for ever if that is 0.
    """
    UNKNOWN_SEQUENCE = "unknown_sequence"
    """Its sequence_number is one that was not asked with."""
    STRAY = "stray"
    """It follows one with a sequence_number that was not asked with."""
    RESET = "reset"
    """The connection is reset in its place."""
    RESET_MIDWAY = "reset_midway"
    """The connection is reset after half of it."""
    GARBAGE = "garbage"
    """It is octets that are no PDU."""
    DEAF = "deaf"
    """It comes, but nothing is read from the connection any more."""


@dataclass(slots=True, kw_only=True, eq=False)
class Fault(Rule):
    """A fault of requests with a command (None: all), the next `times` of them.

    With a destination (a pattern such as `*99`, or a predicate) it is only of those to
    such numbers. Of every `every` such requests it strikes the last `burst`.

    `seconds` is a time or a range to draw from. `taken` says whether the request is
    carried out all the same, so that a message is stored although its sender cannot
    know it; None means that it is, except where it is refused.
    """

    kind: FaultKind
    command: Command | None = None
    destination: str | Callable[[str], bool] | None = None
    every: int = 1
    burst: int = 1
    taken: bool | None = None
    seconds: float | tuple[float, float] = 0.0
    status: int = CommandStatus.ESME_RUNKNOWNERR
    sequence: int | None = None
    hold: int = 2
    _seen: int = field(default=0, init=False)

    @override
    def __post_init__(self) -> None:
        """Take a kind by its bare name too; raise `ValueError` on nonsense."""
        super().__post_init__()
        self.kind = FaultKind(self.kind)
        if not 1 <= self.burst <= self.every:
            raise ValueError(f"no burst of {self.burst} of every {self.every}")

    @property
    def lets_through(self) -> bool:
        """Tell whether the request is carried out."""
        if self.taken is None:
            return self.kind not in {FaultKind.STATUS, FaultKind.NACK}
        return self.taken

    def draw_seconds(self, source: random.Random) -> float:
        """Return the time to wait."""
        if isinstance(self.seconds, tuple):
            return source.uniform(*self.seconds)
        return self.seconds

    @property
    def patience(self) -> float:
        """The longest of the `seconds`."""
        return max(self.seconds) if isinstance(self.seconds, tuple) else self.seconds

    def strikes(self, command: int, destination: Callable[[], str | None]) -> bool:
        """Tell whether a request meets it; one it could meet is counted."""
        if self.command is not None and self.command != command:
            return False
        if self.destination is not None and not self._concerns(destination()):
            return False
        self._seen += 1
        return (self._seen - 1) % self.every >= self.every - self.burst

    def _concerns(self, destination: str | None) -> bool:
        """Tell whether it is of messages to this number."""
        if destination is None or self.destination is None:
            return False
        if callable(self.destination):
            return self.destination(destination)
        return fnmatchcase(destination, self.destination)


@dataclass(slots=True, frozen=True)
class Trouble:
    """What one request meets: seconds of latency, and a fault besides, if any."""

    latency: float = 0.0
    fault: Fault | None = None


class Faults(Rules[Fault]):
    """The faults in force."""

    def __init__(self) -> None:
        """Start without faults, and with a fixed seed for what is drawn."""
        super().__init__()
        self._random = random.Random(0)

    def meet(self, command: int, destination: Callable[[], str | None]) -> Trouble:
        """Return what a request meets: the first latency and the first other fault.

        `destination` finds out the number that a message goes to.
        """
        slow = self._first(command, destination, latency=True)
        fault = self._first(command, destination, latency=False)
        latency = 0.0 if slow is None else slow.draw_seconds(self._random)
        return Trouble(latency, fault)

    def _first(
        self, command: int, destination: Callable[[], str | None], *, latency: bool
    ) -> Fault | None:
        """Return the first latency or the first other fault."""
        return self.take(
            lambda fault: (
                (fault.kind is FaultKind.LATENCY) is latency
                and fault.strikes(command, destination)
            )
        )
