"""Diagnostics, system health and logbook."""

import json
from typing import Any

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.json import JSONEncoder
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.sms_gateway.const import DOMAIN, EVENT_RECEIPT
from custom_components.sms_gateway.coordinator import CREDIT_PAUSE
from custom_components.sms_gateway.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.sms_gateway.logbook import async_describe_events
from simulator.websmpp import ErrorCode, ForcedError, WebsmppSimulator

from .helpers import (
    ALICE,
    BOB,
    CREDIT,
    DELIVERED,
    PASSWORD,
    RECEIPT,
    WEBHOOK_ID,
    becomes,
    pass_time,
    send,
)

PRIVATE = [
    "demo",
    PASSWORD,
    WEBHOOK_ID,
    "Home",
    "Alice",
    ALICE.removeprefix("+"),
    BOB.removeprefix("+"),
    "Fire",
    "cellar-7",
]


@pytest.fixture
async def diagnostics(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """What serves the diagnostics; it has to be there when the HTTP server starts."""
    assert await async_setup_component(hass, "diagnostics", {})


async def test_diagnostics_tell_figures_and_nothing_private(
    hass: HomeAssistant,
    account: MockConfigEntry,
    diagnostics: None,
    pushing: WebsmppSimulator,
    hass_client: ClientSessionGenerator,
) -> None:
    await send(hass, target=[BOB, ALICE], reference="cellar-7")
    await becomes(hass, DELIVERED, "2")
    await pass_time(hass, CREDIT_PAUSE + 1)
    await becomes(hass, CREDIT, "98")
    found = await get_diagnostics_for_config_entry(hass, hass_client, account)
    assert found["state"] == "loaded"
    assert found["account"]["status"] == "active"
    assert found["account"]["credit"] == "98"
    assert found["statistics"]["delivered"] == 2
    assert found["recipients"][0]["how_many_numbers"] == 1
    assert found["last_messages"][0]["state"] == "delivered"
    dump = json.dumps(found, cls=JSONEncoder)
    assert [word for word in PRIVATE if word in dump] == []


async def test_diagnostics_of_an_account_that_is_not_loaded(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(account.entry_id)
    found = await async_get_config_entry_diagnostics(hass, account)
    assert found["state"] == "not_loaded"
    assert "account" not in found
    dump = json.dumps(found, cls=JSONEncoder)
    assert [word for word in PRIVATE if word in dump] == []


async def test_diagnostics_while_the_provider_is_down(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP11))
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    found = await async_get_config_entry_diagnostics(hass, entry)
    assert found["account"]["credit"] is None
    assert found["account"]["last_update_succeeded"] is False


async def test_system_health(
    hass: HomeAssistant, account: MockConfigEntry, other_account: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done(wait_background_tasks=True)
    info = await get_system_health_info(hass, DOMAIN)
    assert info["accounts"] == 2
    assert info["accounts_active"] == 2
    assert info["queued"] == 0
    assert info["journal_size"].endswith(" KiB")


async def test_system_health_without_an_account(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "system_health", {})
    await hass.config_entries.async_unload(account.entry_id)
    await hass.async_add_executor_job(_remove_journal, hass)
    info = await get_system_health_info(hass, DOMAIN)
    assert info["accounts"] == 0
    assert info["journal_size"] == "0 KiB"


def _remove_journal(hass: HomeAssistant) -> None:
    from custom_components.sms_gateway.shared import journal_path

    journal_path(hass).unlink()


@pytest.fixture
def describe(hass: HomeAssistant) -> Any:
    """What the logbook says of an event of ours."""
    described: dict[str, Any] = {}
    async_describe_events(hass, lambda _, event, call: described.update({event: call}))
    return described[EVENT_RECEIPT]


async def test_the_logbook_tells_receipts(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    describe: Any,
    entity_registry: er.EntityRegistry,
) -> None:
    events: list[Event] = async_capture_events(hass, EVENT_RECEIPT)
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP09))
    with pytest.raises(Exception, match="HTTP09"):
        await send(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert describe(events[0]) == {
        "name": f"SMS to {BOB}",
        "message": "is failed (HTTP09: Invalid Destination Address)",
        "entity_id": RECEIPT,
    }
    entity_registry.async_remove(RECEIPT)
    assert "entity_id" not in describe(events[0])
