"""How receipts are written: as the specification's example, or otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final, Literal, NamedTuple, override
from urllib.parse import urlencode

from .. import reading
from ..reading import Reader
from ..settings import JsonSettings

type Encoding = Literal["soap", "form"]
type Http = Literal["1.0", "1.1"]
type Soap = Literal["1.1", "1.2"]
type Values = Literal["plain", "escaped", "cdata"]
type Unset = Literal["absent", "empty", "null"]

_SOAP: Final = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
_SOAP_ENCODING: Final = "http://schemas.xmlsoap.org/soap/encoding/"
_OLDER: Final = "http://www.itsarrived.net/dtd/sendsms2"
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_TYPES: Final = {"Timestamp1": "dateTime", "Report": "int"}


@dataclass(slots=True, kw_only=True)
class ReceiptForm(JsonSettings):
    """The form of receipts; by default that of the specification's example.

    `receipt_encoding` SOAP, or a form (there the number is SendTo, and credentials that
    were not configured are the word NULL). `receipt_http` the version of HTTP;
    `receipt_chunked` (HTTP/1.1 only) whether the body is sent in chunks.

    Of SOAP: `receipt_soap` its version; `receipt_envelope_prefix` the prefix of its
    elements; `receipt_encoding_style` whether the body has an encodingStyle;
    `receipt_namespace` that of the receipt; `receipt_prefix` its prefix (empty: it is
    the default namespace, of the children too); `receipt_qualified` whether the
    children have the prefix too; `receipt_types` whether values have an xsi:type;
    `receipt_soap_action` the header of that name (None: none).

    `receipt_content_type` None is none at all; `receipt_charset` the encoding, by the
    name that the XML declaration has; `receipt_charset_told` whether the content type
    names it; `receipt_declaration` whether there is an XML declaration;
    `receipt_bom` whether UTF-8 begins with a byte order mark (UTF-16 always does).

    `receipt_values` whether values are plain, in character references or in CDATA
    sections; `receipt_whitespace` whether they have spaces and line ends around them;
    `receipt_unset` how SOAP shows credentials that were not configured;
    `receipt_plus` whether the number begins with a plus sign.
    """

    receipt_encoding: Encoding = "soap"
    receipt_http: Http = "1.0"
    receipt_chunked: bool = False
    receipt_soap: Soap = "1.1"
    receipt_envelope_prefix: str = "SOAP-ENV"
    receipt_encoding_style: bool = True
    receipt_namespace: str = "http://www.itsarrived.net/dtd/sendsms3"
    receipt_prefix: str = "ns2"
    receipt_qualified: bool = False
    receipt_types: bool = True
    receipt_soap_action: str | None = None
    receipt_content_type: str | None = "text/soap"
    receipt_charset: str = "UTF-8"
    receipt_charset_told: bool = False
    receipt_declaration: bool = True
    receipt_bom: bool = False
    receipt_values: Values = "plain"
    receipt_whitespace: bool = False
    receipt_unset: Unset = "absent"
    receipt_plus: bool = False

    @classmethod
    @override
    def readers(cls) -> dict[str, Reader]:
        """Return what reads each setting from JSON."""
        return FORM_READERS


def _charset(value: object) -> str:
    """Read the name of an encoding; raises `ValueError` if it is unknown."""
    name = reading.text(value)
    try:
        "".encode(name)
    except LookupError as error:
        raise ValueError(f"expected an encoding, not {name!r}") from error
    return name


FORM_READERS: Final[dict[str, Reader]] = {
    "receipt_encoding": reading.word_of(Encoding),
    "receipt_http": reading.word_of(Http),
    "receipt_chunked": reading.flag,
    "receipt_soap": reading.word_of(Soap),
    "receipt_envelope_prefix": reading.text,
    "receipt_encoding_style": reading.flag,
    "receipt_namespace": reading.text,
    "receipt_prefix": reading.text,
    "receipt_qualified": reading.flag,
    "receipt_types": reading.flag,
    "receipt_soap_action": reading.optional(reading.text),
    "receipt_content_type": reading.optional(reading.text),
    "receipt_charset": _charset,
    "receipt_charset_told": reading.flag,
    "receipt_declaration": reading.flag,
    "receipt_bom": reading.flag,
    "receipt_values": reading.word_of(Values),
    "receipt_whitespace": reading.flag,
    "receipt_unset": reading.word_of(Unset),
    "receipt_plus": reading.flag,
}


class Told(NamedTuple):
    """What one receipt tells; None is what was not configured.

    `timestamp` is written out, for it may have to be a wrong one.
    """

    user: str | None
    pin: str | None
    timestamp: str
    sent_to: str
    identifier: str
    report: str


class Content(NamedTuple):
    """The body of a request, and its headers beside Host and those of its length."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


