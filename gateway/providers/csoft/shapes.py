"""Documents of one shape, parsed once.

Whoever posts receipts writes all of them alike: only the texts of the fields differ. So
what stands around these is remembered. Where it stands in another document, too, the
fields are read off without a parser, unless a text could mean more than itself.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
import re
from typing import Final, Self

from .elements import read_xml

_SHAPES: Final = 4
"""Kept; each as long as a document at most."""
_FIRST: Final = 0xE000
_LAST: Final = 0xF8FF
_MARKS: Final = tuple(map(chr, range(_FIRST, _LAST + 1)))
"""Characters that mean nothing (Unicode, clause 23.5, the private use area)."""
_MARK: Final = re.compile(r"[\ue000-\uf8ff]")
_ODD: Final = r"\ud800-\uf8ff\ufffe\uffff"
"""Marks, and what a parser refuses."""
_HAS_ODD: Final = re.compile(f"[{_ODD}]")
_DECLARATION: Final = re.compile(r"(?:<\?xml\s[^<>]*>\s*)?")
_UNPLAIN: Final = r"<>&\x00-\x08\x0b-\x1f"
"""References, and what a parser refuses or changes."""
_TEXT: Final = re.compile(f"(?<=>)([^{_UNPLAIN}]*)(?=<)")
_PLAIN: Final = re.compile(f"[^{_UNPLAIN}{_ODD}]*")

type Fields = Sequence[tuple[str, str]]
"""The elements inside an element: their names in lower case, and their texts without
the margins."""


def read_elements(document: str, name: str) -> list[Fields]:
    """Return the fields of each element called `name`, in the document's order.

    The document begins with a tag. Raises as `read_xml`.
    """
    for shape in _shapes:
        if shape.name == name and (found := shape.read(document)) is not None:
            return found
    return _read_anew(document, name)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What stands between the texts of the fields, and which text is which field's."""

    name: str
    pieces: Sequence[str]
    end: str
    layout: Sequence[Sequence[tuple[str, int | None]]]

    @classmethod
    def of(cls, name: str, pieces: Sequence[str], layout: list[Fields]) -> Self | None:
        """Learn from a document; None where a text is only a part of a field's.

        Every other one of the pieces is a text; in the layout it is a mark.
        """
        marks = sorted({text for _, text in chain.from_iterable(layout) if text})
        if not all(map(_MARK.fullmatch, marks)):
            return None
        texts = [2 * (ord(mark) - _FIRST) + 1 for mark in marks]
        *between, end = (
            "".join(pieces[before + 1 : text])
            for before, text in pairwise([-1, *texts, len(pieces)])
        )
        place = {mark: number for number, mark in enumerate(marks)}
        return cls(
            name,
            between,
            end,
            [[(field, place.get(text)) for field, text in each] for each in layout],
        )

    def read(self, document: str) -> list[Fields] | None:
        """Return the fields of a document, None when it has another shape."""
        texts: list[str] = []
        position = 0
        for piece in self.pieces:
            if not document.startswith(piece, position):
                return None
            start = position + len(piece)
            position = document.find("<", start)
            if position < 0:
                return None
            texts.append(document[start:position])
        if document[position:] != self.end or not _PLAIN.fullmatch("".join(texts)):
            return None
        return [
            [
                (field, "" if place is None else texts[place].strip())
                for field, place in each
            ]
            for each in self.layout
        ]


_shapes: deque[_Shape] = deque(maxlen=_SHAPES)


def _read_anew(document: str, name: str) -> list[Fields]:
    """Parse a document, and remember its shape."""
    declaration = _DECLARATION.match(document)
    start = declaration.end() if declaration else 0
    pieces = _TEXT.split(document[start:])
    pieces[0] = document[:start] + pieces[0]
    texts = dict(zip(_MARKS, pieces[1::2], strict=False))
    if 2 * len(texts) < len(pieces) - 1 or _has_more_than_tags(document, start):
        return [
            [(field, text.strip()) for field, text in each]
            for each in _lay_out(document, name)
        ]
    marked = pieces.copy()
    marked[1::2] = texts
    layout = _lay_out("".join(marked), name)
    if shape := _Shape.of(name, pieces, layout):
        _shapes.appendleft(shape)
    return [
        [
            (field, _MARK.sub(lambda mark: texts[mark[0]], text).strip())
            for field, text in each
        ]
        for each in layout
    ]


def _has_more_than_tags(document: str, start: int) -> bool:
    """Whether text may be part of something else, or be taken for a mark."""
    return (
        "<!" in document
        or "&#" in document
        or document.find("<?", start) >= 0
        or (not document.isascii() and _HAS_ODD.search(document) is not None)
    )


def _lay_out(document: str, name: str) -> list[Fields]:
    return [
        [(each.name.lower(), each.text) for each in element.children]
        for element in read_xml(document)
        if element.name == name
    ]
