"""Faults of the server and the network between, injected by configuration."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import override

from ..faults import RequestFault, RequestFaults, Trouble
from .reports import PROCESSED, Report
from .requests import Service


class FaultKind(StrEnum):
    """What goes wrong with the answer to a request."""

    LATENCY = "latency"
    """It comes after `seconds`."""
    REPORT = "report"
    """It reports `code`; where there is no place for one, it is a SOAP fault."""
    SOAP_FAULT = "soap_fault"
    """It is a SOAP fault of the server's with `text`."""
    HANG = "hang"
    """It never comes."""
    DROP = "drop"
    """The connection is closed in its place."""
    RESET = "reset"
    """The connection is reset in its place."""
    RESET_MIDWAY = "reset_midway"
    """The connection is reset after half of its body."""
    HTTP_STATUS = "http_status"
    """It is an HTTP error page with `status`."""
    GARBAGE = "garbage"
    """Its body is bytes that are no text."""
    TRUNCATED = "truncated"
    """Its body is only the first half, told to be whole."""
    EMPTY = "empty"
    """Its body is empty."""
    OVERLONG = "overlong"
    """Its body is followed by filling, up to `size` bytes."""
    DRIP = "drip"
    """Its body comes byte by byte, each `seconds` after the last."""


_UNTAKEN = {FaultKind.HTTP_STATUS, FaultKind.SOAP_FAULT}


@dataclass(slots=True, kw_only=True, eq=False)
class Fault(RequestFault):
    """A fault of requests to a service (None: all), the next `times` of them.

    The request is carried out all the same, except behind an HTTP error page, a SOAP
    fault or a code that refuses it, unless `taken` says otherwise. A destination is
    that of a request's first number.
    """

    kind: FaultKind
    service: Service | None = None
    code: int = Report.ERROR
    status: int = 503
    text: str = "Internal error"
    size: int = 8_000_000

    @override
    def __post_init__(self) -> None:
        """Take bare names too; raise `ValueError` on nonsense."""
        super().__post_init__()
        self.kind = FaultKind(self.kind)
        if self.service is not None:
            self.service = Service(self.service)

    @property
    @override
    def is_latency(self) -> bool:
        """Whether it only makes an answer late."""
        return self.kind is FaultKind.LATENCY

    @property
    def lets_through(self) -> bool:
        """Tell whether the request is carried out."""
        if self.taken is not None:
            return self.taken
        if self.kind is FaultKind.REPORT:
            return self.code in PROCESSED
        return self.kind not in _UNTAKEN

    def strikes(
        self, service: Service | None, destination: Callable[[], str | None]
    ) -> bool:
        """Tell whether a request meets it; one it could meet is counted."""
        if self.service is not None and self.service != service:
            return False
        return self.counts(destination)


class Faults(RequestFaults[Fault]):
    """The faults in force."""

    def meet(
        self, service: Service | None, destination: Callable[[], str | None]
    ) -> Trouble[Fault]:
        """Return what a request meets: the first latency and the first other fault.

        `service` is None for what cannot be read; `destination` finds out the number
        that a message goes to.
        """
        return self.first(lambda fault: fault.strikes(service, destination))
