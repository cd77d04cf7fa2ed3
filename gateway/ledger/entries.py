"""What is posted to the ledger: things that happened, in the order of their posting."""

from dataclasses import dataclass
from typing import ClassVar

from ..model import Message, Receipt
from .batch import Apply, Batch
from .recording import Recording


@dataclass(slots=True)
class Step:
    """Something that happened to a known message; it is said only once."""

    message: Message
    apply: Apply
    done: Recording[Message]
    urgent: bool

    def enter(self, batch: Batch) -> None:
        """Work out what it comes to."""
        batch.step(self.message, self.apply)

    def resolve(self, batch: Batch) -> None:
        """Tell who waits that the journal holds it."""
        self.done.resolve(batch.newest(self.message.id))


@dataclass(slots=True)
class Arrival:
    """A receipt that has still to find its message.

    `recalled` is the only one that it can be for, where that is known; it is looked up
    anew for each try to write.
    """

    account: str
    receipt: Receipt
    done: Recording[Message | None]
    recalled: Message | None = None
    found: str | None = None
    urgent: ClassVar[bool] = True

    def enter(self, batch: Batch) -> None:
        """Work out what it comes to."""
        self.found = batch.receive(self.account, self.receipt, self.recalled)

    def resolve(self, batch: Batch) -> None:
        """Tell who waits that the journal holds it."""
        self.done.resolve(batch.newest(self.found) if self.found else None)


@dataclass(slots=True)
class Mark:
    """A place in the queue that somebody waits to be reached."""

    done: Recording[None]
    urgent: ClassVar[bool] = True

    def enter(self, _batch: Batch) -> None:
        """Change nothing."""

    def resolve(self, _batch: Batch) -> None:
        """Tell who waits that it is reached."""
        self.done.resolve(None)


type Entry = Step | Arrival | Mark
