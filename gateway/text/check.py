"""What a text must be to be sent at all."""

from typing import Final

from ..errors import InputError
from .segments import GSM_PART

MOST_PARTS: Final = 255
"""Parts that a concatenation header can count (GSM 03.40, clause 9.2.3.24.1)."""


def check_text(text: str) -> None:
    """Raise InputError (field `message`) for a text that no system can carry."""
    if not text:
        raise InputError("message", "is empty")
    if len(text) > MOST_PARTS * GSM_PART:
        raise InputError(
            "message", f"has {len(text)} characters, {MOST_PARTS} parts hold fewer"
        )
    try:
        text.encode("utf-16-be")
    except UnicodeEncodeError as error:
        raise InputError(
            "message", f"has half of a surrogate pair at position {error.start}"
        ) from None
