"""What people type, brought down to a plus sign, digits and `(0)`.

Numbers are pasted from messengers and web pages, which put invisible characters around
them, and typed in other digits than ours; none of that says anything about the number.
"""

import re
from typing import Final
import unicodedata

_PLUS: Final = "+"
_UNSEEN: Final = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Pd"})
"""Categories of marks that say nothing here: formats, blanks, variants and dashes."""
_PUNCTUATION: Final = frozenset("().[]/~")
_DASHES: Final = frozenset("\N{MINUS SIGN}\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}")
"""Dashes of another category: where `ー` is a key, it is what people separate with."""
_TRUNK: Final = "(0)"
_FRACTION: Final = re.compile(r"\s*[+-]?[0-9]+\.0+\s*")
"""What a number of another kind looks like as text: its last zero is no digit of it."""
_WRITTEN: Final = re.compile(r"\+?[0-9]*(?:\(0\))?[0-9]*")


def bare(text: str) -> str | None:
    """Return a plus sign, if there is one in front, and the digits; None for no number.

    A zero in brackets keeps them: people write `(0)` for a zero that is dialled inside
    the country only.
    """
    if _FRACTION.fullmatch(text):
        return None
    kept: list[str] = []
    for char in unicodedata.normalize("NFKC", text):
        if char == _PLUS or char in _PUNCTUATION:
            kept.append(char)
        elif char.isdecimal():
            kept.append(str(unicodedata.decimal(char)))
        elif unicodedata.category(char) not in _UNSEEN and char not in _DASHES:
            return None
    written = "".join(kept).replace(_TRUNK, "<>")
    written = "".join(char for char in written if char not in _PUNCTUATION)
    written = written.replace("<>", _TRUNK)
    return written if _WRITTEN.fullmatch(written) else None


def dialled(written: str) -> tuple[str, ...]:
    """Return what may be meant by a zero in brackets: without it, and with it."""
    if _TRUNK not in written:
        return (written,)
    return (written.replace(_TRUNK, ""), written.replace(_TRUNK, "0"))


def before_trunk(written: str) -> str:
    """Return what stands before a zero in brackets; nothing where there is none."""
    before, trunk, _ = written.partition(_TRUNK)
    return before if trunk else ""
