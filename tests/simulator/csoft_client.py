"""A customer of Connection Software that sends exactly what it is told."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from html import escape
from typing import Self
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import aiohttp
from aiohttp import web

from simulator.csoft import CsoftSimulator

NAMESPACE = "http://www.csoft.co.uk/dtd/sendsms5.xsd"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}

type Values = Mapping[str, str]


def envelope(body: str) -> str:
    """Return an envelope around a body."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP}">'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    )


def operation(name: str, inner: str, namespace: str = NAMESPACE) -> str:
    """Return the element of an operation."""
    return f'<n:{name} xmlns:n="{namespace}">{inner}</n:{name}>'


def login(user: str = "testUser", pin: str = "12345") -> str:
    """Return the login."""
    return f"<Username>{user}</Username><PIN>{pin}</PIN>"


def submission(
    *numbers: str,
    text: str = "Hello",
    kind: str = "TextMessage",
    options: str = "",
    end: str = "",
    credentials: str | None = None,
) -> str:
    """Return a SubmitMessage to these numbers, to one if there are none."""
    send_to = "".join(
        f"<SendTo>{each}</SendTo>" for each in numbers or ["447700900123"]
    )
    return operation(
        "SubmitMessage",
        (login() if credentials is None else credentials)
        + f"<Recipient>{send_to}{options}</Recipient>"
        + f"<Message><{kind}>{escape(text)}</{kind}></Message>{end}",
    )


class CsoftClient:
    """A customer."""

    def __init__(self, session: aiohttp.ClientSession, host: CsoftSimulator) -> None:
        self.session = session
        self.host = host

    @classmethod
    @asynccontextmanager
    async def connect(cls, host: CsoftSimulator) -> AsyncIterator[Self]:
        """Speak to a host."""
        # The default resolver costs more than a whole test, and has no name to resolve.
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
        async with aiohttp.ClientSession(connector=connector) as session:
            yield cls(session, host)

    async def post(
        self, document: str | bytes, headers: Mapping[str, str] = HEADERS
    ) -> tuple[int, bytes]:
        """Return the status and the body of the answer to a document."""
        data = document.encode() if isinstance(document, str) else document
        async with self.session.post(
            self.host.url, data=data, headers=headers
        ) as response:
            return response.status, await response.read()

    async def ask(self, body: str) -> ET.Element:
        """Return the element that answers an operation."""
        status, answer = await self.post(envelope(body))
        assert status == 200
        return content(answer)

    async def submit(self, *numbers: str, **changes: str) -> Values:
        """Return the values that answer a submission."""
        return values(await self.ask(submission(*numbers, **changes)))

    async def fault(self, body: str, *, wrapped: bool = True) -> tuple[str, str]:
        """Return the code and the text of the fault that answers a document."""
        status, answer = await self.post(envelope(body) if wrapped else body)
        assert status == 500
        found = content(answer)
        assert found.tag == f"{{{SOAP}}}Fault"
        return values(found)["faultcode"], values(found)["faultstring"]

    async def credit(self) -> Values:
        """Return the credit."""
        return values(await self.ask(operation("AvailableCredit", login())))

    async def collect(self) -> ET.Element:
        """Collect messages."""
        return await self.ask(operation("CollectMessages", login()))

    async def send_form(self, form: str) -> tuple[int, dict[str, str]]:
        """Send by a form; return the status and the values of the answer."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        async with self.session.post(
            self.host.form_url, data=form, headers=kind
        ) as response:
            found = parse_qs(await response.text(), keep_blank_values=True)
            return response.status, {name: each[0] for name, each in found.items()}


def content(answer: bytes) -> ET.Element:
    """Return what stands in the body of an envelope."""
    envelope = ET.fromstring(answer)
    assert envelope.tag == f"{{{SOAP}}}Envelope"
    (body,) = envelope
    assert body.tag == f"{{{SOAP}}}Body"
    (found,) = body
    return found


def values(element: ET.Element) -> Values:
    """Return the texts of the children of an element."""
    return {child.tag: child.text or "" for child in element}


class Receiver:
    """The customer's own server: what it was sent, and what it answers."""

    def __init__(self) -> None:
        self.url = ""
        self.heads: list[tuple[str, Mapping[str, str]]] = []
        self.bodies: list[bytes] = []
        self.answers: list[web.Response | str] = []
        self.received = asyncio.Event()

    @property
    def receipts(self) -> list[tuple[str, str]]:
        """The identifiers and reports received, by SOAP in whatever form."""
        return [
            (told["MessageIdentifier"], told["Report"])
            for body in self.bodies
            for told in receipts(body)
        ]

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Take receipts; the answers planned come before those of Report 0."""
        assert request.method == "POST"
        version = f"{request.version.major}.{request.version.minor}"
        self.heads.append((version, request.headers))
        body = await request.read()
        self.bodies.append(body)
        self.received.set()
        planned = self.answers.pop(0) if self.answers else "0"
        if isinstance(planned, web.Response):
            return planned
        if not body.lstrip(b"\xef\xbb\xbf").startswith((b"<", b"\xff\xfe")):
            return web.Response(text=acknowledgement(planned))
        return web.Response(text=acknowledgement(planned, *receipts(body)))


def acknowledgement(report: str, *told: Values) -> str:
    """Return the answer to receipts; without any, one that names none."""
    namespace = "http://www.itsarrived.net/dtd/sendsms3"
    return envelope(
        "".join(
            operation("SubmitDeliveryReceiptResponse", inner, namespace)
            for inner in _acknowledged(report, told)
        )
    )


def _acknowledged(report: str, told: Sequence[Values]) -> Iterator[str]:
    """Iterate over the elements of answers."""
    rest = f"<Report>{report}</Report><Text>Thanks</Text>"
    for each in told:
        yield f"<MessageIdentifier>{each['MessageIdentifier']}</MessageIdentifier>{rest}"
    if not told:
        yield rest


def receipts(body: bytes) -> list[dict[str, str]]:
    """Return the values of the receipts in a document."""
    return [
        {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element}
        for element in ET.fromstring(body).iter()
        if element.tag.rpartition("}")[2] == "SubmitDeliveryReceipt"
    ]
