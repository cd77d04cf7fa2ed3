"""Notify entities of recipients, and the notify service of an account."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.service import async_get_cached_service_description
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

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
    assert refused.value.translation_placeholders["field"] == "message"


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
    await hass.async_block_till_done()


async def test_without_a_target_and_recipients_it_raises(
    hass: HomeAssistant, other_account: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await notify(hass, "websmpp_other")
    assert refused.value.translation_placeholders["field"] == "target"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"data": {"encoding": "ebcdic"}}, "data.encoding"),
        ({"data": {"colour": "red"}}, "data.colour"),
        ({"data": {"validity": "soon"}}, "data.validity"),
        ({"data": {"flash": True}}, "flash"),
        ({"data": {"sender": "Far too long a name"}}, "sender"),
        ({"target": ["nobody"]}, "target"),
        ({"message": ""}, "message"),
    ],
)
async def test_a_wrong_value_is_named(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    fields: dict[str, Any],
    field: str,
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await notify(hass, "websmpp_demo", **fields)
    assert refused.value.translation_key == "invalid_input"
    assert refused.value.translation_placeholders["field"] == field
    assert refused.value.translation_placeholders["reason"]
    assert simulator.messages_count == 0


async def test_a_refused_message_raises_with_the_reason(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP09))
    with pytest.raises(HomeAssistantError, match="Invalid Destination Address"):
        await notify(hass, "websmpp_demo", target=[BOB])


async def test_the_service_is_described_by_the_name_of_the_account(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    described = async_get_cached_service_description(hass, "notify", "websmpp_demo")
    assert described
    assert described["name"] == "Send SMS with websmpp demo"
    assert list(described["fields"]) == ["message", "title", "target", "data"]
    for field in described["fields"].values():
        assert field["name"]
        assert field["description"]


async def test_the_service_goes_with_the_name_of_the_account(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(account, title="Alarms")
    await hass.async_block_till_done()
    assert hass.services.has_service("notify", "alarms")
    assert not hass.services.has_service("notify", "websmpp_demo")
