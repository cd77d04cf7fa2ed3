"""Receipts that Connection Software, or somebody else, posts to the webhook."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import gzip
from http import HTTPStatus
import logging

from aiohttp import StreamReader
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import webhook
from homeassistant.components.webhook import async_handle_webhook
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.aiohttp import MockRequest, serialize_response
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.sms_gateway import webhook as door
from custom_components.sms_gateway.const import (
    CONF_RECEIPT_PIN,
    CONF_RECEIPT_USERNAME,
    DOMAIN,
)
from custom_components.sms_gateway.gateway import State
from custom_components.sms_gateway.gateway.model import Receipt
from custom_components.sms_gateway.gateway.providers.csoft import MOST_BYTES
from custom_components.sms_gateway.refused_receipts import ENOUGH, PERIOD
from custom_components.sms_gateway.systems import bodies
from simulator.csoft import Attack, AttackKind, CsoftSimulator

from ..gateway.csoft.helpers import (
    EXAMPLE,
    EXAMPLE_ANSWER,
    FIELDS,
    IDENTIFIER,
    PIN,
    SENT_TO,
    USERNAME,
    form,
    soap,
)
from ..gateway.helpers import eventually
from .helpers import CSOFT_RECEIPT, CSOFT_WEBHOOK_ID, becomes, pass_time, send, tick

PATH = f"/api/webhook/{CSOFT_WEBHOOK_ID}"
REFUSED = "receipts_refused_01K000000000000000000ACC05"
METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

type Talk = Callable[[bytes], Awaitable[bytes]]


@pytest.fixture
async def client(
    csoft_account: MockConfigEntry, hass_client_no_auth: ClientSessionGenerator
) -> TestClient:
    """The provider, as a client of Home Assistant."""
    return await hass_client_no_auth()


@pytest.fixture
async def guarded(hass: HomeAssistant, csoft_account: MockConfigEntry) -> None:
    """Receipts have to bring the credentials of the example from now on."""
    login = {CONF_RECEIPT_USERNAME: USERNAME, CONF_RECEIPT_PIN: PIN}
    data = {**csoft_account.data, **login}
    hass.config_entries.async_update_entry(csoft_account, data=data)
    await hass.async_block_till_done()


@pytest.fixture
async def talk(client: TestClient) -> AsyncIterator[Talk]:
    """Send bytes over a socket of their own; returns the head and body of the answer."""
    writers: list[asyncio.StreamWriter] = []

    async def talk(request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writers.append(writer)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = sum(
            int(line.partition(b":")[2])
            for line in head.splitlines()
            if line.lower().startswith(b"content-length") and request[:4] != b"HEAD"
        )
        return head + await reader.readexactly(length)

    yield talk
    for writer in writers:
        writer.close()
        await writer.wait_closed()


def loud(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged; Home Assistant keeps the access log switched off."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.DEBUG and record.name != "aiohttp.access"
    ]


async def send_the_examples(hass: HomeAssistant, host: CsoftSimulator) -> str:
    """Send the message that the example is a receipt of; returns our id of it."""
    host.settings.first_number = int(IDENTIFIER, 16)
    (sent,) = (await send(hass, target=[f"+{SENT_TO}"]))["messages"]
    assert sent["provider_ids"] == [IDENTIFIER]
    message_id: str = sent["message_id"]
    return message_id


async def test_the_specifications_request_gets_its_answer(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    guarded: None,
    talk: Talk,
) -> None:
    message_id = await send_the_examples(hass, csoft_host)
    body = EXAMPLE.encode()
    answer = await talk(
        f"POST {PATH} HTTP/1.0\n"
        "Host: www.another.com:80\n"
        "Content-Type: text/soap\n"
        f"Content-Length: {len(body)}\n\n".replace("\n", "\r\n").encode()
        + body
    )
    head, _, answered = answer.partition(b"\r\n\r\n")
    assert head.splitlines()[0].endswith(b" 200 OK")
    assert b"\r\nContent-Type: text/soap; charset=utf-8" in head
    assert answered.decode() == EXAMPLE_ANSWER
    message = await csoft_account.runtime_data.gateway.get(message_id)
    assert message.state is State.DELIVERED
    await becomes(
        hass, CSOFT_RECEIPT, lambda each: each.attributes["event_type"] == "delivered"
    )


async def test_a_receipt_is_answered_when_the_journal_holds_it(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gateway = csoft_account.runtime_data.gateway
    claim = gateway.claim
    asked, recorded = asyncio.Event(), asyncio.Event()

    async def slow(account_id: str, receipt: Receipt) -> bool:
        asked.set()
        await recorded.wait()
        return await claim(account_id, receipt)

    monkeypatch.setattr(gateway, "claim", slow)
    post = asyncio.create_task(client.post(PATH, data=soap(FIELDS)))
    await asked.wait()
    other = await client.get(PATH)
    assert other.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert not post.done()
    recorded.set()
    answer = await post
    assert b">-1</Report>" in await answer.read()


async def test_a_receipt_that_cannot_be_kept_is_to_be_brought_again(
    hass: HomeAssistant, csoft_account: MockConfigEntry, client: TestClient
) -> None:
    await csoft_account.runtime_data.gateway._journal.close()
    answer = await client.post(PATH, data=soap(FIELDS))
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert await answer.read() == b""


async def test_home_assistant_cloud_brings_receipts_too(
    hass: HomeAssistant, csoft_account: MockConfigEntry, csoft_host: CsoftSimulator
) -> None:
    await send_the_examples(hass, csoft_host)
    request = MockRequest(
        content=EXAMPLE.encode(),
        mock_source="cloud",
        method="POST",
        headers={"Content-Type": "text/soap"},
    )
    answer = await async_handle_webhook(hass, CSOFT_WEBHOOK_ID, request)
    assert serialize_response(answer)["body"] == EXAMPLE_ANSWER


async def test_a_form_is_read_too(
    hass: HomeAssistant, client: TestClient, csoft_host: CsoftSimulator
) -> None:
    await send_the_examples(hass, csoft_host)
    body = form(MessageIdentifier=IDENTIFIER, SendTo=SENT_TO, Report="0")
    answer = await client.post(PATH, data=body)
    assert b">0</Report>" in await answer.read()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
async def test_other_methods_are_refused_and_the_address_stays_out_of_the_log(
    client: TestClient, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.request(method, PATH, data=soap(FIELDS))
    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert answer.headers["Allow"] == "POST"
    assert not any(CSOFT_WEBHOOK_ID in message for message in loud(caplog))


async def test_a_long_body_is_refused_before_it_comes(talk: Talk) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: {MOST_BYTES + 1}"
    answer = await talk(f"{head}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_long_body_that_does_not_say_so_is_refused_in_its_midst(
    talk: Talk,
) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%s\r\n" % (MOST_BYTES + 1, b"x" * (MOST_BYTES + 1))
    answer = await talk(head.encode() + chunk)
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_the_longest_body_is_read(client: TestClient) -> None:
    body = soap(FIELDS)
    answer = await client.post(PATH, data=body + b" " * (MOST_BYTES - len(body)))
    assert answer.status == HTTPStatus.OK


async def test_a_body_that_does_not_come_is_not_waited_for(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "TIMEOUT", 0.01)
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n<"
    assert (await talk(head.encode())).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("kind", AttackKind)
async def test_no_attack_does_anything_but_be_answered(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    posting: CsoftSimulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: AttackKind,
) -> None:
    monkeypatch.setattr(bodies, "TIMEOUT", 0.5)
    posting.settings.receipt_timeout = 1.0
    posts = await posting.attack(Attack(kind=kind, size=64, seconds=0.001))
    assert all(
        post.status in {200, 400, 408, 413} for post in posts if post.status is not None
    )
    assert loud(caplog) == []


@pytest.fixture
def refused(issue_registry: ir.IssueRegistry) -> Callable[[], bool]:
    """Whether there is an issue of receipts with a wrong login."""
    return lambda: issue_registry.async_get_issue(DOMAIN, REFUSED) is not None


async def bring(client: TestClient, count: int = 1, **changes: str) -> bytes:
    """Bring receipts in one post."""
    answer = await client.post(PATH, data=soap(*[FIELDS | changes] * count))
    assert answer.status == HTTPStatus.OK
    return await answer.read()


async def test_a_wrong_login_changes_nothing_and_is_told_when_it_comes_again(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    guarded: None,
    client: TestClient,
    refused: Callable[[], bool],
) -> None:
    message_id = await send_the_examples(hass, csoft_host)
    for _ in range(ENOUGH - 1):
        assert b">2</Report>" in await bring(client, PIN="wrong")
    assert not refused()
    assert b">2</Report>" in await bring(client, Username="wrong")
    assert refused()
    message = await csoft_account.runtime_data.gateway.get(message_id)
    assert message.state is State.ACCEPTED

    assert (await client.post(PATH, data=b"<")).status == HTTPStatus.BAD_REQUEST
    assert refused(), "what is no receipt tells nothing"
    assert b">0</Report>" in await bring(client)
    assert not refused()
    assert csoft_account.runtime_data.refused_receipts.total == ENOUGH
    await bring(client, PIN="wrong")
    assert not refused(), "it is counted anew"


async def test_the_issue_goes_when_no_wrong_login_comes_any_more(
    hass: HomeAssistant,
    guarded: None,
    client: TestClient,
    refused: Callable[[], bool],
) -> None:
    await bring(client, ENOUGH, PIN="wrong")
    assert refused()
    await bring(client, PIN="wrong")
    await pass_time(hass, PERIOD.total_seconds() - 60)
    assert refused()
    await pass_time(hass, PERIOD.total_seconds() + 1)
    assert not refused()


async def test_a_wrong_login_now_and_then_is_no_issue(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    refused: Callable[[], bool],
) -> None:
    for _ in range(2 * ENOUGH):
        csoft_account.runtime_data.refused_receipts.add(1)
        await tick(hass, freezer, PERIOD.total_seconds() / (ENOUGH - 1))
    assert not refused()


async def test_the_issue_goes_with_the_account(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    guarded: None,
    client: TestClient,
    refused: Callable[[], bool],
) -> None:
    await bring(client, ENOUGH, PIN="wrong")
    assert refused()
    await hass.config_entries.async_unload(csoft_account.entry_id)
    assert not refused()


BODIES = st.one_of(
    st.binary(max_size=2000),
    st.tuples(
        st.integers(0, len(EXAMPLE)), st.binary(max_size=40), st.integers(0, 200)
    ).map(lambda cut: _mangled(*cut)),
    st.integers(MOST_BYTES - 2, MOST_BYTES + 2).map(lambda size: b"<" * size),
)
CONTENT_TYPES = st.one_of(
    st.sampled_from(
        [
            "text/soap",
            "text/xml; charset=utf-16",
            "application/x-www-form-urlencoded; charset=idna",
            "multipart/form-data; boundary=a",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)


def _mangled(place: int, octets: bytes, cut: int) -> bytes:
    """Put something into the example, in the place of a part of it."""
    sound = EXAMPLE.encode()
    return sound[:place] + octets + sound[place + cut :]


FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def written(method: str, body: bytes, **headers: str) -> bytes:
    """Write a request."""
    lines = [f"{method} {PATH} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@given(method=st.sampled_from(METHODS), content_type=CONTENT_TYPES, body=BODIES)
@FUZZ
async def test_whatever_comes_is_answered_and_nothing_is_logged(
    talk: Talk,
    caplog: pytest.LogCaptureFixture,
    method: str,
    content_type: str,
    body: bytes,
) -> None:
    answer = await talk(written(method, body, Content_Type=content_type))
    # Home Assistant itself answers other methods than those of its webhooks.
    assert int(answer.split()[1]) in {200, 400, 403, 405, 413}
    assert loud(caplog) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (gzip.compress(EXAMPLE.encode()), HTTPStatus.OK),
        (gzip.compress(bytes(100 * MOST_BYTES)), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (gzip.compress(EXAMPLE.encode())[:10] + b"<" * 50, HTTPStatus.BAD_REQUEST),
    ],
    ids=["packed", "bomb", "broken"],
)
async def test_what_is_packed_is_unpacked_no_further_than_wanted(
    talk: Talk, caplog: pytest.LogCaptureFixture, body: bytes, status: HTTPStatus
) -> None:
    answer = await talk(written("POST", body, Content_Encoding="gzip"))
    assert int(answer.split()[1]) == status
    assert (b"connection: close" in answer.lower()) == (status != HTTPStatus.OK)
    assert loud(caplog) == []


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_the_rest_of_what_is_refused_is_not_unpacked(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    unpacked: list[int] = []
    feed = StreamReader.feed_data

    def watched(stream: StreamReader, data: bytes, size: int = 0) -> bool:
        unpacked.append(len(data))
        return feed(stream, data, size)

    monkeypatch.setattr(StreamReader, "feed_data", watched)
    bomb = gzip.compress(bytes(1000 * MOST_BYTES))
    await talk(written(method, bomb, Content_Encoding="gzip"))
    # The server would look for the rest while it serves others.
    await talk(written("POST", EXAMPLE.encode()))
    assert sum(unpacked) < 100 * MOST_BYTES


async def test_a_receipt_that_comes_while_the_account_is_loaded_anew_waits_for_it(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    client: TestClient,
) -> None:
    message_id = await send_the_examples(hass, csoft_host)
    assert await hass.config_entries.async_unload(csoft_account.entry_id)
    post = asyncio.create_task(client.post(PATH, data=EXAMPLE.encode()))
    opened = hass.data[door._DOORS][csoft_account.entry_id]._opened
    await eventually(lambda: opened._waiters)
    assert await hass.config_entries.async_setup(csoft_account.entry_id)
    answer = await post
    assert answer.status == HTTPStatus.OK
    assert (await answer.read()).decode() == EXAMPLE_ANSWER
    message = await csoft_account.runtime_data.gateway.get(message_id)
    assert message.state is State.DELIVERED


async def test_one_that_comes_while_the_account_is_not_loaded_is_to_be_brought_again(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.01)
    assert await hass.config_entries.async_unload(csoft_account.entry_id)
    answer = await client.post(PATH, data=EXAMPLE.encode())
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE


@pytest.mark.parametrize("end", ["disabled", "removed"])
async def test_the_webhook_of_an_account_that_is_gone_is_gone_too(
    hass: HomeAssistant, csoft_account: MockConfigEntry, client: TestClient, end: str
) -> None:
    entries = hass.config_entries
    if end == "disabled":
        await entries.async_set_disabled_by(
            csoft_account.entry_id, ConfigEntryDisabler.USER
        )
    else:
        await entries.async_remove(csoft_account.entry_id)
    assert CSOFT_WEBHOOK_ID not in hass.data[webhook._HANDLERS]
