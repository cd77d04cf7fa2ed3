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
_ENCODED: Final = {
    **{ord(char): chr(code) for code, char in enumerate(_BASIC) if char != _ESCAPE},
    **{ord(char): f"{_ESCAPE}{chr(code)}" for char, code in _EXTENSION.items()},
}
_UNESCAPED: Final = {
    _BASIC.index(_ESCAPE): " ",
    **{code: char for char, code in _EXTENSION.items()},
}


def is_gsm(text: str) -> bool:
    """Whether every character of `text` stands in the default or extension table."""
    return _ALPHABET.issuperset(text)


def septets(text: str) -> int:
    """Length of a GSM `text` in septets, extension characters counted twice."""
    return len(text) + sum(map(text.count, EXTENSION))


def encode(text: str) -> bytes:
    """Write a GSM `text` as one octet for each septet, not packed.

    Raises ValueError when a character stands in neither table.
    """
    if not is_gsm(text):
        raise ValueError("the text has characters outside GSM 03.38")
    return text.translate(_ENCODED).encode("latin-1")


def decode(octets: bytes) -> str:
    """Read octets that each hold a septet; the eighth bit is left out of account.

    What an escape does not make another character stays that of the first table, an
    escaped escape is a space (clause 6.2.1.1); an escape at the end is dropped.
    """
    chars: list[str] = []
    escaped = False
    for octet in octets:
        code = octet & 0x7F
        if escaped:
            chars.append(_UNESCAPED.get(code, _BASIC[code]))
            escaped = False
        elif _BASIC[code] == _ESCAPE:
            escaped = True
        else:
            chars.append(_BASIC[code])
    return "".join(chars)
