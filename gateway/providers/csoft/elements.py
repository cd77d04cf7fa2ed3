"""XML, read in one pass, by local names: namespaces and their prefixes differ.

The parser takes no document type, and so no entities and nothing from elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, override
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from .charsets import UnreadableError

DEEPEST: Final = 32
"""Elements inside one another; the specification's documents have seven at most."""
MOST_ELEMENTS: Final = 250_000
"""In one document; each takes some hundred bytes, however short it is written."""


@dataclass(slots=True)
class Element:
    """An element: its local name, the text directly in it, and what is inside."""

    name: str
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def __iter__(self) -> Iterator[Element]:
        """Go through this one and all inside it, in the order of the document."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))

    def find(self, name: str) -> Element | None:
        """Return the first element of that name."""
        return next((each for each in self if each.name == name), None)

    def value(self, name: str) -> str | None:
        """Return the text of the first element of that name, without its margins."""
        found = self.find(name)
        return None if found is None else found.text.strip()


def read_xml(text: str) -> Element:
    """Return the root of a document; raises UnreadableError (field `xml`)."""
    builder = _Builder()
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(builder)
    try:
        parser.feed(text.lstrip())
        parser.close()
    except SAXParseException as error:
        line, column = error.getLineNumber(), error.getColumnNumber()
        raise UnreadableError("xml", f"is broken at {line}:{column}") from None
    except DefusedXmlException:
        raise UnreadableError(
            "xml", "has a document type, which is not taken"
        ) from None
    return builder.root


class _Builder(ContentHandler):
    """What the parser tells of a document.

    It knows nothing of namespaces: with them it would keep the whole address of one
    with each name that is in it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._top = Element("")
        self._open = [self._top]
        self._pieces: list[str] = []
        self._count = 0

    @property
    def root(self) -> Element:
        return self._top.children[0]

    @override
    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self._gather()
        if len(self._open) > DEEPEST:
            raise UnreadableError("xml", f"is nested deeper than {DEEPEST} elements")
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise UnreadableError("xml", f"has more than {MOST_ELEMENTS} elements")
        element = Element(name.rpartition(":")[2])
        self._open[-1].children.append(element)
        self._open.append(element)

    @override
    def characters(self, content: str) -> None:
        self._pieces.append(content)

    @override
    def endElement(self, name: str) -> None:
        self._gather()
        self._open.pop()

    def _gather(self) -> None:
        if self._pieces:
            self._open[-1].text += "".join(self._pieces)
            self._pieces.clear()
