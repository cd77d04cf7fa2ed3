"""What a server of document/literal SOAP refuses, so that sloppy clients are found."""

import pytest

from simulator.csoft import CsoftSimulator

from .csoft_client import (
    HEADERS,
    SOAP,
    CsoftClient,
    envelope,
    login,
    operation,
    submission,
)

NUMBER = "<SendTo>447700900123</SendTo>"
RECIPIENT = f"<Recipient>{NUMBER}</Recipient>"
MESSAGE = "<Message><TextMessage>Hello</TextMessage></Message>"


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(RECIPIENT + login() + MESSAGE, id="wrong order"),
        pytest.param(login() + MESSAGE + RECIPIENT, id="wrong order at the end"),
        pytest.param(
            f'<Username xmlns="{SOAP}">testUser</Username><PIN>12345</PIN>'
            + RECIPIENT
            + MESSAGE,
            id="a qualified child",
        ),
        pytest.param(
            login() + RECIPIENT + MESSAGE + "<Sender>x</Sender>", id="unknown"
        ),
        pytest.param(login() + "words" + RECIPIENT + MESSAGE, id="text among elements"),
        pytest.param(login() * 2 + RECIPIENT + MESSAGE, id="twice"),
        pytest.param(
            login() + f"<Recipient>{NUMBER}<To>1</To></Recipient>" + MESSAGE,
            id="an unknown recipient",
        ),
        pytest.param(
            login() + "<Recipient><SendTo><N>1</N></SendTo></Recipient>" + MESSAGE,
            id="an element in a value",
        ),
        pytest.param(
            login() + RECIPIENT + "<Message>Hello</Message>", id="no kind of text"
        ),
        pytest.param(login() + RECIPIENT + "<Message/>", id="no text"),
        pytest.param(
            login() + RECIPIENT + "<Message><TextMessage/><FlashMessage/></Message>",
            id="two kinds of text",
        ),
        pytest.param(
            login() + RECIPIENT + MESSAGE + '<ReplyTo type="x">1</ReplyTo>',
            id="an attribute",
        ),
        pytest.param(
            login()
            + RECIPIENT
            + MESSAGE
            + "<MessageIdentifier>0123456789ABCDEF</MessageIdentifier>",
            id="a long identifier",
        ),
    ],
)
async def test_other_than_the_schema(
    soap: CsoftClient, host: CsoftSimulator, inner: str
) -> None:
    code, reason = await soap.fault(operation("SubmitMessage", inner))
    assert code == "SOAP-ENV:Client"
    assert host.observation.malformed == {reason: 1}
    assert host.messages_count == 0
    assert host.counts == {"unread": 1}


@pytest.mark.parametrize(
    "options",
    [
        "<SendTimeAbsolute>tomorrow</SendTimeAbsolute>",
        "<SendTimeAbsolute>2016-13-10T15:00:00Z</SendTimeAbsolute>",
        "<SendTimeAbsolute/>",
        "<SendTimeDelay>-1</SendTimeDelay>",
        "<SendTimeDelay>65536</SendTimeDelay>",
        "<SendTimeDelay/>",
        "<DeliveryOption>Fast</DeliveryOption>",
        "<DeliveryOption>Default</DeliveryOption><SendTimeDelay>1</SendTimeDelay>",
    ],
)
async def test_options_that_are_none(
    soap: CsoftClient, host: CsoftSimulator, options: str
) -> None:
    await soap.fault(submission(options=f"<SendOptions>{options}</SendOptions>"))
    assert host.messages_count == 0


async def test_one_number_if_there_may_be_no_more(
    soap: CsoftClient, host: CsoftSimulator
) -> None:
    host.settings.send_to = "single"
    assert (await soap.submit())["Report"] == "0"
    await soap.fault(submission("447700900123", "447700900124"))
    assert host.messages_count == 1


