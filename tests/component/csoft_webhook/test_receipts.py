"""Receipts that Connection Software posts."""

import asyncio
from http import HTTPStatus

from aiohttp.test_utils import TestClient
from homeassistant.components.webhook import async_handle_webhook
from homeassistant.core import HomeAssistant
from homeassistant.util.aiohttp import MockRequest, serialize_response
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.gateway import State
from custom_components.sms_gateway.gateway.journal import Writes
from simulator.csoft import CsoftSimulator

from ...gateway.csoft.helpers import (
    EXAMPLE,
    EXAMPLE_ANSWER,
    FIELDS,
    IDENTIFIER,
    SENT_TO,
    form,
    soap,
)
from ..helpers import CSOFT_RECEIPT, CSOFT_WEBHOOK_ID, becomes
from .helpers import PATH, Talk, loud, send_the_examples


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
    state = await becomes(
        hass, CSOFT_RECEIPT, lambda each: each.attributes["event_type"] == "delivered"
    )
    assert state.attributes["done_at"] == "2002-08-27T13:38:00+00:00"


async def test_a_receipt_is_answered_when_the_journal_holds_it(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journal = csoft_account.runtime_data.gateway._journal
    write = journal.write
    asked, recorded = asyncio.Event(), asyncio.Event()

    async def slow(writes: Writes) -> None:
        asked.set()
        await recorded.wait()
        await write(writes)

    monkeypatch.setattr(journal, "write", slow)
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


async def test_a_fault_of_ours_makes_a_receipt_be_brought_again(
    csoft_account: MockConfigEntry,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Home Assistant itself would answer 200, and log the secret address."""

    def fault(*_: object) -> None:
        raise ZeroDivisionError(SENT_TO)

    gateway = csoft_account.runtime_data.gateway
    monkeypatch.setattr(gateway, "claim", fault)
    answer = await client.post(PATH, data=soap(FIELDS))
    assert answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
    [logged] = loud(caplog)
    assert "ZeroDivisionError" in logged
    assert CSOFT_WEBHOOK_ID not in logged
    assert SENT_TO not in logged


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
