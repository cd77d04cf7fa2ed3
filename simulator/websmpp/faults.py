"""Faults of the server and the network between, injected by configuration."""

from dataclasses import dataclass
from enum import StrEnum
import random
from typing import override

from ..faults import Seconds, draw
from .endpoints import Endpoint
from .rules import EndpointRule, EndpointRules


class FaultKind(StrEnum):
    """What goes wrong."""

    LATENCY = "latency"
    """The reply comes after `seconds`."""
    HANG = "hang"
    """There is no reply until the client goes away."""
    RESET = "reset"
    """The connection is reset before the first byte of the reply."""
    RESET_MIDWAY = "reset_midway"
    """The connection is reset after half of the reply's body."""
    HTTP_STATUS = "http_status"
    """The reply is an HTTP error page with `status`."""
    GARBAGE = "garbage"
    """The body is bytes that are no text."""
    DRIP = "drip"
    """The body comes byte by byte, each `seconds` after the last."""
    EMPTY = "empty"
    """The body is empty."""
    OVERLONG = "overlong"
    """The body is followed by filling, up to `size` bytes."""
    CHARSET = "charset"
    """The content type names `charset`, which the body is not in."""


@dataclass(slots=True, kw_only=True, eq=False)
class Fault(EndpointRule):
    """A fault of the requests to an endpoint (None: all), the next `times` ones.

    `seconds` is a time or a range to draw from. `taken` says whether the request is
    carried out all the same, so that a message is stored although the sender cannot
    know it; None means that it is, except behind an HTTP error page.
    """

    kind: FaultKind
    taken: bool | None = None
    seconds: Seconds = 0.0
    status: int = 503
    size: int = 8_000_000
    charset: str = "utf-16"

    @override
    def __post_init__(self) -> None:
        """Take a kind by its bare name too; raise `ValueError` on nonsense."""
        super().__post_init__()
        self.kind = FaultKind(self.kind)

    @property
    def lets_through(self) -> bool:
        """Tell whether the request is carried out."""
        if self.taken is None:
            return self.kind is not FaultKind.HTTP_STATUS
        return self.taken

    def draw_seconds(self, source: random.Random) -> float:
        """Return the time to wait."""
        return draw(self.seconds, source)


@dataclass(slots=True, frozen=True)
class Trouble:
    """What one request meets: seconds of latency, and a fault besides, if any."""

    latency: float = 0.0
    fault: Fault | None = None

    @property
    def lets_through(self) -> bool:
        """Tell whether the request is carried out."""
        return self.fault is None or self.fault.lets_through


NO_TROUBLE = Trouble()


class Faults(EndpointRules[Fault]):
    """The faults in force."""

    def __init__(self) -> None:
        """Start without faults, and with a fixed seed for what is drawn."""
        super().__init__()
        self._random = random.Random(0)

    def meet(self, endpoint: Endpoint) -> Trouble:
        """Return what a request meets: the first latency and the first other fault."""
        if not self._rules:
            return NO_TROUBLE
        slow = self.take_at(endpoint, lambda rule: rule.kind is FaultKind.LATENCY)
        fault = self.take_at(endpoint, lambda rule: rule.kind is not FaultKind.LATENCY)
        latency = 0.0 if slow is None else slow.draw_seconds(self._random)
        return Trouble(latency, fault)
