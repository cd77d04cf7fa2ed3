"""The forms of receipts: all tell the same, however they differ from the example."""

import json
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

from aiohttp import web
import pytest

from simulator.csoft import Account, CsoftSimulator, ManualClock, Settings

from .csoft_client import CsoftClient, Receiver, receipts

NAMESPACE = "http://www.itsarrived.net/dtd/sendsms3"
TOLD = {
    "Username": "ANOther.61234",
    "PIN": "BLUE & <music>",
    "Timestamp1": "2016-05-10T14:00:00Z",
    "SentTo": "447700900123",
    "MessageIdentifier": "3C7D98A4",
    "Report": "0",
}


@pytest.fixture(autouse=True)
def _credentials(customer: Account) -> None:
    customer.receipt_user, customer.receipt_pin = TOLD["Username"], TOLD["PIN"]


async def post(
    soap: CsoftClient, clock: ManualClock, receiver: Receiver, /, **settings: object
) -> bytes:
    """Return the body of the receipt of a message, in the form of these settings."""
    soap.host.settings.change(
        {f"receipt_{name}": value for name, value in settings.items()}
    )
    await soap.submit()
    clock.advance(1)
    await soap.host.wait_for(lambda host: host.poster.acknowledged >= 1)
    return receiver.bodies[0]


def receipt_of(body: bytes) -> ET.Element:
    """Return the element of the receipt."""
    _, found = list(ET.fromstring(body).iter())[1:3]
    return found


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"namespace": "http://www.itsarrived.net/dtd/sendsms2", "prefix": "ns1"},
        {"namespace": "http://www.csoft.co.uk/dtd/sendsms5.xsd", "prefix": "m"},
        {"prefix": "", "namespace": "urn:a&b"},
        {"prefix": "", "namespace": ""},
        {"qualified": True},
        {"types": False, "encoding_style": False},
        {"soap": "1.2", "content_type": "application/soap+xml"},
        {"envelope_prefix": "soap"},
        {"charset": "ISO-8859-1"},
        {"charset": "ISO-8859-1", "charset_told": True},
        {"charset": "UTF-16"},
        {"charset": "us-ascii"},
        {"declaration": False},
        {"bom": True},
        {"bom": True, "declaration": False},
        {"values": "escaped"},
        {"values": "cdata"},
        {"whitespace": True},
        {"http": "1.1"},
        {"http": "1.1", "chunked": True},
        {"content_type": "text/xml", "charset_told": True},
        {"content_type": None},
        {"soap_action": ""},
    ],
    ids=str,
)
async def test_each_form_tells_the_same(
    soap: CsoftClient,
    receipts_here: Receiver,
    clock: ManualClock,
    settings: dict[str, object],
) -> None:
    body = await post(soap, clock, receipts_here, **settings)
    assert receipts(body) == [TOLD]


async def test_namespaces_and_prefixes(
    soap: CsoftClient, receipts_here: Receiver, clock: ManualClock
) -> None:
    body = await post(soap, clock, receipts_here, prefix="x", namespace="urn:x")
    assert b"<x:SubmitDeliveryReceipt>" in body
    found = receipt_of(body)
    assert found.tag == "{urn:x}SubmitDeliveryReceipt"
    assert [child.tag for child in found] == list(TOLD)


async def test_the_default_namespace_is_of_the_children_too(
    soap: CsoftClient, receipts_here: Receiver, clock: ManualClock
) -> None:
    body = await post(soap, clock, receipts_here, prefix="", types=False)
    assert b"\n<Report>0</Report>\n" in body
    assert [child.tag for child in receipt_of(body)] == [
        f"{{{NAMESPACE}}}{tag}" for tag in TOLD
    ]


async def test_qualified_children(
    soap: CsoftClient, receipts_here: Receiver, clock: ManualClock
) -> None:
    body = await post(soap, clock, receipts_here, qualified=True)
    assert [child.tag for child in receipt_of(body)] == [
        f"{{{NAMESPACE}}}{tag}" for tag in TOLD
    ]


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, "text/soap"),
        ({"content_type": "text/xml"}, "text/xml"),
        ({"charset_told": True}, "text/soap; charset=UTF-8"),
        ({"content_type": None}, None),
        ({"content_type": None, "charset_told": True}, None),
        ({"encoding": "form"}, "application/x-www-form-urlencoded"),
    ],
)
async def test_content_types(
    soap: CsoftClient,
    receipts_here: Receiver,
    clock: ManualClock,
    settings: dict[str, object],
    kind: str | None,
) -> None:
    await post(soap, clock, receipts_here, **settings)
    ((_, headers),) = receipts_here.heads
    assert headers.get("Content-Type") == kind


async def test_the_versions_of_http(
    soap: CsoftClient, receipts_here: Receiver, clock: ManualClock
) -> None:
    await post(
        soap, clock, receipts_here, http="1.1", chunked=True, soap_action="urn:r"
    )
    ((version, headers),) = receipts_here.heads
    assert version == "1.1"
    assert headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in headers
    assert headers["Connection"] == "close"
    assert headers["SOAPAction"] == '"urn:r"'


async def test_no_chunks_before_their_time(
    soap: CsoftClient, receipts_here: Receiver, clock: ManualClock
) -> None:
    await post(soap, clock, receipts_here, chunked=True)
    ((version, headers),) = receipts_here.heads
    assert (version, "Content-Length" in headers) == ("1.0", True)


