"""What a benchmark comes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number, with the bar it has to pass, if it has one."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure passes its bar."""
        if self.at_least is not None and not self.value >= self.at_least:
            return False
        return self.at_most is None or self.value <= self.at_most

    @property
    def bar(self) -> str:
        """What it has to pass, in words; nothing when it has no bar."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return "" if self.at_most is None else f"at most {self.at_most:g}"
