"""Notify entities of recipients, and the notify service of an account."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.service import async_get_cached_service_description
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.sms_gateway.quoting import quoted
from simulator.websmpp import ErrorCode, ForcedError, WebsmppSimulator

from .helpers import ALICE, BOB


async def notify(hass: HomeAssistant, service: str, **fields: Any) -> None:
    await hass.services.async_call(
        "notify", service, {"message": "Fire", **fields}, blocking=True
    )


async def test_a_recipient_is_written_to(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await notify(hass, "send_message", entity_id="notify.alice", title="Cellar")
    (message,) = simulator.messages
    assert message.destination == ALICE.removeprefix("+")
    assert message.text == "Cellar\nFire"
    assert message.source == "Home"
    assert hass.states.get("notify.alice").state != "unknown"


async def test_a_message_to_a_recipient_that_is_refused_raises(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP18))
    with pytest.raises(HomeAssistantError) as refused:
        await notify(hass, "send_message", entity_id="notify.alice")
    assert refused.value.translation_key == "send_credit"


async def test_an_empty_message_raises(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await notify(hass, "send_message", entity_id="notify.alice", message="")
    assert refused.value.translation_key == "message_empty"


async def test_the_service_takes_numbers_recipients_and_data(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await notify(
        hass,
        "websmpp_demo",
        target=["03 123 456", "notify.alice"],
        title="Cellar",
        data={"sender": "Attic", "reference": "7", "encoding": "unicode"},
    )
    assert [(each.destination, each.source) for each in simulator.messages] == [
        (BOB.removeprefix("+"), "Attic"),
        (ALICE.removeprefix("+"), "Attic"),
    ]
    assert {each.text for each in simulator.messages} == {"Cellar\nFire"}
    assert {each.type for each in simulator.messages} == {2}


async def test_without_a_target_all_recipients_are_written_to(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    """As `alert` calls it."""
    assert await async_setup_component(
        hass,
        "alert",
        {
            "alert": {
                "cellar": {
                    "name": "Water in the cellar",
                    "entity_id": "binary_sensor.water",
                    "repeat": 30,
                    "notifiers": ["websmpp_demo"],
                }
            }
        },
    )
    hass.states.async_set("binary_sensor.water", "on")
    await simulator.wait_for(lambda s: s.messages_count == 1)
    assert simulator.messages[0].destination == ALICE.removeprefix("+")
    hass.states.async_set("binary_sensor.water", "off")
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_without_a_target_and_recipients_it_raises(
    hass: HomeAssistant, other_account: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await notify(hass, "websmpp_other")
    assert refused.value.translation_key == "recipients_missing"


@pytest.mark.parametrize(
    ("fields", "key", "words"),
    [
        ({"data": {"flash": True}}, "flash_unsupported", {}),
        (
            {"data": {"sender": "Far too long a name"}},
            "sender_form",
            {
                "sender": quoted("Far too long a name"),
                "digits": "16",
                "letters": "11",
            },
        ),
        ({"target": ["nobody"]}, "number_unreadable", {"number": quoted("nobody")}),
        ({"target": "nobody"}, "number_unreadable", {"number": quoted("nobody")}),
        (
            {"target": [BOB, "notify.nobody"]},
            "no_recipient",
            {"entity_id": quoted("notify.nobody")},
        ),
        ({"message": ""}, "message_empty", {}),
    ],
)
async def test_a_wrong_value_is_named(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    fields: dict[str, Any],
    key: str,
    words: dict[str, str],
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await notify(hass, "websmpp_demo", **fields)
    assert refused.value.translation_key == key
    assert refused.value.translation_placeholders == words
    assert simulator.messages_count == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"message": None}, "message"),
        ({"message": {}}, "message"),
        ({"title": []}, "title"),
        ({"data": "flash"}, "data"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_value_of_a_wrong_form_is_named(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    fields: dict[str, Any],
    field: str,
) -> None:
    with pytest.raises(vol.Invalid) as refused:
        await notify(hass, "websmpp_demo", **fields)
    assert refused.value.path == [field]
    assert simulator.messages_count == 0


async def test_a_target_and_data_that_are_left_empty_are_none(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    """As YAML reads a key with nothing behind it."""
    await notify(hass, "websmpp_demo", target=None, data=None)
    destinations = [each.destination for each in simulator.messages]
    assert destinations == [ALICE.removeprefix("+")]


async def test_a_refused_message_raises_with_the_reason(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP09))
    with pytest.raises(HomeAssistantError, match="Invalid Destination Address"):
        await notify(hass, "websmpp_demo", target=[BOB])


async def test_the_service_is_described_in_the_words_of_the_action(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    described = async_get_cached_service_description(hass, "notify", "websmpp_demo")
    assert described
    assert described["name"] == "Send SMS: websmpp demo"
    fields = described["fields"]
    assert {name: field["name"] for name, field in fields.items()} == {
        "message": "Message",
        "title": "Title",
        "target": "To",
        "data": "More options",
    }
    assert fields["data"]["description"] == (
        "sender, encoding, schedule, validity, flash, reference, track"
    )
    assert all(field["description"] for field in fields.values())


async def test_the_service_keeps_its_name_when_the_account_gets_another(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    """An `alert` that calls it by the old one would say nothing more."""
    hass.config_entries.async_update_entry(account, title="Alarms")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not hass.services.has_service("notify", "alarms")
    described = async_get_cached_service_description(hass, "notify", "websmpp_demo")
    assert described
    assert described["name"] == "Send SMS: Alarms"
    await notify(hass, "websmpp_demo", target=[BOB])
    assert simulator.messages_count == 1


async def test_the_name_of_the_service_is_stored_with_the_account(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    assert account.data["notify_service"] == "websmpp_demo"


async def test_the_service_goes_with_the_account(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(account.entry_id)
    assert not hass.services.has_service("notify", "websmpp_demo")


async def test_a_list_that_a_template_left_empty_means_nobody(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            "notify", "websmpp_demo", {"message": "Fire", "target": []}, blocking=True
        )
    assert raised.value.translation_key == "recipients_missing"
    assert simulator.messages_count == 0
