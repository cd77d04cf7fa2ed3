"""No message to a notify entity is lost while its account starts or changes."""

import asyncio
from typing import Any

from homeassistant.components.notify import DOMAIN as NOTIFY
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import (
    CONF_KEEP_DAYS,
    CONF_LOW_CREDIT,
    CONF_REGION,
    CONF_SENDER,
    CONF_TIME_TO_LIVE,
    SECTION_ADVANCED,
)
from custom_components.sms_gateway.gateway import outbox
from simulator.websmpp import Endpoint, Fault, FaultKind, WebsmppSimulator

from .helpers import BOB, PATIENCE, QUEUED, STATUS, becomes

ALICES = "notify.alice"


async def notify_alice(hass: HomeAssistant) -> None:
    await hass.services.async_call(
        NOTIFY,
        "send_message",
        {"entity_id": ALICES, "message": "Fire"},
        blocking=True,
    )


def gaps(hass: HomeAssistant) -> list[str]:
    """Return the list of times that Alice's entity will have gone."""
    gone: list[str] = []

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is None or state.state == STATE_UNAVAILABLE:
            gone.append("gone" if state is None else state.state)

    async_track_state_change_event(hass, [ALICES], changed)
    return gone


async def test_notifiers_are_there_before_the_provider_is_asked(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.HANG))
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.get(ALICES).state != STATE_UNAVAILABLE
    assert hass.services.has_service(NOTIFY, "websmpp_demo")

    simulator.faults.clear()
    await notify_alice(hass)
    assert simulator.messages_count == 1
    assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    "changes",
    [
        {CONF_SENDER: "Cellar"},
        {CONF_REGION: "DE"},
        {CONF_LOW_CREDIT: 200},
        {CONF_TIME_TO_LIVE: 1},
        {SECTION_ADVANCED: {CONF_KEEP_DAYS: 7}},
    ],
    ids=["sender", "region", "low credit", "time to live", "keep days"],
)
async def test_an_option_that_the_provider_need_not_know_of_leaves_all_in_place(
    hass: HomeAssistant, account: MockConfigEntry, changes: dict[str, Any]
) -> None:
    working, gone = account.runtime_data.account, gaps(hass)
    hass.config_entries.async_update_entry(
        account, options={**account.options, **changes}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.runtime_data.account is working
    assert gone == []


async def test_an_option_taken_over_is_used(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    options = {**account.options, CONF_SENDER: "Cellar", CONF_LOW_CREDIT: 200}
    hass.config_entries.async_update_entry(account, options=options)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get("binary_sensor.websmpp_demo_low_credit").state == "on"
    await notify_alice(hass)
    assert simulator.messages[0].source == "Cellar"


async def test_an_option_of_the_system_begins_a_new_session(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    working = account.runtime_data.account
    options = {**account.options, SECTION_ADVANCED: {"in_flight": 2}}
    hass.config_entries.async_update_entry(account, options=options)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.runtime_data.account is not working
    assert account.state is ConfigEntryState.LOADED


async def test_what_is_sent_while_a_silent_provider_holds_up_a_reload_goes_out(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "STOP_GRACE", PATIENCE)
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 0.2)
    stopping, provider = asyncio.Event(), account.runtime_data.account.provider
    monkeypatch.setattr(provider, "hold_back", stopping.set)
    simulator.faults.add(Fault(kind=FaultKind.HANG, endpoint=Endpoint.SUBMIT))
    open_request = hass.async_create_task(notify_alice(hass))
    await simulator.wait_for(lambda s: s.observation.counts[Endpoint.SUBMIT])

    gone = gaps(hass)
    reload = hass.async_create_task(hass.config_entries.async_reload(account.entry_id))
    await stopping.wait()
    await hass.services.async_call(
        NOTIFY, "websmpp_demo", {"message": "Smoke", "target": BOB}, blocking=True
    )
    assert gone == [], "the entity stays until the open request has ended"

    simulator.faults.clear()
    await simulator.stop()
    await simulator.start()
    await open_request
    assert await reload
    await simulator.wait_for(lambda s: "Smoke" in [each.text for each in s.messages])
    await becomes(hass, QUEUED, "0")
    await becomes(hass, STATUS, "active")
