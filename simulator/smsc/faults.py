"""Faults of the SMSC and the network between, injected by configuration."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import override

from ..faults import RequestFault, RequestFaults, Trouble
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
class Fault(RequestFault):
    """A fault of requests with a command (None: all), the next `times` of them.

    The request is carried out all the same, except where it is refused, unless `taken`
    says otherwise.
    """

    kind: FaultKind
    command: Command | None = None
    status: int = CommandStatus.ESME_RUNKNOWNERR
    sequence: int | None = None
    hold: int = 2

    @override
    def __post_init__(self) -> None:
        """Take a kind by its bare name too; raise `ValueError` on nonsense."""
        super().__post_init__()
        self.kind = FaultKind(self.kind)

    @property
    @override
    def is_latency(self) -> bool:
        """Whether it only makes a response late."""
        return self.kind is FaultKind.LATENCY

    @property
    def lets_through(self) -> bool:
        """Tell whether the request is carried out."""
        if self.taken is None:
            return self.kind not in {FaultKind.STATUS, FaultKind.NACK}
        return self.taken

    def strikes(self, command: int, destination: Callable[[], str | None]) -> bool:
        """Tell whether a request meets it; one it could meet is counted."""
        if self.command is not None and self.command != command:
            return False
        return self.counts(destination)


class Faults(RequestFaults[Fault]):
    """The faults in force."""

    def meet(
        self, command: int, destination: Callable[[], str | None]
    ) -> Trouble[Fault]:
        """Return what a request meets: the first latency and the first other fault.

        `destination` finds out the number that a message goes to.
        """
        return self.first(lambda fault: fault.strikes(command, destination))
