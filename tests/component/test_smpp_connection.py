"""An SMPP account's connection: how it shows, breaks and comes back."""

import asyncio
import json
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.json import JSONEncoder
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway import coordinator
from custom_components.sms_gateway.const import (
    CONF_BIND_MODE,
    DOMAIN,
    SECTION_ADVANCED,
)
from custom_components.sms_gateway.coordinator import CREDIT_PAUSE
from custom_components.sms_gateway.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.sms_gateway.quoting import quoted
from simulator.smsc import (
    Command,
    CommandStatus,
    Fault,
    FaultKind,
    ManualClock,
    SmscSimulator,
)

from .helpers import (
    SMPP_CONNECTION,
    SMPP_DELIVERED,
    SMPP_PASSWORD,
    SMPP_QUEUED,
    SMPP_STATUS,
    becomes,
    pass_time,
    send,
)

TEXT = "The vault stands open"
SESSIONS = "too_many_sessions_01K000000000000000000ACC03"


async def test_there_is_a_connection_and_no_credit(
    hass: HomeAssistant,
    smpp_account: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    keys = {
        each.unique_id.removeprefix(f"{smpp_account.entry_id}_")
        for each in er.async_entries_for_config_entry(
            entity_registry, smpp_account.entry_id
        )
    }
    assert {"connection", "status", "sent", "delivered", "receipt"} <= keys
    assert not {"credit", "low_credit"} & keys
    state = hass.states.get(SMPP_CONNECTION)
    assert state.state == "on"
    assert state.attributes["device_class"] == "connectivity"
    assert hass.states.get(SMPP_STATUS).state == "active"


async def test_a_server_that_dies_shows_and_gets_what_waits_when_it_is_back(
    hass: HomeAssistant, smpp_account: MockConfigEntry, smsc: SmscSimulator
) -> None:
    await smsc.stop()
    await becomes(hass, SMPP_CONNECTION, "off")
    await becomes(hass, SMPP_STATUS, "unreachable")
    answer = await send(hass)
    assert answer["messages"][0]["state"] == "queued"
    await becomes(hass, SMPP_QUEUED, "1")
    await smsc.start()
    await becomes(hass, SMPP_CONNECTION, "on")
    await becomes(hass, SMPP_STATUS, "active")
    await becomes(hass, SMPP_DELIVERED, "1")
    assert hass.states.get(SMPP_QUEUED).state == "0"


async def test_an_outage_is_logged_once(
    hass: HomeAssistant,
    smpp_account: MockConfigEntry,
    smsc: SmscSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def logged() -> list[str]:
        return [
            record.getMessage()
            for record in caplog.records
            if record.name.startswith("custom_components.sms_gateway")
            and record.levelname in ("INFO", "WARNING", "ERROR")
            and "smpp demo" in record.getMessage()
        ]

    await smsc.stop()
    await becomes(hass, SMPP_STATUS, "unreachable")
    await pass_time(hass, CREDIT_PAUSE + 1)
    await pass_time(hass, CREDIT_PAUSE + 1)
    (told,) = logged()
    assert "cannot be reached" in told or "ended the connection" in told
    await smsc.start()
    await becomes(hass, SMPP_STATUS, "active")
    await pass_time(hass, CREDIT_PAUSE + 1)
    assert len(logged()) == 2
    assert "recovered" in logged()[1]


async def test_a_server_that_is_down_does_not_stop_the_set_up(
    hass: HomeAssistant, smpp_entry: MockConfigEntry, smsc: SmscSimulator
) -> None:
    await smsc.stop()
    assert await hass.config_entries.async_setup(smpp_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert smpp_entry.state is ConfigEntryState.LOADED
    assert hass.states.get(SMPP_CONNECTION).state == "off"
    assert hass.states.get(SMPP_STATUS).state == "unreachable"
    await send(hass)
    await smsc.start()
    await becomes(hass, SMPP_CONNECTION, "on")
    await becomes(hass, SMPP_DELIVERED, "1")


async def test_a_server_that_is_silent_does_not_stop_the_set_up(
    hass: HomeAssistant, smpp_entry: MockConfigEntry, smsc: SmscSimulator
) -> None:
    smsc.faults.add(Fault(kind=FaultKind.DROP, command=Command.BIND_TRANSCEIVER))
    with patch.object(coordinator, "CHECK_TIMEOUT", 0.05):
        assert await hass.config_entries.async_setup(smpp_entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get(SMPP_CONNECTION).state == "off"
    assert hass.states.get(SMPP_STATUS).state == "unreachable"


async def test_a_login_that_is_refused_later_is_asked_for(
    hass: HomeAssistant, smpp_account: MockConfigEntry, smsc: SmscSimulator
) -> None:
    smsc.accounts["demo"].password = "changed"
    (session,) = smsc.bound("demo")
    session.reset()
    await becomes(hass, SMPP_STATUS, "login_refused")
    await becomes(hass, SMPP_CONNECTION, "off")
    await hass.async_block_till_done(wait_background_tasks=True)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    await pass_time(hass, CREDIT_PAUSE + 1)
    assert len(hass.config_entries.flow.async_progress()) == 1


@pytest.mark.parametrize("smsc_clock", [ManualClock])
@pytest.mark.parametrize("early", [True, False], ids=["before", "after"])
async def test_a_login_that_only_the_receiver_is_refused_is_asked_for(
    hass: HomeAssistant, smpp_entry: MockConfigEntry, smsc: SmscSimulator, early: bool
) -> None:
    advanced = smpp_entry.data[SECTION_ADVANCED] | {
        CONF_BIND_MODE: "transmitters_and_receiver"
    }
    data = smpp_entry.data | {SECTION_ADVANCED: advanced}
    hass.config_entries.async_update_entry(smpp_entry, data=data)
    binds = Command.BIND_TRANSMITTER, Command.BIND_RECEIVER
    late = binds[0] if early else binds[1]
    smsc.faults.add(Fault(kind=FaultKind.LATENCY, seconds=1, command=late))
    refusal = Fault(
        kind=FaultKind.STATUS,
        command=Command.BIND_RECEIVER,
        status=CommandStatus.ESME_RINVPASWD,
    )
    smsc.faults.add(refusal)
    setting_up = hass.async_create_task(
        hass.config_entries.async_setup(smpp_entry.entry_id)
    )
    await smsc.wait_for(lambda each: all(map(each.observation.counts.get, binds)))
    if early:
        # The receiver goes when it has heard.
        await smsc.wait_for(lambda each: len(each.sessions) == 1)
        smsc.clock.advance(1)
    assert await setting_up
    if not early:
        assert hass.states.get(SMPP_STATUS).state == "active"
        smsc.clock.advance(1)
    await becomes(hass, SMPP_STATUS, "login_refused")
    assert hass.states.get(SMPP_CONNECTION).state == "on"
    await hass.async_block_till_done(wait_background_tasks=True)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


async def test_unloading_unbinds_and_leaves_nothing(
    hass: HomeAssistant, smpp_account: MockConfigEntry, smsc: SmscSimulator
) -> None:
    for _ in range(3):
        assert await hass.config_entries.async_reload(smpp_account.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert len(smsc.bound("demo")) == 1
    assert await hass.config_entries.async_unload(smpp_account.entry_id)
    await smsc.wait_for(lambda each: not each.sessions)
    assert smsc.observation.counts[Command.UNBIND] == 4
    assert not [
        task for task in asyncio.all_tasks() if task.get_name().startswith("smpp")
    ]


async def test_too_many_sessions_are_told_and_settle_by_themselves(
    hass: HomeAssistant,
    smpp_account: MockConfigEntry,
    smsc: SmscSimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    assert issue_registry.async_get_issue(DOMAIN, SESSIONS) is None
    smsc.accounts["demo"].receivers = 0
    (session,) = smsc.bound("demo")
    raised, settled = asyncio.Event(), asyncio.Event()

    def look() -> None:
        found = issue_registry.async_get_issue(DOMAIN, SESSIONS)
        (raised if found else settled).set()

    stop = smpp_account.runtime_data.coordinator.async_add_listener(look)
    session.reset()
    await asyncio.wait_for(raised.wait(), 120)
    issue = issue_registry.async_get_issue(DOMAIN, SESSIONS)
    assert issue
    assert issue.translation_key == "too_many_sessions"
    assert issue.translation_placeholders == {"account": quoted("smpp demo")}
    await becomes(hass, SMPP_CONNECTION, "off")

    found = await async_get_config_entry_diagnostics(hass, smpp_account)
    (line,) = found["account"]["connection"]["sessions"]
    assert line["role"] == "transceiver"
    assert "ESME_RALYBND" in line["failure"]

    settled.clear()
    smsc.accounts["demo"].receivers = 1
    await asyncio.wait_for(settled.wait(), 120)
    assert issue_registry.async_get_issue(DOMAIN, SESSIONS) is None
    await becomes(hass, SMPP_CONNECTION, "on")
    stop()


async def test_diagnostics_tell_the_connection_and_no_login(
    hass: HomeAssistant, smpp_account: MockConfigEntry
) -> None:
    found = await async_get_config_entry_diagnostics(hass, smpp_account)
    assert found["account"]["connection"] == {
        "is_up": True,
        "sessions": [{"role": "transceiver", "state": "bound", "failure": None}],
    }
    assert found["data"]["port"]
    dump = json.dumps(found, cls=JSONEncoder)
    for secret in ("demo", SMPP_PASSWORD, "Home"):
        assert secret not in dump


async def test_an_update_on_demand_looks_at_the_connection(
    hass: HomeAssistant, smpp_account: MockConfigEntry
) -> None:
    coordinator = smpp_account.runtime_data.coordinator
    assert coordinator.update_interval is None
    await coordinator.async_refresh()
    assert coordinator.last_update_success
    assert coordinator.data is None
