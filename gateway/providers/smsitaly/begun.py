"""Messages of which the server has taken some parts, and not yet the others.

What was taken is paid: a message that is tried again goes on where it stopped.
"""

from dataclasses import dataclass, field
from typing import Final

MOST: Final = 256
"""Messages remembered; nobody tells of those that are given up, so the oldest go."""


@dataclass(slots=True)
class Begun:
    """The number that tells a message's parts from others', and the answers so far."""

    reference: int
    answers: list[str] = field(default_factory=list)


class BegunMessages:
    """Begun messages by their ids."""

    def __init__(self) -> None:
        """Begin with none."""
        self._begun: dict[str, Begun] = {}

    def put(self, message_id: str, begun: Begun) -> None:
        """Remember one, if there is anything to remember."""
        if not begun.answers:
            return
        self._begun[message_id] = begun
        if len(self._begun) > MOST:
            del self._begun[next(iter(self._begun))]

    def take(self, message_id: str) -> Begun | None:
        """Return one and forget it; None where no part was taken."""
        return self._begun.pop(message_id, None)
