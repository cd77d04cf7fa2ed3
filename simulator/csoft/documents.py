"""Reading SOAP 1.1 documents, strictly: what is not of the schema is refused."""

from typing import TYPE_CHECKING, Final, Self

from defusedxml import ElementTree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
"""The namespace of a SOAP 1.1 envelope."""

_XSI: Final = (
    "{http://www.w3.org/2001/XMLSchema-instance}",
    "{http://www.w3.org/1999/XMLSchema-instance}",
)


class MalformedError(Exception):
    """A document is not what the schema says; answered by a SOAP fault."""

    def __init__(self, reason: str, code: str = "Client") -> None:
        """Say why, by a faultstring and a faultcode of SOAP 1.1."""
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Children:
    """The children of an element, taken one after another."""

    def __init__(self, element: Element) -> None:
        """Begin with the first; raises `MalformedError` for text or attributes."""
        self._name = element.tag
        self._left = list(element)
        _check_attributes(element)
        for text in (element.text, *(child.tail for child in element)):
            if text is not None and text.strip():
                raise MalformedError(f"text among the children of {element.tag}")

    def __enter__(self) -> Self:
        """Begin to take them."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """See that all were taken; raises `MalformedError` if one is left."""
        if kind is None and self._left:
            raise MalformedError(f"{self._left[0].tag} is not expected here")

    def take(self, name: str) -> Element | None:
        """Take the next child if it has this name (without a namespace)."""
        if self._left and self._left[0].tag == name:
            return self._left.pop(0)
        return None

    def need(self, name: str) -> Element:
        """Take the next child, which has this name; raises `MalformedError`."""
        child = self.take(name)
        if child is None:
            found = self._left[0].tag if self._left else "nothing"
            raise MalformedError(f"{name} is expected in {self._name}, not {found}")
        return child

    def only(self) -> Element:
        """Take the child, whatever its name; raises `MalformedError` if there is none."""
        if not self._left:
            raise MalformedError(f"{self._name} is empty")
        return self._left.pop(0)

    def text(self, name: str) -> str | None:
        """Take the text of the next child if it has this name, None if it has not."""
        child = self.take(name)
        return None if child is None else text_of(child)


def text_of(element: Element) -> str:
    """Return the text of an element; raises `MalformedError` if it has children."""
    _check_attributes(element)
    if len(element):
        raise MalformedError(f"{element[0].tag} is not expected in {element.tag}")
    return element.text or ""


def parse(octets: bytes, charset: str | None = None) -> Element:
    """Return the root of a document; a charset goes before that of its declaration.

    Raises `MalformedError` if it is none, or has a DTD.
    """
    try:
        parser = ElementTree.XMLParser(encoding=charset, forbid_dtd=True)
        parser.feed(octets)
        root: Element = parser.close()
    # What defusedxml refuses, and an encoding that is none or has many bytes.
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise MalformedError(f"not a document: {error}") from error
    return root


def operation(octets: bytes, charset: str | None) -> Element:
    """Return the one child of the body of an envelope; raises `MalformedError`."""
    envelope = parse(octets, charset)
    if envelope.tag != f"{{{SOAP}}}Envelope":
        raise MalformedError("the root is no SOAP 1.1 envelope", "VersionMismatch")
    with Children(envelope) as children:
        header = children.take(f"{{{SOAP}}}Header")
        if header is not None and any(_must_be_understood(entry) for entry in header):
            raise MalformedError("a header is not understood", "MustUnderstand")
        body = children.need(f"{{{SOAP}}}Body")
    with Children(body) as children:
        return children.only()


def _must_be_understood(entry: Element) -> bool:
    """Tell whether an entry of the header must be understood."""
    return entry.get(f"{{{SOAP}}}mustUnderstand") == "1"


def _check_attributes(element: Element) -> None:
    """Raise `MalformedError` for attributes other than those of every schema."""
    for name in element.attrib:
        if not name.startswith(_XSI):
            raise MalformedError(f"{name} is not expected at {element.tag}")
