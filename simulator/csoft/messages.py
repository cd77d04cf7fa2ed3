"""The messages the system has taken, and those it keeps for its customers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from ..stored import Stored
from .reports import Script
from .requests import Service, Submission

FIRST_NUMBER: Final = 0x3C7D98A4
"""The number of the first message, as in the example of the specification."""

type IdentifierForm = Literal["hex", "decimal", "long"]
"""`3C7D98A4`, the same number in decimal, or in the 15 characters there may be."""


class Stage(NamedTuple):
    """A report code and the moment it was reached, in seconds since 1970."""

    report: int
    since: float


@dataclass(slots=True, eq=False)
class Message:
    """One text to one number; those of one submission share its identifier.

    `submitted`, and `sent` from which the script runs, are seconds since 1970.
    """

    identifier: str
    account: str
    service: Service
    destination: str
    text: str
    parts: int
    submission: Submission
    submitted: float
    sent: float
    script: Script
    fixed: Stage | None = field(default=None, init=False)

    @property
    def flash(self) -> bool:
        """Whether it is to be shown at once."""
        return self.submission.flash

    def course(self) -> Iterator[Stage]:
        """Iterate over the stages that receipts tell, to the last one."""
        if self.fixed is not None:
            yield self.fixed
            return
        for step in self.script:
            yield Stage(step.status, self.sent + step.after)

    def stage(self, now: float) -> Stage | None:
        """Return the stage reached at a moment, None before the first."""
        reached = None
        for stage in self.course():
            if stage.since <= now:
                reached = stage
        return reached


class Messages(Stored[Message]):
    """All messages in the order they were taken."""

    def to(self, destination: str) -> list[Message]:
        """Return the messages to a number."""
        return [each for each in self if each.destination == destination]

    def find(self, identifier: str, destination: str | None = None) -> Message:
        """Return the message with this identifier, to this number if one is given.

        Raises `KeyError` if there is none.
        """
        for each in self:
            if each.identifier == identifier and destination in (
                None,
                each.destination,
            ):
                return each
        raise KeyError(identifier)

    def doubles(self) -> list[Message]:
        """Return the messages like an earlier one in account, number and text."""
        seen = set()
        doubles = []
        for each in self:
            key = (each.account, each.destination, each.text)
            if key in seen:
                doubles.append(each)
            seen.add(key)
        return doubles


def write_identifier(number: int, form: IdentifierForm) -> str:
    """Return the identifier of the message with this number."""
    match form:
        case "decimal":
            return str(number)
        case "long":
            return f"{number:015X}"
        case _:
            return f"{number:08X}"


@dataclass(slots=True, frozen=True)
class Incoming:
    """A message from a phone; `received` is in seconds since 1970."""

    account: str
    sender: str
    recipient: str
    text: str
    received: float


class Mailbox:
    """The messages from phones that were not collected yet, of all accounts."""

    def __init__(self) -> None:
        """Start empty."""
        self.waiting: list[Incoming] = []
        self.collected: list[Incoming] = []

    def collect(self, account: str, most: int | None) -> list[Incoming]:
        """Hand out the messages of an account, each once, so many at most."""
        found = [each for each in self.waiting if each.account == account][:most]
        for each in found:
            self.waiting.remove(each)
        self.collected += found
        return found

    def clear(self) -> None:
        """Forget all of them."""
        self.waiting.clear()
        self.collected.clear()
