"""Documents of one shape, parsed once.

Whoever posts receipts writes all of them alike: only the texts between the tags differ.
So these are cut out, a mark is put in the place of each, and what is left is parsed, or
known from the last time. A text that could mean more than itself is not cut out.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
import re
from typing import Final

from .elements import read_xml

_SHAPES: Final = 16
"""Kept; each as long as a document at most."""
_FIRST: Final = 0xE000
_LAST: Final = 0xF8FF
_MARKS: Final = tuple(map(chr, range(_FIRST, _LAST + 1)))
"""Characters that mean nothing (Unicode, clause 23.5, the private use area)."""
_SLOTS: Final = tuple(f">{mark}<" for mark in _MARKS)
_MARK: Final = re.compile(r"[\ue000-\uf8ff]")
_ODD: Final = re.compile(r"[\ud800-\uf8ff\ufffe\uffff]")
"""Marks, and what a parser refuses."""
_DECLARATION: Final = re.compile(r"(?:<\?xml\s[^<>]*>\s*)?")
_TEXT: Final = re.compile(r">([^<>&\x00-\x08\x0b-\x1f]*)<")
"""Text that is only itself: no reference, nothing that a parser refuses or changes."""

type Fields = Sequence[tuple[str, str]]
"""The elements inside an element: their names and texts, without the margins."""
type _Layout = Sequence[Sequence[tuple[str, str]]]
"""Of each element the fields, with marks in their texts."""


def read_elements(document: str, name: str) -> list[Fields]:
    """Return the fields of each element called `name`, in the document's order.

    The document begins with a tag. Raises as `read_xml`.
    """
    declaration = _DECLARATION.match(document)
    start = declaration.end() if declaration else 0
    pieces = _TEXT.split(document[start:])
    texts = pieces[1::2]
    if len(texts) > len(_MARKS) or _has_more_than_tags(document, start):
        layout = _lay_out(document, name)
        return [[(field, text.strip()) for field, text in each] for each in layout]
    pieces[1::2] = _SLOTS[: len(texts)]
    layout = _known_layout(document[:start] + "".join(pieces), name)
    filled = dict(zip(_MARKS, texts, strict=False))
    return [
        [(field, _fill(template, filled).strip()) for field, template in each]
        for each in layout
    ]


def _has_more_than_tags(document: str, start: int) -> bool:
    """Whether text may be part of something else, or be taken for a mark."""
    return (
        "<!" in document
        or "&#" in document
        or document.find("<?", start) >= 0
        or (not document.isascii() and _ODD.search(document) is not None)
    )


def _lay_out(shape: str, name: str) -> _Layout:
    return [
        [(each.name, each.text) for each in element.children]
        for element in read_xml(shape)
        if element.name == name
    ]


_known_layout = lru_cache(_SHAPES)(_lay_out)


def _fill(template: str, texts: Mapping[str, str]) -> str:
    """Put the texts where their marks are; most templates are nothing but a mark."""
    known = texts.get(template)
    return _MARK.sub(lambda mark: texts[mark[0]], template) if known is None else known
