"""Stretches of time, on the clock that all processes of a machine share."""

import time
from typing import NamedTuple, Self


class Span(NamedTuple):
    """From a moment to another, in seconds of the monotonic clock."""

    start: float
    end: float

    @classmethod
    def since(cls, start: float) -> Self:
        """Return what has passed since a moment."""
        return cls(start, time.monotonic())

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start

    def overlap(self, other: Span) -> float:
        """Return how many seconds it shares with another."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))
