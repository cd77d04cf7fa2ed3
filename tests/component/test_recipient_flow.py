"""Adding, changing and removing recipients."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import (
    CONF_FLASH,
    CONF_NUMBERS,
    CONF_SENDER,
    DOMAIN,
    SUBENTRY_RECIPIENT,
)
from simulator.smsitaly import Field, SmsItalySimulator
from simulator.websmpp import WebsmppSimulator

from .helpers import ALICE, assert_told


async def begin(hass: HomeAssistant, account: MockConfigEntry) -> dict[str, Any]:
    form = await hass.config_entries.subentries.async_init(
        (account.entry_id, SUBENTRY_RECIPIENT), context={"source": SOURCE_USER}
    )
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "user"
    return dict(form)


async def answer(
    hass: HomeAssistant, form: dict[str, Any], given: dict[str, Any]
) -> dict[str, Any]:
    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"], given
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return dict(result)


def recipient_id(account: MockConfigEntry, name: str) -> str:
    return next(
        each.subentry_id for each in account.subentries.values() if each.title == name
    )


async def test_a_recipient_is_added_and_becomes_a_notify_entity(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    working = account.runtime_data
    done = await answer(
        hass,
        await begin(hass, account),
        {
            CONF_NAME: " Family ",
            CONF_NUMBERS: ["03 000 124", "+961 3 000 124", "", "+9613000125"],
            CONF_SENDER: "Cellar",
        },
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Family"
    assert done["data"] == {
        CONF_NUMBERS: ["+9613000124", "+9613000125"],
        CONF_SENDER: "Cellar",
    }
    await hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": "notify.family", "message": "Fire"},
        blocking=True,
    )
    assert [(each.destination, each.source) for each in simulator.messages] == [
        ("9613000124", "Cellar"),
        ("9613000125", "Cellar"),
    ]
    assert account.runtime_data is working, "the account did not have to reload"


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({CONF_NAME: "  "}, {CONF_NAME: "name_empty"}),
        ({CONF_NUMBERS: []}, {CONF_NUMBERS: "numbers_missing"}),
        ({CONF_NUMBERS: ["nobody"]}, {CONF_NUMBERS: "number_unreadable"}),
        ({CONF_NUMBERS: [ALICE, "12"]}, {CONF_NUMBERS: "number_length"}),
        ({CONF_SENDER: "Far too long a name"}, {CONF_SENDER: "sender_form"}),
    ],
)
async def test_a_wrong_value_is_told_at_its_field_and_can_be_mended(
    hass: HomeAssistant,
    account: MockConfigEntry,
    given: dict[str, Any],
    errors: dict[str, str],
) -> None:
    right = {CONF_NAME: "Bob", CONF_NUMBERS: ["+9613123456"]}
    form = await answer(hass, await begin(hass, account), {**right, **given})
    assert form["errors"] == errors
    assert_told(form, "config_subentries.recipient")
    done = await answer(hass, form, right)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_a_value_of_a_wrong_kind_is_told_at_its_field(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    form = await begin(hass, account)
    with pytest.raises(InvalidData) as refused:
        await answer(hass, form, {CONF_NAME: "Bob", CONF_NUMBERS: {"a": 1}})
    assert list(refused.value.schema_errors) == [CONF_NUMBERS]


async def test_a_recipient_is_changed(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    alice = recipient_id(account, "Alice")
    form = await account.start_subentry_reconfigure_flow(hass, alice)
    assert form["step_id"] == "reconfigure"
    suggested = {
        str(key): (key.description or {}).get("suggested_value")
        for key in form["data_schema"].schema
    }
    assert suggested == {CONF_NAME: "Alice", CONF_NUMBERS: [ALICE], CONF_SENDER: None}

    form = await answer(hass, form, {CONF_NAME: "Alice", CONF_NUMBERS: ["1"]})
    assert form["errors"] == {CONF_NUMBERS: "number_country"}
    done = await answer(
        hass, form, {CONF_NAME: "Alicia", CONF_NUMBERS: ["+9613000999"]}
    )
    assert done["reason"] == "reconfigure_successful"
    assert account.subentries[alice].title == "Alicia"

    await hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": "notify.alice", "message": "Fire"},
        blocking=True,
    )
    assert simulator.messages[-1].destination == "9613000999"


async def test_a_removed_recipient_leaves_nothing(
    hass: HomeAssistant,
    account: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    alice = recipient_id(account, "Alice")
    identifier = (DOMAIN, alice)
    assert device_registry.async_get_device_by_identifier(identifier, account.entry_id)

    working = account.runtime_data
    hass.config_entries.async_remove_subentry(account, alice)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.runtime_data is working
    assert hass.states.get("notify.alice") is None
    assert entity_registry.async_get("notify.alice") is None
    assert entity_registry.async_get("sensor.alice_last_state") is None
    assert (
        device_registry.async_get_device_by_identifier(identifier, account.entry_id)
        is None
    )


async def test_flash_is_offered_where_the_account_can_send_it(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    form = await begin(hass, smsitaly_account)
    given = {CONF_NAME: "Carol", CONF_NUMBERS: ["+9613123456"], CONF_FLASH: True}
    done = await answer(hass, form, given)
    assert done["data"][CONF_FLASH] is True
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": "notify.carol", "message": "Fire"},
        blocking=True,
    )
    (message,) = gate.messages
    assert message.fields[Field.SMS_TYPE] == "FL"


async def test_flash_is_not_offered_where_there_is_none(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    form = await begin(hass, account)
    assert CONF_FLASH not in map(str, form["data_schema"].schema)
