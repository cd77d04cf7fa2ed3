"""The messages the platform has taken."""

from dataclasses import dataclass
from typing import NamedTuple, override

from ..stored import Stored
from .parts import MessageType
from .statuses import Script, Status

FIRST_ID = 2541524
"""The id of the first part (the example of the websmpp specification)."""


class State(NamedTuple):
    """A status and the moment it was reached, in seconds since 1970."""

    status: Status
    since: float


@dataclass(slots=True)
class Message:
    """One text to one recipient, as it was received.

    `first_id` is the id of its first part, the other parts count on from there;
    `batch` is the first id of the whole submission. `submitted` and `scheduled` are
    seconds since 1970; `method` is the HTTP method.
    """

    account: str
    source: str
    destination: str
    type: MessageType
    text: str
    parts: int
    first_id: int
    batch: int
    submitted: float
    scheduled: float | None
    method: str
    script: Script

    @property
    def ids(self) -> range:
        """The ids of the parts."""
        return range(self.first_id, self.first_id + self.parts)

    @property
    def sent(self) -> float:
        """The moment from which the script runs, in seconds since 1970."""
        return self.submitted if self.scheduled is None else self.scheduled

    def state(self, now: float) -> State:
        """Return what the script has come to at a moment (seconds since 1970)."""
        state = State(Status.ATES, self.submitted)
        for step in self.script:
            moment = self.sent + step.after
            if moment > now:
                break
            state = State(step.status, moment)
        return state


class Messages(Stored[Message]):
    """All messages in the order they were taken, and their parts by id."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        # Ids have no gaps: the message of part n is at n - FIRST_ID.
        self._parts: list[Message] = []
        self._set_by_hand: dict[int, State] = {}

    @property
    def next_id(self) -> int:
        """The id the next part will get."""
        return FIRST_ID + len(self._parts)

    @property
    def parts(self) -> int:
        """The number of parts of all messages."""
        return len(self._parts)

    @override
    def add(self, item: Message) -> None:
        """Store a message whose first part has the next id."""
        self._items.append(item)
        if item.parts == 1:
            self._parts.append(item)
        else:
            self._parts.extend([item] * item.parts)

    def by_id(self, part_id: int) -> Message | None:
        """Return the message with this part, or None."""
        index = part_id - FIRST_ID
        return self._parts[index] if 0 <= index < len(self._parts) else None

    def to(self, destination: str) -> list[Message]:
        """Return the messages to a number."""
        return [each for each in self._items if each.destination == destination]

    def state(self, part_id: int, now: float) -> State:
        """Return the state of a part at a moment; raises `KeyError` if unknown."""
        message = self.by_id(part_id)
        if message is None:
            raise KeyError(part_id)
        by_hand = self._set_by_hand.get(part_id)
        return message.state(now) if by_hand is None else by_hand

    def set_state(self, part_id: int, state: State) -> Message:
        """Fix the state of a part, ending its script; raises `KeyError` if unknown."""
        message = self.by_id(part_id)
        if message is None:
            raise KeyError(part_id)
        self._set_by_hand[part_id] = state
        return message

    def is_set_by_hand(self, part_id: int) -> bool:
        """Tell whether the state of a part was fixed."""
        return part_id in self._set_by_hand

    def doubles(self) -> list[Message]:
        """Return the messages like an earlier one in account, addresses and text."""
        seen: set[tuple[str, str, str, str]] = set()
        doubles = []
        for each in self._items:
            key = (each.account, each.source, each.destination, each.text)
            if key in seen:
                doubles.append(each)
            seen.add(key)
        return doubles

    @override
    def clear(self) -> None:
        """Forget all messages and begin the ids anew."""
        self._items.clear()
        self._parts.clear()
        self._set_by_hand.clear()
