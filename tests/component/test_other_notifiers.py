"""`notify.<account>` beside other notifiers, which are all given the same data."""

import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.sms_gateway import drafts
from custom_components.sms_gateway.quoting import quoted
from simulator.websmpp import WebsmppSimulator

from .helpers import ALICE, BOB

FOR_PHONES = {"ttl": 0, "priority": "high"}

GROUP = """
- platform: group
  name: everyone
  services:
    - action: phone
    - action: websmpp_demo
      data:
        target: "+9613123456"
        data:
          sender: Attic
"""
ALERT = """
cellar:
  name: Water in the cellar
  entity_id: binary_sensor.water
  repeat: 30
  notifiers: [websmpp_demo]
  data:
    push:
      sound: alarm.wav
"""


async def notify(
    hass: HomeAssistant, service: str = "websmpp_demo", **more: Any
) -> None:
    await hass.services.async_call(
        "notify", service, {"message": "Fire", **more}, blocking=True
    )


def passed_over(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log says of data that is not ours."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == drafts.__name__ and record.levelno == logging.WARNING
    ]


async def test_a_group_of_a_phone_and_an_account_reaches_both(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    phone = async_mock_service(hass, "notify", "phone")
    assert await async_setup_component(hass, "notify", {"notify": parse_yaml(GROUP)})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    await notify(hass, "everyone", title="Cellar", data=FOR_PHONES)
    assert [call.data["data"] for call in phone] == [FOR_PHONES]
    (message,) = simulator.messages
    assert message.destination == BOB.removeprefix("+")
    assert message.text == "Cellar\nFire"
    assert message.source == "Attic"


async def test_an_alert_with_data_for_phones_is_sent(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    assert await async_setup_component(hass, "alert", {"alert": parse_yaml(ALERT)})
    hass.states.async_set("binary_sensor.water", "on")
    await simulator.wait_for(lambda s: s.messages_count == 1)
    assert simulator.messages[0].destination == ALICE.removeprefix("+")
    assert simulator.messages[0].text == "Water in the cellar"
    hass.states.async_set("binary_sensor.water", "off")
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_what_is_meant_for_others_is_logged_once(
    hass: HomeAssistant,
    account: MockConfigEntry,
    other_account: MockConfigEntry,
    simulator: WebsmppSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    said = "Unknown in the data of a notifier, and passed over: "
    for data in (FOR_PHONES, FOR_PHONES, FOR_PHONES | {"push": {}}):
        await notify(hass, target=[BOB], data=data)
        await notify(hass, "websmpp_other", target=[BOB], data=data)
    assert passed_over(caplog) == [f"{said}priority", f"{said}ttl", f"{said}push"]
    assert simulator.messages_count == 6


async def test_what_is_ours_beside_it_is_taken(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    await notify(hass, data={"sender": "Attic", "encoding": "unicode"} | FOR_PHONES)
    (message,) = simulator.messages
    assert (message.source, message.type) == ("Attic", 2)
    assert not any(
        "sender" in each or "encoding" in each for each in passed_over(caplog)
    )


WRONG: dict[str, list[Any]] = {
    "sender": [[], {}, None],
    "encoding": ["ebcdic", 7, None],
    "schedule": ["soon", 7, []],
    "validity": ["soon", "00:00:59", {"days": 8}, {"hours": "two"}, -5],
    "flash": ["perhaps", [], None],
    "reference": ["x" * 256, {}, None],
    "track": ["perhaps", {}],
}


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field, values in WRONG.items() for value in values],
)
async def test_a_wrong_value_of_ours_is_named_beside_it(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    field: str,
    value: Any,
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await notify(hass, data={field: value} | FOR_PHONES)
    assert refused.value.translation_key == f"data_{field}"
    assert refused.value.translation_placeholders == {"value": quoted(str(value)[:40])}
    assert simulator.messages_count == 0


def test_every_field_has_a_wrong_value_here() -> None:
    assert WRONG.keys() == set(map(str, drafts.DRAFT_FIELDS))
