"""The GSM 7 bit default alphabet, one octet a septet (3GPP TS 23.038, clause 6.2.1)."""

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The characters by their codes; 0x1B is the escape to the extension table."""

EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
"""The characters that follow an escape, by their codes (clause 6.2.1.1)."""

_ESCAPE = 0x1B
_CODES = {char: bytes([code]) for code, char in enumerate(BASIC) if code != _ESCAPE} | {
    char: bytes([_ESCAPE, code]) for code, char in EXTENSION.items()
}

CHARACTERS = frozenset(_CODES)
"""All characters of the alphabet and its extension."""


def encode(text: str) -> bytes:
    """Return the codes of a text; raises `KeyError` for any other character."""
    return b"".join([_CODES[char] for char in text])


def decode(codes: bytes) -> str:
    """Return the text of codes, U+FFFD in place of what is no code."""
    text = []
    escaped = False
    for code in codes:
        if escaped:
            # An unknown extension shows as the character of the main table.
            text.append(EXTENSION.get(code) or BASIC[code & 0x7F])
            escaped = False
        elif code == _ESCAPE:
            escaped = True
        else:
            text.append(BASIC[code] if code < len(BASIC) else "�")
    return "".join(text)
