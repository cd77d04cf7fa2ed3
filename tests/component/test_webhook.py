"""Receipts that the provider brings to the webhook."""

from collections.abc import AsyncIterator
from http import HTTPStatus

from aiohttp.test_utils import TestClient
from homeassistant.components.webhook import async_handle_webhook
from homeassistant.core import HomeAssistant
from homeassistant.util.aiohttp import MockRequest
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.sms_gateway.const import EVENT_RECEIPT
from custom_components.sms_gateway.gateway import State

from .helpers import RECEIPT, WEBHOOK_ID, becomes, send

PATH = f"/api/webhook/{WEBHOOK_ID}"


@pytest.fixture
async def client(
    account: MockConfigEntry, hass_client_no_auth: ClientSessionGenerator
) -> AsyncIterator[TestClient]:
    """The provider, as a client of Home Assistant."""
    return await hass_client_no_auth()


def receipt(provider_id: str, status: str = "DELIVRD") -> dict[str, str]:
    return {
        "MessageId": provider_id,
        "Source": "Home",
        "Destination": "9613123456",
        "Status": status,
        "SubmitDate": "2026-01-01 12:00:00",
        "DoneDate": "2026-01-01 12:00:07",
    }


async def test_a_receipt_is_answered_when_the_journal_holds_it(
    hass: HomeAssistant, account: MockConfigEntry, client: TestClient
) -> None:
    (sent,) = (await send(hass))["messages"]
    answer = await client.get(PATH, params=receipt(sent["provider_ids"][0]))
    assert answer.status == HTTPStatus.OK
    assert await answer.text() == "ok"
    message = await account.runtime_data.gateway.get(sent["message_id"])
    assert message.state is State.DELIVERED
    await becomes(hass, RECEIPT, lambda s: s.attributes["event_type"] == "delivered")


async def test_the_event_and_the_entity_have_one_context(
    hass: HomeAssistant, account: MockConfigEntry, client: TestClient
) -> None:
    events = async_capture_events(hass, EVENT_RECEIPT)
    (sent,) = (await send(hass))["messages"]
    await client.get(PATH, params=receipt(sent["provider_ids"][0]))
    state = await becomes(hass, RECEIPT, lambda state: state.state != "unknown")
    assert [event.context for event in events] == [state.context]


async def test_a_receipt_that_comes_again_changes_nothing_and_is_answered(
    hass: HomeAssistant, account: MockConfigEntry, client: TestClient
) -> None:
    (sent,) = (await send(hass))["messages"]
    for status in ("DELIVRD", "DELIVRD", "UNDELIV"):
        answer = await client.get(PATH, params=receipt(sent["provider_ids"][0], status))
        assert await answer.text() == "ok"
    message = await account.runtime_data.gateway.get(sent["message_id"])
    assert message.state is State.DELIVERED


async def test_a_receipt_of_an_unknown_message_is_kept_and_answered(
    hass: HomeAssistant, client: TestClient
) -> None:
    answer = await client.get(PATH, params=receipt("99"))
    assert answer.status == HTTPStatus.OK
    assert await answer.text() == "ok"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"MessageId": "1"},
        {"Status": "DELIVRD"},
        {"MessageId": "", "Status": "DELIVRD"},
        {"MessageId": "1" * 65, "Status": "DELIVRD"},
    ],
)
async def test_nonsense_is_refused(
    hass: HomeAssistant, client: TestClient, query: dict[str, str]
) -> None:
    answer = await client.get(PATH, params=query)
    assert answer.status == HTTPStatus.BAD_REQUEST
    assert "ok" not in (await answer.text()).split()


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
async def test_other_methods_are_refused_and_the_address_stays_out_of_the_log(
    hass: HomeAssistant,
    client: TestClient,
    method: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await client.request(method, PATH, params=receipt("1"))
    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert answer.headers["Allow"] == "GET"
    # Home Assistant keeps the access log of its HTTP server switched off.
    loud = [
        each.getMessage()
        for each in caplog.records
        if each.levelname != "DEBUG" and each.name != "aiohttp.access"
    ]
    assert not any(WEBHOOK_ID in message for message in loud)


async def test_a_receipt_that_cannot_be_kept_is_not_answered(
    hass: HomeAssistant, account: MockConfigEntry, client: TestClient
) -> None:
    await account.runtime_data.gateway._journal.close()
    answer = await client.get(PATH, params=receipt("1"))
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert await answer.text() == ""


async def test_home_assistant_cloud_brings_receipts_too(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    (sent,) = (await send(hass))["messages"]
    request = MockRequest(
        content=b"",
        mock_source="cloud",
        query_string=f"MessageId={sent['provider_ids'][0]}&Status=DELIVRD",
    )
    answer = await async_handle_webhook(hass, WEBHOOK_ID, request)
    assert answer.text == "ok"
    message = await account.runtime_data.gateway.get(sent["message_id"])
    assert message.state is State.DELIVERED
