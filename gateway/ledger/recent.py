"""The last messages that receipts may come for, so that they need not be read back.

Only the ledger changes messages, and it notes each change here once the journal holds
it. A message stays until it has ended, or until so many others have come.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from ..model import Message, Receipt
from .matching import agrees

MOST: Final = 10_000
"""Provider ids."""


class RecentMessages:
    """Open messages by the ids of their parts, those noted first in front."""

    def __init__(self) -> None:
        """Begin with none."""
        self._messages: dict[str, Message | None] = {}

    def note(self, messages: Iterable[Message]) -> None:
        """Take messages as they are now."""
        for message in messages:
            # One that was let go of is not taken up again: a newer one may have its id.
            is_new = message.updated_at == message.accepted_at
            for part in message.parts:
                known = self._messages.get(part.provider_id, message)
                if known is None or known.id != message.id:
                    # More than one has this id: it takes the journal to choose.
                    self._messages[part.provider_id] = None
                elif message.state.is_final:
                    self._messages.pop(part.provider_id, None)
                elif message.tracked and (is_new or part.provider_id in self._messages):
                    self._messages[part.provider_id] = message
        for id_ in list(islice(self._messages, max(0, len(self._messages) - MOST))):
            del self._messages[id_]

    def find(self, account: str, receipt: Receipt) -> Message | None:
        """Return the message that a receipt is for, if no other can be meant.

        One that is open is the newest with its id: what the journal has is older.
        """
        message = self._messages.get(receipt.provider_id)
        if message and message.account == account and agrees(message, receipt):
            return message
        return None

    def clear(self) -> None:
        """Forget all."""
        self._messages.clear()