def compose(receipts: Iterable[Told], form: ReceiptForm) -> Content:
    """Write receipts into one request; a form holds the first of them only."""
    told = list(receipts)
    if form.receipt_encoding == "form":
        return Content((("Content-Type", _FORM_TYPE),), _form(told[0], form))
    headers = []
    kind = form.receipt_content_type
    if kind is not None:
        told_charset = f"; charset={form.receipt_charset}"
        shown = told_charset if form.receipt_charset_told else ""
        headers.append(("Content-Type", kind + shown))
    if form.receipt_soap_action is not None:
        headers.append(("SOAPAction", f'"{form.receipt_soap_action}"'))
    return Content(tuple(headers), _document(told, form))


def _form(told: Told, form: ReceiptForm) -> bytes:
    """Write a receipt as a form."""
    values = _elements(told, form)
    fields = {"Username": "NULL", "PIN": "NULL"} | {
        "SendTo" if name == "SentTo" else name: value for name, value in values
    }
    return urlencode(fields, encoding=form.receipt_charset).encode("ascii")


def _document(receipts: list[Told], form: ReceiptForm) -> bytes:
    """Write receipts as a SOAP document, line by line as in the example."""
    soap, style = form.receipt_envelope_prefix, ""
    if form.receipt_encoding_style:
        style = f' {soap}:encodingStyle="{_SOAP_ENCODING}"'
    lines = [
        *_opening(form),
        f"<{soap}:Body{style}>",
        *(line for each in receipts for line in _receipt(each, form)),
        f"</{soap}:Body>",
        f"</{soap}:Envelope>",
    ]
    text = "\n".join(lines)
    octets = text.encode(form.receipt_charset, "xmlcharrefreplace")
    return b"\xef\xbb\xbf" + octets if form.receipt_bom else octets


def _opening(form: ReceiptForm) -> list[str]:
    """Return the XML declaration and the tag of the envelope."""
    soap, prefix = form.receipt_envelope_prefix, form.receipt_prefix
    # The spaces at the ends of lines are those of the example.
    lines = [
        f'<{soap}:Envelope xmlns:{soap}="{_SOAP[form.receipt_soap]}"          ',
        f' xmlns:SOAP-ENC="{_SOAP_ENCODING}" ',
        ' xmlns:xsi="http://www.w3.org/1999/XMLSchema-instance" ',
        ' xmlns:xsd="http://www.w3.org/1999/XMLSchema" ',
    ]
    if prefix != "ns1":
        lines.append(f' xmlns:ns1="{_OLDER}"')
    if prefix:
        lines.append(f' xmlns:{prefix}="{escape(form.receipt_namespace)}"')
    lines[-1] += ">"
    if form.receipt_declaration:
        declared = f'<?xml version="1.0" encoding="{form.receipt_charset}"?>'
        lines.insert(0, declared)
    return lines


def _receipt(told: Told, form: ReceiptForm) -> list[str]:
    """Return the lines of one receipt."""
    prefix, declared = form.receipt_prefix, ""
    name = "SubmitDeliveryReceipt"
    if prefix:
        name = f"{prefix}:{name}"
    elif form.receipt_namespace:
        declared = f' xmlns="{escape(form.receipt_namespace)}"'
    inner = f"{prefix}:" if prefix and form.receipt_qualified else ""
    lines = [f"<{name}{declared}>"]
    for tag, value in _elements(told, form):
        kind = f' xsi:type="xsd:{_TYPES.get(tag, "string")}"'
        shown = kind if form.receipt_types else ""
        lines.append(f"<{inner}{tag}{shown}>{_value(value, form)}</{inner}{tag}>")
    return [*lines, f"</{name}>"]


def _elements(told: Told, form: ReceiptForm) -> list[tuple[str, str]]:
    """Return the names and values of a receipt, in the order of the example."""
    number = f"+{told.sent_to}" if form.receipt_plus else told.sent_to
    found = [
        ("Username", _credential(told.user, form)),
        ("PIN", _credential(told.pin, form)),
        ("Timestamp1", told.timestamp),
        ("SentTo", number),
        ("MessageIdentifier", told.identifier),
        ("Report", told.report),
    ]
    return [(name, value) for name, value in found if value is not None]


def _credential(value: str | None, form: ReceiptForm) -> str | None:
    """Return how a credential is shown, None if it is not."""
    if value is not None:
        return value
    shown = {"empty": "", "null": "NULL"}
    return None if form.receipt_encoding == "form" else shown.get(form.receipt_unset)


def _value(value: str, form: ReceiptForm) -> str:
    """Write a value as the content of an element."""
    match form.receipt_values:
        case "escaped":
            text = "".join(f"&#x{ord(char):X};" for char in value)
        case "cdata":
            text = f"<![CDATA[{value}]]>"
        case _:
            text = escape(value, quote=False)
    return f"\n  {text}\n " if form.receipt_whitespace else text
