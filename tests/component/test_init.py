"""The life of an account: set up, unloaded, reloaded, removed, stopped."""

import asyncio
from pathlib import Path
import sqlite3
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import DOMAIN, JOURNAL_FILE
from custom_components.sms_gateway.gateway import Gateway, outbox
from custom_components.sms_gateway.gateway.errors import JournalError
from custom_components.sms_gateway.gateway.reasons import Reason
from custom_components.sms_gateway.quoting import quoted
from simulator.websmpp import (
    ErrorCode,
    Fault,
    FaultKind,
    ForcedError,
    WebsmppSimulator,
)
from tests.threads import lasting_journal_threads

from .helpers import CREDIT, QUEUED, STATUS, becomes, send

_DISK_FULL = JournalError(Reason("journal_unwritable", words="full"))


def journal_rows(hass: HomeAssistant, account: MockConfigEntry) -> int:
    with sqlite3.connect(Path(hass.config.path(JOURNAL_FILE))) as journal:
        (count,) = journal.execute(
            "SELECT count(*) FROM message WHERE account = ?", (account.entry_id,)
        ).fetchone()
    journal.close()
    return int(count)


async def journals_are_closed() -> bool:
    return await asyncio.to_thread(lasting_journal_threads) == []


async def call_notify(hass: HomeAssistant, action: str, **fields: str) -> None:
    await hass.services.async_call(
        "notify", action, {"message": "Fire", **fields}, blocking=True
    )


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_an_account_is_a_device_and_its_recipients_hang_on_it(
    hass: HomeAssistant,
    account: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, account.entry_id), account.entry_id
    )
    assert device
    assert device.manufacturer == "AMS"
    (alice,) = account.subentries.values()
    recipient = device_registry.async_get_device_by_identifier(
        (DOMAIN, alice.subentry_id), account.entry_id
    )
    assert recipient
    assert recipient.name == "Alice"
    assert recipient.via_device_id == device.id


