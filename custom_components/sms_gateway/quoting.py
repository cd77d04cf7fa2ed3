"""Words of others inside a sentence of ours.

A provider's words are Latin, a name may be Arabic, a number begins with a plus sign:
each keeps its own direction and does not turn the sentence around it, however long it
is (Unicode Standard Annex 9, explicit directional isolates).
"""

from typing import Final

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_DIRECTIONAL_ISOLATE: Final = "\u2069"
_NAMED: Final = 40
"""Characters of a wrong value that an error repeats."""


def quoted(words: object) -> str:
    """Set words apart; bare digits are at home in every sentence."""
    text = str(words)
    if not text or text.isdigit():
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_DIRECTIONAL_ISOLATE}"


def named(value: object) -> str:
    """Say a value that somebody gave, no more of it than makes it known."""
    return str(value)[:_NAMED]


def all_quoted(**words: object) -> dict[str, str]:
    """Set all placeholders of a sentence apart."""
    return {name: quoted(value) for name, value in words.items()}
