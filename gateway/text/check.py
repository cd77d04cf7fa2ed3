"""What a text must be to be sent at all."""

from typing import Final

from ..errors import InputError
from .segments import GSM_PART

MOST_PARTS: Final = 255
"""Parts that a concatenation header can count (GSM 03.40, clause 9.2.3.24.1)."""


def check_text(text: str) -> None:
    """Raise InputError (field `message`) for a text that no system can carry."""
    if not text:
        raise InputError("message", "message_empty")
    if len(text) > MOST_PARTS * GSM_PART:
        raise InputError("message", "message_long", count=len(text), parts=MOST_PARTS)
    try:
        text.encode("utf-16-be")
    except UnicodeEncodeError as error:
        raise InputError("message", "message_surrogate", position=error.start) from None
