"""Messages that come in: event, event entity and logbook."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.sms_gateway.const import EVENT_MESSAGE
from custom_components.sms_gateway.gateway.model import Fragment
from custom_components.sms_gateway.gateway.providers.websmpp import WebsmppProvider
from custom_components.sms_gateway.logbook import async_describe_events

from .helpers import ALICE

INCOMING = "event.websmpp_demo_incoming_message"


@pytest.fixture(autouse=True)
def _able_to_receive() -> Iterator[None]:
    """Let the account be at a system that brings messages."""
    able = replace(WebsmppProvider.capabilities, incoming=True)
    with patch.object(WebsmppProvider, "capabilities", able):
        yield


async def come_in(entry: MockConfigEntry, **changes: Any) -> None:
    """Let a message come in, "Hi" from Alice unless the fields say otherwise."""
    fields: dict[str, Any] = {
        "sender": ALICE,
        "recipient": "4040",
        "octets": b"Hi",
        "charset": "gsm",
    }
    await entry.runtime_data.account.take(Fragment(**fields | changes))


async def test_a_message_is_an_event(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    events = async_capture_events(hass, EVENT_MESSAGE)
    await come_in(account)
    [event] = events
    data = dict(event.data)
    assert data.pop("message_id")
    assert data.pop("received_at")
    assert data == {
        "config_entry_id": account.entry_id,
        "sender": ALICE,
        "sender_name": "Alice",
        "recipient": "4040",
        "sent_at": None,
        "text": "Hi",
        "parts": 1,
        "complete": True,
    }


async def test_it_says_when_the_provider_got_it(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    events = async_capture_events(hass, EVENT_MESSAGE)
    await come_in(account, sent_at=datetime(2030, 5, 10, 14, tzinfo=UTC))
    [event] = events
    assert event.data["sent_at"] == "2030-05-10T14:00:00+00:00"


@pytest.mark.parametrize(
    ("sender", "name"),
    [("00" + ALICE[1:], "Alice"), ("+9613999999", None), ("Bank", None), ("", None)],
)
async def test_the_sender_has_a_name_when_it_is_a_recipient(
    hass: HomeAssistant, account: MockConfigEntry, sender: str, name: str | None
) -> None:
    events = async_capture_events(hass, EVENT_MESSAGE)
    await come_in(account, sender=sender)
    assert events[0].data["sender_name"] == name


async def test_the_event_entity_shows_it(
    hass: HomeAssistant, account: MockConfigEntry, other_account: MockConfigEntry
) -> None:
    await come_in(account, octets=b"Yes")
    await come_in(other_account, octets=b"No")
    await hass.async_block_till_done(wait_background_tasks=True)
    state = hass.states.get(INCOMING)
    assert state
    assert state.attributes["event_type"] == "received"
    assert state.attributes["text"] == "Yes"
    assert state.attributes["sender_name"] == "Alice"


async def test_what_comes_while_home_assistant_starts_waits_for_automations(
    hass: HomeAssistant, entry: MockConfigEntry, account: MockConfigEntry
) -> None:
    hass.set_state(CoreState.starting)
    await hass.config_entries.async_reload(account.entry_id)
    events = async_capture_events(hass, EVENT_MESSAGE)
    await come_in(account)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not events
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [each.data["text"] for each in events] == ["Hi"]


async def test_an_unloaded_account_tells_nothing(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    events = async_capture_events(hass, EVENT_MESSAGE)
    with patch.object(hass, "state", CoreState.starting):
        await hass.config_entries.async_unload(account.entry_id)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not events


@pytest.mark.parametrize(
    ("name", "shown"), [("Alice", "SMS from Alice"), (None, f"SMS from {ALICE}")]
)
async def test_the_logbook_says_who_wrote_and_not_what(
    hass: HomeAssistant, account: MockConfigEntry, name: str | None, shown: str
) -> None:
    described = {}
    async_describe_events(
        hass, lambda _domain, type_, describe: described.update({type_: describe})
    )
    data = {
        "config_entry_id": account.entry_id,
        "sender": ALICE,
        "sender_name": name,
        "text": "secret",
    }
    assert described[EVENT_MESSAGE](Event(EVENT_MESSAGE, data)) == {
        "name": shown,
        "message": "came in",
        "entity_id": INCOMING,
    }
