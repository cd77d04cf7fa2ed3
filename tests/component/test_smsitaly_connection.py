"""An smsitaly account's session: how it shows, ends, moves and is locked out."""

import asyncio
import json

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.json import JSONEncoder
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import (
    CONF_KEEP_ALIVE,
    CONF_MAIL_TO,
    CONF_SECONDARY_HOST,
    DOMAIN,
    SECTION_ADVANCED,
)
from custom_components.sms_gateway.coordinator import CREDIT_PAUSE
from custom_components.sms_gateway.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.sms_gateway.quoting import quoted
from simulator.smsitaly import Fault, FaultKind, SmsItalySimulator, Status

from .helpers import (
    BOB,
    SMSITALY_CONNECTION,
    SMSITALY_CREDIT,
    SMSITALY_PASSWORD,
    SMSITALY_SENT,
    SMSITALY_STATUS,
    becomes,
    pass_time,
    send,
)

TEXT = "The vault stands open"
ENTRY = "01K000000000000000000ACC04"


def issues(registry: ir.IssueRegistry) -> set[str]:
    """Return the issues of the account."""
    return {
        issue_id.removesuffix(f"_{ENTRY}")
        for domain, issue_id in registry.issues
        if domain == DOMAIN
    }


async def test_there_is_a_connection_and_a_credit_and_nothing_of_receipts(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    keys = {
        each.unique_id.partition("_")[2]
        for each in er.async_entries_for_config_entry(
            entity_registry, smsitaly_account.entry_id
        )
    }
    assert {"connection", "credit", "low_credit", "status", "sent", "failed"} <= keys
    assert {"queued", "last_state"} <= keys
    assert not keys & {
        "delivered",
        "undelivered",
        "delivery_rate",
        "latency",
        "last_delivered",
    }
    state = hass.states.get(SMSITALY_CONNECTION)
    assert state.state == "on"
    assert hass.states.get(SMSITALY_STATUS).state == "active"
    assert hass.states.get(SMSITALY_CREDIT).state == "100"


async def test_a_session_that_was_shut_down_is_opened_again_when_it_is_needed(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    await send(hass)
    gate.shut_down("demo")
    await gate.wait_for(lambda each: not each.sessions)
    assert hass.states.get(SMSITALY_CONNECTION).state == "on"
    (sent,) = (await send(hass))["messages"]
    assert sent["state"] == "accepted"
    await becomes(hass, SMSITALY_CREDIT, "98")
    assert hass.states.get(SMSITALY_STATUS).state == "active"
    assert len(gate.messages) == 2
    assert len(gate.logged_in("demo")) == 1


async def test_a_session_that_is_shut_down_while_it_sends_sends_once(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    gate.faults.add(
        Fault(kind=FaultKind.ERROR, code=102, command="<Send Data>", times=1)
    )
    (sent,) = (await send(hass))["messages"]
    assert sent["state"] == "accepted"
    await becomes(hass, SMSITALY_CREDIT, "99")
    assert len(gate.messages) == 1


async def test_the_second_server_takes_over(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    other_gate: SmsItalySimulator,
) -> None:
    await gate.stop()
    (sent,) = (await send(hass))["messages"]
    assert sent["state"] == "accepted"
    assert len(other_gate.messages) == 1
    await becomes(hass, SMSITALY_CREDIT, "49")
    assert hass.states.get(SMSITALY_CONNECTION).state == "on"
    await gate.start()


async def test_servers_that_are_down_show_and_get_what_waits_when_one_is_back(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    other_gate: SmsItalySimulator,
) -> None:
    await other_gate.stop()
    await gate.stop()
    (sent,) = (await send(hass))["messages"]
    assert sent["state"] == "queued"
    await becomes(hass, SMSITALY_CONNECTION, "off")
    await becomes(hass, SMSITALY_STATUS, "unreachable")
    await gate.start()
    await becomes(hass, SMSITALY_SENT, "1")
    await becomes(hass, SMSITALY_CONNECTION, "on")
    await becomes(hass, SMSITALY_STATUS, "active")
    await pass_time(hass, CREDIT_PAUSE + 1)
    await becomes(hass, SMSITALY_CREDIT, "99")
    assert len(gate.messages) == 1


async def test_a_server_that_is_down_does_not_stop_the_set_up(
    hass: HomeAssistant,
    smsitaly_entry: MockConfigEntry,
    gate: SmsItalySimulator,
    other_gate: SmsItalySimulator,
) -> None:
    await other_gate.stop()
    await gate.stop()
    assert await hass.config_entries.async_setup(smsitaly_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert smsitaly_entry.state is ConfigEntryState.LOADED
    assert hass.states.get(SMSITALY_CREDIT).state == "unavailable"
    assert hass.states.get(SMSITALY_STATUS).state == "unreachable"
    assert hass.states.get(SMSITALY_CONNECTION).state == "off"


async def test_a_login_that_is_refused_later_is_asked_for(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    gate.accounts["demo"].password = "changed"
    gate.shut_down("demo")
    await gate.wait_for(lambda each: not each.sessions)
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass)
    assert refused.value.translation_key == "send_login"
    await becomes(hass, SMSITALY_STATUS, "login_refused")
    await becomes(hass, SMSITALY_CONNECTION, "off")
    await hass.async_block_till_done(wait_background_tasks=True)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


async def test_a_blocked_account_raises_its_issue_and_settles(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    gate.accounts["demo"].status = Status.BLOCKED
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass)
    assert refused.value.translation_key == "send_blocked"
    assert "Account Blocked!" in str(refused.value.translation_placeholders)
    await becomes(hass, SMSITALY_STATUS, "blocked")
    assert issues(issue_registry) == {"account_blocked"}

    gate.accounts["demo"].status = Status.ACTIVE
    await send(hass)
    await becomes(hass, SMSITALY_STATUS, "active")
    assert issues(issue_registry) == set()


async def test_an_account_that_is_not_active_is_not_called_blocked(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    gate.accounts["demo"].status = Status.INACTIVE
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass)
    assert refused.value.translation_key == "send_inactive"
    assert "Account Not Active!" in str(refused.value.translation_placeholders)
    await becomes(hass, SMSITALY_STATUS, "inactive")
    assert issues(issue_registry) == set()

    gate.accounts["demo"].status = Status.ACTIVE
    await send(hass)
    await becomes(hass, SMSITALY_STATUS, "active")


@pytest.mark.parametrize(
    ("said", "shown", "raised"),
    [
        (Status.BLOCKED, "blocked", {"account_blocked"}),
        (Status.EXPIRED, "expired", {"account_expired"}),
        (Status.INACTIVE, "inactive", set()),
        (Status.STANDBY, "standby", set()),
    ],
)
async def test_the_status_that_the_server_tells_is_shown(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    issue_registry: ir.IssueRegistry,
    said: Status,
    shown: str,
    raised: set[str],
) -> None:
    coordinator = smsitaly_account.runtime_data.coordinator
    gate.accounts["demo"].status = said
    await coordinator.async_refresh()
    await becomes(hass, SMSITALY_STATUS, shown)
    assert issues(issue_registry) == raised
    gate.accounts["demo"].status = Status.ACTIVE
    await coordinator.async_refresh()
    await becomes(hass, SMSITALY_STATUS, "active")
    assert issues(issue_registry) == set()


@pytest.mark.parametrize(
    ("code", "issue"), [(87, "address_locked"), (101, "too_many_sessions")]
)
async def test_a_session_that_is_not_given_raises_an_issue_and_settles(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    issue_registry: ir.IssueRegistry,
    code: int,
    issue: str,
) -> None:
    gate.faults.add(Fault(kind=FaultKind.ERROR, code=code, command="<Send Login>"))
    gate.shut_down("demo")
    await gate.wait_for(lambda each: not each.sessions)
    coordinator = smsitaly_account.runtime_data.coordinator
    await coordinator.async_refresh()
    await becomes(hass, SMSITALY_CONNECTION, "off")
    assert issues(issue_registry) == {issue}
    found = issue_registry.async_get_issue(DOMAIN, f"{issue}_{ENTRY}")
    assert found.translation_placeholders == {"account": quoted("smsitaly demo")}
    told = await async_get_config_entry_diagnostics(hass, smsitaly_account)
    (session,) = told["account"]["connection"]["sessions"]
    assert session["failure"].startswith(f"{code}: ")

    gate.faults.clear()
    await coordinator.async_refresh()
    assert not issues(issue_registry)
    await becomes(hass, SMSITALY_CONNECTION, "on")
    await becomes(hass, SMSITALY_STATUS, "active")


async def test_a_session_is_kept_where_it_is_wanted(
    hass: HomeAssistant, smsitaly_entry: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    hass.config_entries.async_update_entry(
        smsitaly_entry,
        options={**smsitaly_entry.options, SECTION_ADVANCED: {CONF_KEEP_ALIVE: True}},
    )
    assert await hass.config_entries.async_setup(smsitaly_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await gate.wait_for(lambda each: len(each.logged_in("demo")) == 1)
    gate.shut_down("demo")
    await gate.wait_for(lambda each: len(each.observation.sessions) == 2)
    await gate.wait_for(lambda each: len(each.logged_in("demo")) == 1)


async def test_unloading_logs_out_and_leaves_nothing(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    for _ in range(3):
        assert await hass.config_entries.async_reload(smsitaly_account.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert len(gate.logged_in("demo")) == 1
    assert await hass.config_entries.async_unload(smsitaly_account.entry_id)
    await gate.wait_for(lambda each: not each.sessions)
    assert not [
        task for task in asyncio.all_tasks() if task.get_name().startswith("smsitaly")
    ]


async def test_diagnostics_tell_the_session_and_no_login(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(
        smsitaly_account,
        options={
            **smsitaly_account.options,
            SECTION_ADVANCED: {CONF_MAIL_TO: "watch@example.com"},
        },
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await send(hass)
    found = await async_get_config_entry_diagnostics(hass, smsitaly_account)
    assert found["account"]["connection"] == {
        "is_up": True,
        "sessions": [{"role": "session", "state": "open", "failure": None}],
    }
    assert found["account"]["credit"] == "99"
    assert found["data"][SECTION_ADVANCED][CONF_SECONDARY_HOST] == "127.0.0.1"
    dump = json.dumps(found, cls=JSONEncoder)
    for secret in ("demo", SMSITALY_PASSWORD, "Home", "watch@", BOB.removeprefix("+")):
        assert secret not in dump
