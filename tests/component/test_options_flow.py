"""Changing how an account sends, tracks and keeps messages."""

from datetime import timedelta
from typing import Any

from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import (
    CONF_CLOUDHOOK_URL,
    CONF_GMT_FORMAT,
    CONF_IN_FLIGHT,
    CONF_KEEP_DAYS,
    CONF_LOW_CREDIT,
    CONF_ON_UNCERTAIN,
    CONF_REGION,
    CONF_SENDER,
    CONF_TIME_TO_LIVE,
    CONF_TRACK_HOURS,
    SECTION_ADVANCED,
)
from custom_components.sms_gateway.gateway import OnUncertain
from custom_components.sms_gateway.quoting import quoted
from simulator.websmpp import WebsmppSimulator

from .helpers import WEBHOOK_ID, Cloud, assert_told, send

OPTIONS: dict[str, Any] = {
    CONF_SENDER: "Home",
    CONF_REGION: "LB",
    CONF_LOW_CREDIT: 25.5,
    CONF_TIME_TO_LIVE: 2,
    SECTION_ADVANCED: {
        CONF_ON_UNCERTAIN: "hold",
        CONF_IN_FLIGHT: 3,
        CONF_TRACK_HOURS: 12,
        CONF_KEEP_DAYS: 7,
        CONF_GMT_FORMAT: "signed",
    },
}


async def begin(hass: HomeAssistant, account: MockConfigEntry) -> dict[str, Any]:
    form = await hass.config_entries.options.async_init(account.entry_id)
    assert form["type"] is FlowResultType.FORM
    return dict(form)


async def answer(
    hass: HomeAssistant, form: dict[str, Any], given: dict[str, Any]
) -> dict[str, Any]:
    result = await hass.config_entries.options.async_configure(form["flow_id"], given)
    await hass.async_block_till_done(wait_background_tasks=True)
    return dict(result)


async def test_options_are_changed_and_used(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    form = await begin(hass, account)
    assert WEBHOOK_ID in form["description_placeholders"]["webhook_url"]
    done = await answer(hass, form, OPTIONS)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert account.options == OPTIONS

    used = account.runtime_data.account.options
    assert used.sender == "Home"
    assert used.region == "LB"
    assert used.in_flight == 3
    assert used.on_uncertain is OnUncertain.HOLD
    assert used.time_to_live == timedelta(hours=2)
    assert used.track_for == timedelta(hours=12)
    assert used.keep_for == timedelta(days=7)


async def test_the_form_of_delivery_times_is_used(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await answer(hass, await begin(hass, account), OPTIONS)
    await hass.config.async_set_time_zone("Asia/Kolkata")
    await send(hass, schedule="2099-01-01 12:00:00+02:00")
    request = simulator.requests[-1]
    assert "gmt=+0530&schtime=209901011530" in request.body + request.target


async def test_what_is_set_is_suggested(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    await answer(hass, await begin(hass, account), OPTIONS)
    form = await begin(hass, account)
    schema = form["data_schema"].schema
    advanced = schema[SECTION_ADVANCED].schema.schema
    suggested = {
        str(key): key.description["suggested_value"]
        for key in (*schema, *advanced)
        if key != SECTION_ADVANCED
    }
    assert suggested == {
        **{key: OPTIONS[key] for key in OPTIONS if key != SECTION_ADVANCED},
        **OPTIONS[SECTION_ADVANCED],
    }


@pytest.mark.parametrize("sender", [{}, {CONF_SENDER: "  "}], ids=["none", "blank"])
async def test_a_sender_cannot_be_taken_away_where_the_system_needs_one(
    hass: HomeAssistant, account: MockConfigEntry, sender: dict[str, str]
) -> None:
    others = {key: OPTIONS[key] for key in OPTIONS if key != CONF_SENDER}
    form = await answer(hass, await begin(hass, account), {**others, **sender})
    assert form["errors"] == {CONF_SENDER: "sender_missing"}
    assert_told(form, "options")
    assert account.options[CONF_SENDER] == "Home"


async def test_a_sender_can_be_taken_away_where_the_system_needs_none(
    hass: HomeAssistant, csoft_account: MockConfigEntry
) -> None:
    form = await begin(hass, csoft_account)
    given = {"low_credit": 10, "time_to_live": 24, SECTION_ADVANCED: {}}
    await answer(hass, form, given)
    assert CONF_SENDER not in csoft_account.options


async def test_a_wrong_sender_is_told_at_its_field_and_can_be_mended(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    form = await begin(hass, account)
    form = await answer(hass, form, {**OPTIONS, CONF_SENDER: "Straße"})
    assert form["errors"] == {CONF_SENDER: "sender_form"}
    assert form["description_placeholders"]["sender"] == quoted("Straße")
    done = await answer(hass, form, OPTIONS)
    assert done["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (CONF_REGION, "XX"),
        (CONF_LOW_CREDIT, -1),
        (CONF_LOW_CREDIT, "much"),
        (CONF_TIME_TO_LIVE, 0),
        (CONF_TIME_TO_LIVE, 169),
    ],
)
async def test_a_wrong_value_is_told_at_its_field(
    hass: HomeAssistant, account: MockConfigEntry, field: str, value: object
) -> None:
    form = await begin(hass, account)
    with pytest.raises(InvalidData) as refused:
        await answer(hass, form, {**OPTIONS, field: value})
    assert list(refused.value.schema_errors) == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (CONF_ON_UNCERTAIN, "perhaps"),
        (CONF_IN_FLIGHT, 0),
        (CONF_IN_FLIGHT, 101),
        (CONF_TRACK_HOURS, 721),
        (CONF_KEEP_DAYS, 0),
        (CONF_GMT_FORMAT, "local"),
    ],
)
async def test_a_wrong_advanced_value_is_told_in_its_section(
    hass: HomeAssistant, account: MockConfigEntry, field: str, value: object
) -> None:
    form = await begin(hass, account)
    advanced = {**OPTIONS[SECTION_ADVANCED], field: value}
    with pytest.raises(InvalidData) as refused:
        await answer(hass, form, {**OPTIONS, SECTION_ADVANCED: advanced})
    # Home Assistant tells what is wrong in a section above the form, by name.
    (problem,) = refused.value.schema_errors["base"]
    assert f"'{SECTION_ADVANCED}.{field}'" in problem


async def test_a_cloud_that_came_later_gives_the_webhook_an_address(
    hass: HomeAssistant, account: MockConfigEntry, cloud: Cloud
) -> None:
    form = await begin(hass, account)
    url = form["description_placeholders"]["webhook_url"]
    url = url.partition("`")[0]
    assert url.startswith("https://hooks.nabu.casa/")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.data[CONF_CLOUDHOOK_URL] == url
    assert account.data[CONF_WEBHOOK_ID] == WEBHOOK_ID
