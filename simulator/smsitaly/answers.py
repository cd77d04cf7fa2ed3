"""The answers of the gate."""

from typing import NamedTuple

OK = "+OK 01"
"""What positive answers begin with; the specification does not say what 01 means."""


class Answer(NamedTuple):
    """A line without its CR and LF; `ends` the connection or not."""

    line: str
    ends: bool = False

    @property
    def reason(self) -> str:
        """Why it ends the connection: `-ERR` and its number."""
        return " ".join(self.line.split()[:2])


def positive(text: str, balance: int | None = None) -> Answer:
    """Return a positive answer, with the credit that is left."""
    credit = "" if balance is None else f" {balance}"
    return Answer(f"{OK}{credit} [{text}]")
