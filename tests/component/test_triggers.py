"""Triggers: news of messages, and messages that come in."""

from typing import Any

from homeassistant.const import CONF_OPTIONS, CONF_PLATFORM
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers import trigger
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
import voluptuous as vol

from custom_components.sms_gateway.const import DOMAIN, EVENT_MESSAGE, EVENT_RECEIPT

from .helpers import ALICE, BOB, RECEIPT, becomes, send

NOTIFY_ALICE = "notify.alice"


type Fired = list[dict[str, Any]]
"""What a trigger has fired with."""


async def attach(hass: HomeAssistant, key: str, **options: Any) -> Fired:
    """Attach a trigger as an automation does."""
    fired: Fired = []

    @callback
    def fire(variables: dict[str, Any], _context: Context | None = None) -> None:
        fired.append(variables["trigger"])

    [config] = await trigger.async_validate_trigger_config(
        hass, [{CONF_PLATFORM: f"{DOMAIN}.{key}", CONF_OPTIONS: options}]
    )
    remove = await trigger.async_initialize_triggers(
        hass, [config], fire, DOMAIN, "test", lambda *_args, **_more: None
    )
    assert remove
    return fired


def receipt(account: MockConfigEntry, **changes: Any) -> dict[str, Any]:
    return {
        "config_entry_id": account.entry_id,
        "recipient": ALICE,
        "state": "delivered",
        **changes,
    }


def message(account: MockConfigEntry, **changes: Any) -> dict[str, Any]:
    return {
        "config_entry_id": account.entry_id,
        "sender": ALICE,
        "text": "Hi",
        **changes,
    }


@pytest.mark.parametrize(
    ("options", "changes", "fires"),
    [
        ({}, {}, True),
        ({"state": "delivered"}, {}, True),
        ({"state": ["failed", "expired"]}, {}, False),
        ({"recipient": ALICE}, {}, True),
        ({"recipient": [BOB, "00" + ALICE[1:]]}, {}, True),
        ({"recipient": BOB}, {}, False),
        ({"recipient": NOTIFY_ALICE}, {}, True),
        ({"recipient": NOTIFY_ALICE}, {"recipient": BOB}, False),
        ({"recipient": "notify.nobody"}, {}, False),
        ({"config_entry_id": "another"}, {}, False),
        ({"state": "delivered", "recipient": BOB}, {}, False),
    ],
)
async def test_receipts_are_filtered(
    hass: HomeAssistant,
    account: MockConfigEntry,
    options: dict[str, Any],
    changes: dict[str, Any],
    fires: bool,
) -> None:
    fired = await attach(hass, "receipt_received", **options)
    hass.bus.async_fire(EVENT_RECEIPT, receipt(account, **changes))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert bool(fired) is fires


@pytest.mark.parametrize(
    ("options", "changes", "fires"),
    [
        ({}, {}, True),
        ({"sender": ALICE}, {}, True),
        ({"sender": BOB}, {}, False),
        ({"sender": "bank"}, {"sender": "Bank"}, True),
        ({"sender": "Info"}, {"sender": "Bank"}, False),
        ({"sender": NOTIFY_ALICE}, {}, True),
        ({"config_entry_id": "another"}, {}, False),
    ],
)
async def test_messages_are_filtered(
    hass: HomeAssistant,
    account: MockConfigEntry,
    options: dict[str, Any],
    changes: dict[str, Any],
    fires: bool,
) -> None:
    fired = await attach(hass, "message_received", **options)
    hass.bus.async_fire(EVENT_MESSAGE, message(account, **changes))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert bool(fired) is fires


async def test_the_account_can_be_chosen(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    fired = await attach(hass, "receipt_received", config_entry_id=account.entry_id)
    hass.bus.async_fire(EVENT_RECEIPT, receipt(account))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert fired


async def test_a_filter_is_read_in_the_country_of_the_account(
    hass: HomeAssistant, account: MockConfigEntry, other_account: MockConfigEntry
) -> None:
    """Of the one that the message came to, where the trigger is for all of them."""
    hass.config_entries.async_update_entry(other_account, options={"region": "DE"})
    fired = await attach(hass, "message_received", sender="03 123 456")
    hass.bus.async_fire(EVENT_MESSAGE, message(other_account, sender=BOB))
    hass.bus.async_fire(EVENT_MESSAGE, message(account, sender="+493123456"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not fired
    hass.bus.async_fire(EVENT_MESSAGE, message(other_account, sender="+493123456"))
    hass.bus.async_fire(EVENT_MESSAGE, message(account, sender=BOB))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [each["sender"] for each in fired] == ["+493123456", BOB]


async def test_a_filter_of_one_account_is_not_read_in_the_country_of_another(
    hass: HomeAssistant, account: MockConfigEntry, other_account: MockConfigEntry
) -> None:
    filtered = {"sender": "03 123 456"}
    chosen = {"config_entry_id": account.entry_id}
    assert await attach(hass, "message_received", **filtered, **chosen) == []
    chosen = {"config_entry_id": other_account.entry_id}
    with pytest.raises(vol.Invalid):
        await attach(hass, "message_received", **filtered, **chosen)


async def test_a_trigger_gives_what_the_event_says_and_describes_it_without_text(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    fired = await attach(hass, "message_received")
    hass.bus.async_fire(EVENT_MESSAGE, message(account))
    await hass.async_block_till_done(wait_background_tasks=True)
    [variables] = fired
    assert variables["text"] == "Hi"
    assert variables["platform"] == "sms_gateway.message_received"
    assert variables["description"] == f"SMS from {ALICE}"


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("receipt_received", {"state": "lost"}),
        ("receipt_received", {"state": []}),
        ("receipt_received", {"recipient": []}),
        ("receipt_received", {"recipient": ""}),
        ("receipt_received", {"sender": ALICE}),
        ("message_received", {"sender": " "}),
        ("message_received", {"sender": None}),
        ("message_received", {"sender": "+96131"}),
        ("message_received", {"sender": [ALICE, 1.5]}),
        ("receipt_received", {"recipient": 12345}),
        ("message_received", {"state": "delivered"}),
    ],
)
async def test_bad_filters_are_refused(
    hass: HomeAssistant, account: MockConfigEntry, key: str, options: dict[str, Any]
) -> None:
    with pytest.raises(vol.Invalid):
        await attach(hass, key, **options)


async def test_an_automation_hears_of_a_delivery(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    calls = async_mock_service(hass, "test", "automation")
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "triggers": {
                    "trigger": "sms_gateway.receipt_received",
                    "options": {"state": ["delivered"]},
                },
                "actions": {
                    "action": "test.automation",
                    "data": {
                        "said": "{{ trigger.description }}",
                        "latency": "{{ trigger.latency }}",
                    },
                },
            }
        },
    )
    await send(hass)
    await becomes(
        hass, RECEIPT, lambda state: state.attributes["event_type"] == "delivered"
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    [call] = calls
    assert call.data["said"] == f"SMS to {BOB} is delivered"
    assert float(call.data["latency"]) >= 0
