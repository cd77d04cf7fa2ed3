"""How our own XML is written: nothing goes in that was not escaped."""

import re
from typing import Final
from xml.sax.saxutils import escape as _escape

_UNFIT: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can carry (XML 1.0, clause 2.2), escaped or not."""
# A parser makes a line feed of a bare carriage return (clause 2.11).
_ENTITIES: Final = {"\r": "&#13;"}


def find_unfit(text: str) -> str | None:
    """Return the first character that XML cannot carry."""
    found = _UNFIT.search(text)
    return found[0] if found else None


def without_unfit(text: str) -> str:
    """Put U+FFFD where XML cannot carry a character."""
    return _UNFIT.sub("\ufffd", text)


def escape(text: str) -> str:
    """Write a text as the content of an element."""
    if text.isalnum():
        return text
    return _escape(without_unfit(text), _ENTITIES)


def element(name: str, *content: str) -> str:
    """Write an element; the content is XML already."""
    return f"<{name}>{''.join(content)}</{name}>"


def text_element(name: str, text: str) -> str:
    """Write an element with a text."""
    return f"<{name}>{escape(text)}</{name}>"
