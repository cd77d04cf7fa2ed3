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
from typing import Final, NamedTuple, Self

from .charsets import UnreadableError
from .elements import Element, read_xml

_SHAPES: Final = 4
"""Kept; each as long as a document at most."""
_FIRST: Final = 0xE000
_LAST: Final = 0xF8FF
_MARKS: Final = tuple(map(chr, range(_FIRST, _LAST + 1)))
"""Characters that mean nothing (Unicode, clause 23.5, the private use area)."""
_MARK: Final = re.compile(r"[\ue000-\uf8ff]")
_DECLARATION: Final = re.compile(r"\s*<\?xml\s[^<>]*>")
_UNPLAIN: Final = r"<>&\x00-\x08\x0b-\x1f\x7f-\xff"
"""References, what a parser refuses or changes, and what is not ASCII."""
_TEXT: Final = re.compile(f"(?<=>)([^{_UNPLAIN}]*)(?=<)")
_PLAIN: Final = re.compile(f"[^{_UNPLAIN}]*")


class Fields(NamedTuple):
    """The elements inside an element: lower case names, and texts without margins.

    Where several have one name the last counts, and `is_clear` is false.
    """

    texts: dict[str, str]
    is_clear: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    """What stands between the texts of the fields, and which text is which field's."""

    content_type: str | None
    pieces: Sequence[str]
    end: str
    layout: Sequence[tuple[Sequence[tuple[str, int]], bool]]

    @classmethod
    def of(
        cls, content_type: str | None, pieces: Sequence[str], layout: Sequence[Fields]
    ) -> Self | None:
        """Learn from a document; None where a text is only a part of a field's.

        Every other one of the pieces is a text; in the layout it is a mark.
        """
        found = chain.from_iterable(each.texts.values() for each in layout)
        marks = sorted({text for text in found if text})
        if not all(map(_MARK.fullmatch, marks)):
            return None
        places = [2 * (ord(mark) - _FIRST) + 1 for mark in marks]
        *between, end = (
            "".join(pieces[before + 1 : place])
            for before, place in pairwise([-1, *places, len(pieces)])
        )
        # A field without a text has what is put behind all texts.
        number = {mark: number for number, mark in enumerate(marks)} | {"": -1}
        return cls(
            content_type,
            between,
            end,
            [
                ([(name, number[mark]) for name, mark in texts.items()], is_clear)
                for texts, is_clear in layout
            ],
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
        texts.append("")
        return [
            Fields({name: texts[number].strip() for name, number in each}, is_clear)
            for each, is_clear in self.layout
        ]


class Shapes:
    """The shapes of the last documents, for elements of one name."""

    def __init__(self, name: str) -> None:
        """Take the local name of the elements whose fields are wanted."""
        self._name = name
        self._known: deque[_Shape] = deque(maxlen=_SHAPES)

    def recall(self, content: bytes, content_type: str | None) -> list[Fields] | None:
        """Return the fields of each element, None when no shape is known to fit."""
        # A shape is of ASCII alone, and what came with its content type is ASCII too.
        document = content.decode("latin-1")
        for place, shape in enumerate(self._known):
            if (
                shape.content_type == content_type
                and (found := shape.read(document)) is not None
            ):
                if place:
                    del self._known[place]
                    self._known.appendleft(shape)
                return found
        return None

    def read(
        self, document: str, content: bytes, content_type: str | None
    ) -> list[Fields]:
        """Parse a document, and remember the shape of the content that it came as.

        Raises as `read_xml`.
        """
        if not document.isascii() or document.encode() != content:
            return self._lay_out(document)
        declaration = _DECLARATION.match(document)
        start = declaration.end() if declaration else 0
        pieces = _TEXT.split(document[start:])
        pieces[0] = document[:start] + pieces[0]
        texts = dict(zip(_MARKS, pieces[1::2], strict=False))
        if 2 * len(texts) < len(pieces) - 1 or _has_more_than_tags(document, start):
            return self._lay_out(document)
        marked = pieces.copy()
        marked[1::2] = texts
        try:
            layout = self._lay_out("".join(marked))
        except UnreadableError:
            # It tells where the document is broken, and that is somewhere else here.
            return self._lay_out(document)
        if shape := _Shape.of(content_type, pieces, layout):
            self._known.appendleft(shape)
        return [
            Fields(
                {
                    name: _MARK.sub(lambda mark: texts[mark[0]], text).strip()
                    for name, text in each.texts.items()
                },
                each.is_clear,
            )
            for each in layout
        ]

    def _lay_out(self, document: str) -> list[Fields]:
        return [
            _fields(element)
            for element in read_xml(document)
            if element.name == self._name
        ]


def _fields(element: Element) -> Fields:
    texts = {each.name.lower(): each.text.strip() for each in element.children}
    return Fields(texts, is_clear=len(texts) == len(element.children))


def _has_more_than_tags(document: str, start: int) -> bool:
    """Whether text may be part of something else than an element."""
    return "<!" in document or "&#" in document or document.find("<?", start) >= 0
