"""What requests are answered with: SOAP documents, and forms in their likeness."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from typing import Final
from urllib.parse import urlencode

from . import times
from .documents import SOAP, MalformedError
from .messages import Incoming
from .requests import NAMESPACE, Service
from .settings import Settings

_XML: Final = "text/xml; charset=utf-8"
_PLAIN: Final = "text/plain; charset=utf-8"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_ENCODING_STYLE: Final = (
    ' SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'
)
_TYPES: Final = (
    ' xmlns:xsi="http://www.w3.org/1999/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/1999/XMLSchema"'
)

type Element = tuple[str, str | Iterable[Element]]
"""A name, and a text or children."""


@dataclass(slots=True, frozen=True)
class Answer:
    """A body with its content type and HTTP status.

    `report` is the code it tells, None if it tells none; `identifier` that of the
    messages taken, empty if none was.
    """

    body: bytes
    content_type: str = _XML
    status: int = 200
    report: int | None = None
    identifier: str = ""


class Answers:
    """Answers in the form of the settings."""

    def __init__(self, settings: Settings) -> None:
        """Answer by these settings."""
        self._settings = settings

    def submission(
        self, service: Service, identifier: str, report: int, text: str | None
    ) -> Answer:
        """Answer a submission; a refused one has no identifier.

        How a form is answered is not known: here by another one, of the same names.
        """
        values = [("MessageIdentifier", identifier), ("Report", str(report))]
        if text is not None:
            values.append(("Text", text))
        if service is Service.FORM:
            answer = Answer(urlencode(values).encode(), _PLAIN, report=report)
        else:
            answer = self._operation(service, values, report)
        return replace(answer, identifier=identifier)

    def credit(self, currency: str, credit: Decimal) -> Answer:
        """Answer how much credit there is, as `15.2345`."""
        values = [("Currency", currency), ("Credit", f"{credit:.4f}")]
        return self._operation(Service.CREDIT, values)

    def collected(self, report: int, messages: Iterable[Incoming]) -> Answer:
        """Answer with messages from phones."""
        items = [("item", self._item(each)) for each in messages]
        values: list[Element] = [("Report", str(report)), ("MessageList", items)]
        return self._operation(Service.COLLECT, values, report)

    def _item(self, message: Incoming) -> list[Element]:
        """Return the elements of a message from a phone."""
        text: str | list[Element] = message.text
        if self._settings.collected_message == "nested":
            text = [("TextMessage", message.text)]
        return [
            ("SendTo", message.recipient),
            ("ReplyTo", message.sender),
            ("Timestamp1", times.write(message.received)),
            ("Message", text),
        ]

    def _operation(
        self, service: Service, values: Iterable[Element], report: int | None = None
    ) -> Answer:
        """Answer an operation by what the schema names after it."""
        encoded = self._settings.answer_form == "encoded"
        name = f"ns2:{service}Response"
        inner = _write(values, typed=encoded)
        body = f'<{name} xmlns:ns2="{NAMESPACE}">{inner}</{name}>'
        if encoded:
            octets = _envelope(body, _TYPES, _ENCODING_STYLE)
            return Answer(octets, "text/soap; charset=utf-8", report=report)
        return Answer(_envelope(body), report=report)


def fault(error: MalformedError) -> Answer:
    """Answer by a SOAP fault (SOAP 1.1, sections 4.4 and 6.2)."""
    inner = _write(
        [("faultcode", f"SOAP-ENV:{error.code}"), ("faultstring", error.reason)],
        typed=False,
    )
    body = f"<SOAP-ENV:Fault>{inner}</SOAP-ENV:Fault>"
    return Answer(_envelope(body), status=500)


def plain(status: int, text: str) -> Answer:
    """Answer by an HTTP error."""
    return Answer(text.encode(), _PLAIN, status)


def _envelope(body: str, declarations: str = "", attributes: str = "") -> bytes:
    """Put a body into an envelope."""
    return (
        f"{_DECLARATION}\n"
        f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP}"{declarations}>'
        f"<SOAP-ENV:Body{attributes}>{body}</SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
    ).encode()


def _write(elements: Iterable[Element], *, typed: bool) -> str:
    """Write elements one after another."""
    return "".join(_element(*each, typed=typed) for each in elements)


def _element(name: str, content: str | Iterable[Element], *, typed: bool) -> str:
    """Write an element."""
    if not isinstance(content, str):
        return f"<{name}>{_write(content, typed=typed)}</{name}>"
    kind = ' xsi:type="xsd:string"' if typed else ""
    return f"<{name}{kind}>{escape(content, quote=False)}</{name}>"
