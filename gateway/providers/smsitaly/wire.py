"""What all strings on the connection share: their end, their charset, what delimits.

Source: smsitaly specification, "Interface with Packets" and the closing notes. It names
no charset; ISO-8859-1 is our reading.
"""

from typing import Final

from ...errors import InputError

END: Final = b"\r\n"
CHARSET: Final = "latin-1"
LONGEST: Final = 4096
"""Octets of a string, its end counted in."""
LONGEST_ANSWER: Final = 2 * LONGEST
"""An answer repeats what was sent, and adds to it."""

_ENDS: Final = frozenset("\r\n")
_DELIMITERS: Final = frozenset("\0\x01\x02\x03\x04\x05\x06")


def check_value(name: str, value: str) -> None:
    """Raise InputError, which names the field, for what would break the string."""
    if not (_DELIMITERS | _ENDS).isdisjoint(value):
        raise InputError(name, f"{name}_characters")
    try:
        value.encode(CHARSET)
    except UnicodeEncodeError:
        raise InputError(name, f"{name}_characters") from None


def check_text(text: str) -> None:
    """Raise InputError (field `message`) for what delimits, and is no part of a text.

    Ends of lines are: they are written in hexadecimal digits.
    """
    if delimiter := next(filter(_DELIMITERS.__contains__, text), None):
        raise InputError(
            "message", "message_character", character=f"U+{ord(delimiter):04X}"
        )


def encode(string: str) -> bytes:
    """Write a string with its end; raises InputError when it is too long."""
    octets = string.encode(CHARSET) + END
    if len(octets) > LONGEST:
        raise InputError("message", "message_octets", count=len(octets), most=LONGEST)
    return octets
