"""What a benchmark comes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number, with the bar it has to pass, if it has one."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure passes its bar."""
        return self.at_most is None or self.value <= self.at_most
