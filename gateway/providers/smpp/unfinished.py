"""Long messages of which the server has taken some parts and not others yet."""

from collections.abc import Sequence
from dataclasses import dataclass
import random
from typing import Final

REFERENCES: Final = 256
"""Concatenation references: an octet (GSM 03.40, clause 9.2.3.24.1)."""
MOST: Final = 1000
"""Messages that are remembered; one that is forgotten is sent anew as a whole."""


@dataclass(slots=True)
class LongMessage:
    """The reference of the parts, and the id of each; None where it is not taken."""

    reference: int
    ids: list[str | None]

    @property
    def missing(self) -> Sequence[int]:
        """The places of the parts that are still to be taken."""
        return [place for place, id_ in enumerate(self.ids) if id_ is None]


class Unfinished:
    """Remembers long messages from one try to the next."""

    def __init__(self) -> None:
        """Begin with none, and with any reference: phones still hold older parts."""
        self._messages: dict[str, LongMessage] = {}
        # It keeps nothing secret.
        self._reference = random.randrange(REFERENCES)  # noqa: S311

    def __len__(self) -> int:
        """Count the messages."""
        return len(self._messages)

    def take(self, message_id: str, parts: int) -> LongMessage:
        """Return what has been reached, for a try that begins now."""
        message = self._messages.get(message_id)
        if message is None or len(message.ids) != parts:
            self._reference = (self._reference + 1) % REFERENCES
            message = LongMessage(self._reference, [None] * parts)
            self._messages[message_id] = message
            if len(self._messages) > MOST:
                del self._messages[next(iter(self._messages))]
        return message

    def forget(self, message_id: str) -> None:
        """Let go of a message that will not be tried again."""
        self._messages.pop(message_id, None)
