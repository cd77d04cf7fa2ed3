"""What the gateway asks of every system."""

# ruff: noqa: ARG002 - what a system cannot do takes its arguments all the same

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import InputError, ProviderError, UnsupportedError
from ..ledger import Recording
from ..model import (
    AccountStatus,
    Credit,
    Draft,
    Encoding,
    Fragment,
    Message,
    Receipt,
    Submission,
)
from ..text import MOST_PARTS, Measure
from .connection import Connection

type Outcome = tuple[str, ...] | ProviderError
"""What became of one message of many: the ids of its parts, or why it was refused.

No `Submission`: ten thousand objects more would have all of Home Assistant's memory
looked through for garbage.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a system can do beyond sending one text to one number.

    `credit`: it tells what is left. `receipts`: it tells what becomes of a message that
    it took. `polls`: it is to be asked that, as it does not bring all receipts by itself.
    `wap`: it has bookmarks and pushes.
    """

    flash: bool = False
    schedule: bool = False
    wap: bool = False
    polls: bool = False
    coverage: bool = False
    incoming: bool = False
    credit: bool = True
    receipts: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """The networks that an account reaches.

    `rows` are read from a CSV answer, header first; other forms are `content` only.
    """

    content_type: str
    content: bytes
    rows: tuple[tuple[str, ...], ...] = ()


class Inbox(Protocol):
    """Where a system takes what comes by itself, over a connection that stays."""

    def receive(self, receipt: Receipt) -> Recording[Message | None]:
        """Take a receipt; answer for it when it is recorded."""
        ...

    def take(self, fragment: Fragment) -> Recording[None]:
        """Take an incoming message; answer for it when it is recorded."""
        ...

    def note_connection(self, error: ProviderError | None) -> None:
        """Learn that a session came or went: None while messages can be sent."""
        ...

    def note(self, error: ProviderError) -> None:
        """Learn of an error that does not keep messages from being sent."""
        ...

    def note_credit(self, credit: Credit) -> None:
        """Learn what is left on the account."""
        ...

    def note_status(self, status: AccountStatus) -> None:
        """Learn what the system says of the account."""
        ...


class Provider(ABC):
    """One login at one system.

    Every method raises ProviderError, of the class that fits: TransientError where the
    request surely had no effect and may be repeated, UncertainError where it went out
    and no answer came, others where the provider refuses.
    """

    capabilities = Capabilities()

    @property
    def shared_login(self) -> str | None:
        """Name the login, where a platform offers it in several systems.

        A receipt may come through another system than its message went out.
        """
        return None

    @property
    def connection(self) -> Connection | None:
        """What is kept open; None for a system that only answers."""
        return None

    def check(self, draft: Draft) -> None:
        """Raise InputError when the system can never carry this draft."""
        if draft.flash and not self.capabilities.flash:
            raise UnsupportedError("flash", "flash_unsupported")
        if draft.schedule and not self.capabilities.schedule:
            raise UnsupportedError("schedule", "schedule_unsupported")
        if draft.encoding.is_wap and not self.capabilities.wap:
            raise UnsupportedError("encoding", "wap_unsupported")
        parts = self.measure(draft.text, draft.encoding).parts
        if parts > MOST_PARTS:
            raise InputError("message", "message_parts", parts=parts, most=MOST_PARTS)

    @abstractmethod
    def measure(self, text: str, encoding: Encoding) -> Measure:
        """Count the parts that a text will take; raises InputError as `check`."""

    @abstractmethod
    async def submit(self, message: Message) -> Submission:
        """Hand one message over."""

    @abstractmethod
    async def balance(self) -> Credit:
        """Ask for the credit; this also proves the login."""

    async def check_login(self) -> Credit | None:
        """Prove the login; returns the credit where the system tells it."""
        return await self.balance()

    async def start(self, inbox: Inbox) -> None:  # noqa: B027 - most systems only answer
        """Connect, where a connection stays, and bring what comes to `inbox`."""

    def bulk_limit(self, message: Message) -> int:
        """Return how many untracked messages with this text may share a request."""
        return 1

    async def submit_bulk(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        """Hand over messages that differ in their recipient only.

        Returns what became of each, in order. Raises an error that is true of all of
        them, PartlyTakenError when the answer does not say which ones were taken.
        """
        raise UnsupportedError("track", "track_unsupported")

    async def status(self, provider_id: str, sender: str | None = None) -> Receipt:
        """Ask what became of one part; some systems want to know its sender too."""
        raise UnsupportedError("account", "enquiry_unsupported")

    async def cancel(self, provider_id: str, message: Message) -> None:
        """Take one part of a message back."""
        raise UnsupportedError("account", "cancel_unsupported")

    async def coverage(self, form: int) -> Coverage:
        """Fetch the coverage: form 1 is XLS, 2 PDF, 3 CSV."""
        raise UnsupportedError("account", "coverage_unsupported")

    def hold_back(self) -> None:  # noqa: B027 - most systems send at once
        """Send nothing more: what still waits for its turn raises UnavailableError."""

    async def close(self) -> None:  # noqa: B027 - most systems keep nothing open
        """Let go of connections."""
