"""What the faults of all simulators have in common: when they strike."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
import random
from typing import override

from .rules import Rule, Rules

type Seconds = float | tuple[float, float]
"""A time, or a range to draw from."""


def draw(seconds: Seconds, source: random.Random) -> float:
    """Return a time, drawn if it is a range."""
    return source.uniform(*seconds) if isinstance(seconds, tuple) else seconds


@dataclass(slots=True, kw_only=True, eq=False)
class RequestFault(Rule, ABC):
    """A fault of requests, the next `times` of them.

    With a destination (a pattern such as `*99`, or a predicate) it is only of those to
    such numbers. Of every `every` such requests it strikes the last `burst`.

    `seconds` is a time or a range to draw from. `taken` says whether the request is
    carried out all the same, so that a message is stored although its sender cannot
    know it; None leaves that to the kind of fault.
    """

    destination: str | Callable[[str], bool] | None = None
    every: int = 1
    burst: int = 1
    taken: bool | None = None
    seconds: Seconds = 0.0
    _seen: int = field(default=0, init=False)

    @override
    def __post_init__(self) -> None:
        """Raise `ValueError` on nonsense."""
        super().__post_init__()
        if not 1 <= self.burst <= self.every:
            raise ValueError(f"no burst of {self.burst} of every {self.every}")

    @property
    @abstractmethod
    def is_latency(self) -> bool:
        """Whether it only makes an answer late: another one may come on top."""

    @property
    def patience(self) -> float:
        """The longest of the `seconds`."""
        return max(self.seconds) if isinstance(self.seconds, tuple) else self.seconds

    def counts(self, destination: Callable[[], str | None]) -> bool:
        """Tell whether a request meets it; one it could meet is counted."""
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
class Trouble[F: RequestFault]:
    """What one request meets: seconds of latency, and a fault besides, if any."""

    latency: float = 0.0
    fault: F | None = None


class RequestFaults[F: RequestFault](Rules[F]):
    """The faults in force."""

    def __init__(self) -> None:
        """Start without faults, and with a fixed seed for what is drawn."""
        super().__init__()
        self._random = random.Random(0)

    def first(self, strikes: Callable[[F], bool]) -> Trouble[F]:
        """Return the first latency and the first other fault that strike."""
        slow = self.take(lambda fault: fault.is_latency and strikes(fault))
        fault = self.take(lambda fault: not fault.is_latency and strikes(fault))
        latency = 0.0 if slow is None else draw(slow.seconds, self._random)
        return Trouble(latency, fault)