async def test_types_may_be_told(soap: CsoftClient) -> None:
    typed = (
        '<ReplyTo xmlns:x="http://www.w3.org/2001/XMLSchema-instance"'
        ' x:type="string">447700900999</ReplyTo>'
    )
    assert (await soap.submit(end=typed))["Report"] == "0"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="empty"),
        pytest.param(operation("SendMessage", login()), id="unknown operation"),
        pytest.param(
            operation("AvailableCredit", login(), "urn:other"), id="wrong namespace"
        ),
        pytest.param(
            f"<AvailableCredit>{login()}</AvailableCredit>", id="without a namespace"
        ),
        pytest.param(
            operation("AvailableCredit", login()) * 2, id="more than one operation"
        ),
    ],
)
async def test_bodies_without_a_known_operation(soap: CsoftClient, body: str) -> None:
    assert (await soap.fault(body))[0] == "SOAP-ENV:Client"


async def test_other_envelopes(soap: CsoftClient, host: CsoftSimulator) -> None:
    document = envelope(submission())
    later = document.replace(SOAP, "http://www.w3.org/2003/05/soap-envelope")
    code, _ = await soap.fault(later, wrapped=False)
    assert code == "SOAP-ENV:VersionMismatch"
    header = '<s:Header><h xmlns="urn:h" s:mustUnderstand="1"/></s:Header><s:Body>'
    code, _ = await soap.fault(document.replace("<s:Body>", header), wrapped=False)
    assert code == "SOAP-ENV:MustUnderstand"
    style = '<s:Body s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">'
    await soap.fault(document.replace("<s:Body>", style), wrapped=False)
    assert host.messages_count == 0
    harmless = "<s:Header><h/></s:Header><s:Body>"
    status, _ = await soap.post(document.replace("<s:Body>", harmless))
    assert (status, host.messages_count) == (200, 1)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<a>", id="broken"),
        pytest.param(b"\xff\xfe\xff", id="no text"),
        pytest.param(envelope(submission(text="ü")).encode("latin-1"), id="latin-1"),
        pytest.param(
            b"<!DOCTYPE a>" + envelope(submission()).encode().partition(b"?>")[2],
            id="a DTD",
        ),
    ],
)
async def test_what_is_no_document(
    soap: CsoftClient, host: CsoftSimulator, document: bytes
) -> None:
    status, _ = await soap.post(document)
    assert (status, host.messages_count) == (500, 0)


async def test_the_charset_of_the_header_counts(
    soap: CsoftClient, host: CsoftSimulator
) -> None:
    headers = HEADERS | {"Content-Type": "text/xml; charset=iso-8859-1"}
    document = envelope(submission(text="ü")).encode("latin-1")
    status, _ = await soap.post(document, headers)
    assert (status, host.messages[0].text) == (200, "ü")


@pytest.mark.parametrize("charset", ["x-nothing", "shift_jis", "utf-16", '""'])
async def test_charsets_that_it_is_not_in(
    soap: CsoftClient, host: CsoftSimulator, charset: str
) -> None:
    headers = HEADERS | {"Content-Type": f"text/xml; charset={charset}"}
    status, _ = await soap.post(envelope(submission()), headers)
    assert (status, host.messages_count) == (500, 0)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Content-Type": "application/soap+xml"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"SOAPAction": '"urn:SubmitMessage"'}, 500),
    ],
)
async def test_other_headers(
    soap: CsoftClient, host: CsoftSimulator, change: dict[str, str], status: int
) -> None:
    found, _ = await soap.post(envelope(submission()), HEADERS | change)
    assert (found, host.messages_count) == (status, 0)


async def test_no_soap_action(soap: CsoftClient) -> None:
    headers = {"Content-Type": HEADERS["Content-Type"]}
    assert (await soap.post(envelope(submission()), headers))[0] == 500
    assert (await soap.post(envelope(submission()), headers | {"SOAPAction": ""}))[
        0
    ] == 200


async def test_other_paths_and_methods(soap: CsoftClient, host: CsoftSimulator) -> None:
    async with soap.session.get(host.url) as response:
        assert response.status == 405
    async with soap.session.post(f"{host.root_url}/sendsms3", data=b"") as response:
        assert response.status == 404
    async with soap.session.post(host.form_url, data=b"<a/>") as response:
        assert response.status == 415