@pytest.mark.parametrize(
    ("settings", "beginning"),
    [
        ({}, b'<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Env'),
        ({"declaration": False}, b"<SOAP-ENV:Envelope "),
        ({"bom": True}, b"\xef\xbb\xbf<?xml"),
        ({"charset": "UTF-16"}, b"\xff\xfe<\0?\0x\0"),
        ({"charset": "ISO-8859-1"}, b'<?xml version="1.0" encoding="ISO-8859-1"?>'),
    ],
)
async def test_the_beginnings(
    soap: CsoftClient,
    receipts_here: Receiver,
    clock: ManualClock,
    settings: dict[str, object],
    beginning: bytes,
) -> None:
    body = await post(soap, clock, receipts_here, **settings)
    assert body.startswith(beginning)


@pytest.mark.parametrize(
    ("charset", "octets"),
    [
        ("UTF-8", b">\xc3\xbc \xd0\xb4<"),
        ("ISO-8859-1", b">\xfc &#1076;<"),
        ("us-ascii", b">&#252; &#1076;<"),
    ],
)
async def test_letters_in_charsets(
    soap: CsoftClient,
    receipts_here: Receiver,
    customer: Account,
    clock: ManualClock,
    charset: str,
    octets: bytes,
) -> None:
    customer.receipt_pin = "ü д"
    body = await post(soap, clock, receipts_here, charset=charset)
    assert octets in body
    assert receipts(body)[0]["PIN"] == "ü д"


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"values": "escaped"}, b">&#x30;</Report>"),
        ({"values": "cdata"}, b"><![CDATA[0]]></Report>"),
        ({"whitespace": True}, b">\n  0\n </Report>"),
        ({"plus": True}, b">+447700900123</SentTo>"),
    ],
)
async def test_how_values_are_shown(
    soap: CsoftClient,
    receipts_here: Receiver,
    clock: ManualClock,
    settings: dict[str, object],
    shown: bytes,
) -> None:
    assert shown in await post(soap, clock, receipts_here, **settings)


@pytest.mark.parametrize(
    ("unset", "shown"),
    [
        ("absent", {}),
        ("empty", {"Username": "", "PIN": ""}),
        ("null", {"Username": "NULL", "PIN": "NULL"}),
    ],
)
async def test_credentials_that_were_not_configured(
    soap: CsoftClient,
    receipts_here: Receiver,
    customer: Account,
    clock: ManualClock,
    unset: str,
    shown: dict[str, str],
) -> None:
    customer.receipt_user = customer.receipt_pin = None
    body = await post(soap, clock, receipts_here, unset=unset)
    (told,) = receipts(body)
    assert told == shown | dict(list(TOLD.items())[2:])


class TestForm:
    """Receipts as forms."""

    async def test_the_number_is_send_to(
        self, soap: CsoftClient, receipts_here: Receiver, clock: ManualClock
    ) -> None:
        body = await post(soap, clock, receipts_here, encoding="form")
        expected = TOLD | {"SendTo": TOLD["SentTo"]}
        del expected["SentTo"]
        found = parse_qs(body.decode(), strict_parsing=True)
        assert {name: values[0] for name, values in found.items()} == expected

    async def test_credentials_that_were_not_configured(
        self,
        soap: CsoftClient,
        receipts_here: Receiver,
        customer: Account,
        clock: ManualClock,
    ) -> None:
        customer.receipt_user = customer.receipt_pin = None
        body = await post(soap, clock, receipts_here, encoding="form")
        assert body.startswith(b"Username=NULL&PIN=NULL&Timestamp1=2016-05-10T14%3A")

    async def test_each_has_a_form_of_its_own(
        self, soap: CsoftClient, receipts_here: Receiver, clock: ManualClock
    ) -> None:
        await soap.submit("447700900124")
        await post(soap, clock, receipts_here, encoding="form", batch=5, order="due")
        await soap.host.wait_for(lambda host: len(host.posts) == 2)
        assert [body.count(b"Report=0") for body in receipts_here.bodies] == [1, 1]

    async def test_it_may_be_answered_by_one(
        self,
        soap: CsoftClient,
        host: CsoftSimulator,
        receipts_here: Receiver,
        clock: ManualClock,
    ) -> None:
        receipts_here.answers = [web.Response(text="Report=0&Text=Thanks")]
        await post(soap, clock, receipts_here, encoding="form")
        assert host.posts[0].verdicts == ((None, 0, "Thanks"),)


@pytest.mark.parametrize(
    "given",
    [
        {"receipt_encoding": "json"},
        {"receipt_charset": "x-nothing"},
        {"receipt_http": 1.0},
        {"receipt_types": "no"},
        {"receipt_content_type": 1},
        {"script": [[1, 1000]]},
        {"script": [[1, "OK"]]},
        {"rules": {"9": [[1, True]]}},
        {"nothing": 1},
    ],
)
def test_settings_that_cannot_be_read(host: CsoftSimulator, given: object) -> None:
    before = host.settings.as_json()
    with pytest.raises(ValueError, match=r"."):
        host.settings.change(given)
    assert host.settings.as_json() == before


def test_settings_as_json() -> None:
    given, changed = Settings(), Settings()
    changed.change(json.loads(json.dumps(given.as_json())))
    assert changed == given
