"""Texts as octets in a named charset."""

from typing import Final

from . import gsm

GSM: Final = "gsm"
"""GSM 03.38, an octet for each septet; other charsets have Python's names."""


def decode(octets: bytes, charset: str) -> str:
    """Read a text; what is no text of the charset is marked with U+FFFD."""
    if charset == GSM:
        return gsm.decode(octets)
    return octets.decode(charset, errors="replace")
