"""Message types, what their text means and how many parts it makes."""

from enum import IntEnum
import re

from .. import parts
from ..alphabet import CHARACTERS

_DOUBLED = "[]{}|\\~^"
_HEX = re.compile(r"(?:[0-9A-Fa-f]{4})*")


class MessageType(IntEnum):
    """The parameter `type` (websmpp specification, section Message Type & Length)."""

    ENGLISH = 1
    UNICODE = 2
    SPECIAL = 3
    ARABIC = 4

    @property
    def is_gsm(self) -> bool:
        """Tell whether the text is in the GSM alphabet rather than UTF-16."""
        return self in {MessageType.ENGLISH, MessageType.SPECIAL}


class CodingError(ValueError):
    """The text is not in the coding of its type."""


def decode(message_type: MessageType, raw: str) -> str:
    """Return the text that the parameter `text` stands for.

    Type 2 is UTF-16 big-endian in hexadecimal, types 1 and 3 are GSM characters,
    type 4 is any text. Raises `CodingError` for anything else.
    """
    if message_type.is_gsm:
        if not CHARACTERS.issuperset(raw):
            raise CodingError("text has characters outside the GSM alphabet")
    elif message_type is MessageType.UNICODE:
        if _HEX.fullmatch(raw) is None:
            raise CodingError("text is not a sequence of four-digit hexadecimals")
        return bytes.fromhex(raw).decode("utf-16-be", "surrogatepass")
    return raw


def length(message_type: MessageType, text: str) -> int:
    r"""Return the length of a decoded text in the units that are limited.

    For types 1 and 3 these are characters, of which [ ] { } | \ ~ ^ count twice;
    for types 2 and 4 UTF-16 units (one of them is four hexadecimal digits).
    """
    if message_type.is_gsm:
        return len(text) + sum(map(text.count, _DOUBLED))
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def count_parts(message_type: MessageType, text: str) -> int:
    """Return the number of parts a decoded text is sent in, 0 for an empty one.

    One part holds 160 characters or 70 UTF-16 units (280 hexadecimal digits); from
    two parts on each has its header and holds 153 or 67.
    """
    room = parts.SEPTETS if message_type.is_gsm else parts.UTF_16
    return parts.count(length(message_type, text), room)
