"""The GSM 7-bit default alphabet and its extension table (GSM 03.38, clause 6.2.1)."""

from typing import Final

_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE: Final = "\x1b"
_EXTENSION: Final = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}

BASIC: Final = frozenset(_BASIC) - {_ESCAPE}
"""The characters that take one septet each. A bare escape is none."""

EXTENSION: Final = frozenset(_EXTENSION)
"""The characters that take two septets each, an escape and a code."""

_ALPHABET: Final = BASIC | EXTENSION


def is_gsm(text: str) -> bool:
    """Whether every character of `text` stands in the default or extension table."""
    return _ALPHABET.issuperset(text)


def septets(text: str) -> int:
    """Length of a GSM `text` in septets, extension characters counted twice."""
    return len(text) + sum(map(text.count, EXTENSION))