async def test_unloading_leaves_nothing_behind(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    gateway = account.runtime_data.gateway
    assert hass.services.has_service("notify", "websmpp_demo")
    await hass.config_entries.async_unload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert account.state is ConfigEntryState.NOT_LOADED
    assert not hass.services.has_service("notify", "websmpp_demo")
    assert gateway.accounts == []
    assert gateway._ledger._listeners._listeners == [gateway._hand_out]
    assert not account.update_listeners
    with pytest.raises(JournalError):
        await gateway.get("any")
    assert hass.bus.async_listeners().get(EVENT_HOMEASSISTANT_STOP, 0) == 0 or not [
        each for each in asyncio.all_tasks() if each.get_name().startswith("sms ")
    ]


async def test_it_goes_on_sending_when_its_entities_are_not_unloaded(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    with patch.object(
        hass.config_entries, "async_unload_platforms", return_value=False
    ):
        assert not await hass.config_entries.async_unload(account.entry_id)
    await call_notify(hass, "send_message", entity_id="notify.alice")
    assert simulator.messages_count == 1
    account._async_set_state(hass, ConfigEntryState.LOADED, None)


async def test_messages_queued_before_a_reload_go_out_after_it(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.HTTP_STATUS))
    answer = await send(hass)
    assert answer["messages"][0]["state"] == "queued"
    await becomes(hass, QUEUED, "1")

    simulator.faults.clear()
    assert await hass.config_entries.async_reload(account.entry_id)
    await simulator.wait_for(lambda s: s.messages_count == 1)
    await becomes(hass, QUEUED, "0")


async def test_two_accounts_share_one_gateway(
    hass: HomeAssistant,
    account: MockConfigEntry,
    other_account: MockConfigEntry,
    simulator: WebsmppSimulator,
) -> None:
    gateway = account.runtime_data.gateway
    assert other_account.runtime_data.gateway is gateway

    await send(hass, config_entry_id=account.entry_id)
    await send(hass, config_entry_id=other_account.entry_id)
    assert [each.account for each in simulator.messages] == ["demo", "other"]
    await becomes(hass, "sensor.websmpp_demo_messages_sent", "1")
    await becomes(hass, "sensor.websmpp_other_messages_sent", "1")

    await hass.config_entries.async_unload(account.entry_id)
    assert [each.id for each in gateway.accounts] == [other_account.entry_id]
    await send(hass, config_entry_id=other_account.entry_id)


async def test_accounts_with_one_name_have_two_notify_services(
    hass: HomeAssistant,
    account: MockConfigEntry,
    other_account: MockConfigEntry,
    simulator: WebsmppSimulator,
) -> None:
    await hass.config_entries.async_unload(other_account.entry_id)
    data = dict(other_account.data)
    del data["notify_service"]
    hass.config_entries.async_update_entry(
        other_account, title="websmpp demo", data=data
    )
    await set_up(hass, other_account)
    assert hass.services.has_service("notify", "websmpp_demo")
    second = "websmpp_demo_0acc02"
    assert hass.services.has_service("notify", second)

    await hass.config_entries.async_reload(account.entry_id)
    for name in ("websmpp_demo", second):
        await hass.services.async_call(
            "notify", name, {"message": "Hi", "target": "+9613123456"}, blocking=True
        )
    assert [each.account for each in simulator.messages] == ["demo", "other"]


async def test_a_removed_account_takes_its_messages_along(
    hass: HomeAssistant, account: MockConfigEntry, other_account: MockConfigEntry
) -> None:
    await send(hass, config_entry_id=account.entry_id)
    await send(hass, config_entry_id=other_account.entry_id)
    await hass.config_entries.async_remove(account.entry_id)
    assert journal_rows(hass, account) == 0
    assert journal_rows(hass, other_account) == 1


async def test_an_account_that_is_not_loaded_can_be_removed(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await send(hass)
    await hass.config_entries.async_unload(account.entry_id)
    assert journal_rows(hass, account) == 1
    await hass.config_entries.async_remove(account.entry_id)
    assert journal_rows(hass, account) == 0
    assert await journals_are_closed()


async def test_an_account_can_be_removed_though_the_journal_is_broken(
    hass: HomeAssistant,
    account: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await hass.config_entries.async_unload(account.entry_id)
    with patch.object(Gateway, "open", side_effect=JournalError("disk gone")):
        await hass.config_entries.async_remove(account.entry_id)
    assert hass.config_entries.async_entries(DOMAIN) == []
    assert "disk gone" in caplog.text


async def test_the_end_of_home_assistant_closes_the_journal(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    gateway = account.runtime_data.gateway
    assert len(await asyncio.to_thread(lasting_journal_threads, 0)) == 1
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert gateway.accounts == []
    assert await journals_are_closed()
    await hass.config_entries.async_unload(account.entry_id)


async def test_a_broken_journal_is_tried_again_later(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    with patch.object(Gateway, "open", side_effect=_DISK_FULL):
        await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "journal_unwritable"
    assert entry.error_reason_translation_placeholders == {"words": quoted("full")}


async def test_an_account_that_cannot_be_read_leaves_no_open_journal(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    with patch.object(Gateway, "add_account", side_effect=JournalError("damaged")):
        await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert await journals_are_closed()


async def test_a_set_up_that_fails_later_stops_the_account(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    with patch(
        "custom_components.sms_gateway.async_open_webhook", side_effect=ValueError
    ):
        await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert await journals_are_closed()


async def test_a_refused_login_asks_for_the_login_and_keeps_what_waits(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.HTTP_STATUS))
    await send(hass)
    await hass.config_entries.async_unload(account.entry_id)

    simulator.faults.clear()
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP05, times=1))
    await set_up(hass, account)
    assert account.state is ConfigEntryState.LOADED, "its notifiers are there"
    assert hass.states.get(STATUS).state == "login_refused"
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert simulator.messages_count == 0, "nothing is sent with a wrong login"

    assert await hass.config_entries.async_reload(account.entry_id)
    await simulator.wait_for(lambda s: s.messages_count == 1)


async def test_a_provider_that_is_down_at_the_start_does_not_matter(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: WebsmppSimulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 0.2)
    monkeypatch.setattr(outbox, "LONGEST_PAUSE", 1.0)
    simulator.faults.add(Fault(kind=FaultKind.RESET, taken=False))
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.get(CREDIT).state == STATE_UNAVAILABLE
    assert hass.states.get(STATUS).state == "unreachable"
    assert hass.states.get("notify.alice").state != STATE_UNAVAILABLE

    for service, target in (
        ("send_message", {"entity_id": "notify.alice"}),
        ("websmpp_demo", {"target": "+9613123456"}),
    ):
        await hass.services.async_call(
            "notify", service, {"message": "Fire", **target}, blocking=True
        )
    await becomes(hass, QUEUED, "2")
    simulator.faults.clear()
    # The next try is due soon, and proves the provider back for all others.
    await simulator.wait_for(lambda s: s.messages_count == 2)
    await becomes(hass, STATUS, "active")


async def test_a_silent_provider_holds_the_start_up_for_seconds_only(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: WebsmppSimulator,
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.HANG))
    with patch("custom_components.sms_gateway.coordinator.CHECK_TIMEOUT", 0.01):
        await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.get(STATUS).state == "unreachable"


async def test_an_account_that_has_expired_says_so_from_the_start(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: WebsmppSimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP26))
    await set_up(hass, entry)
    assert hass.states.get(STATUS).state == "expired"
    assert issue_registry.async_get_issue(DOMAIN, f"account_expired_{entry.entry_id}")


async def test_it_cannot_be_set_up_in_yaml(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    await async_setup_component(hass, DOMAIN, {DOMAIN: {"password": "secret"}})
    assert "does not support YAML setup" in caplog.text
