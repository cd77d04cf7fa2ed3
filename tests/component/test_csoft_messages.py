"""Sending through Connection Software, and what is shown of the account."""

import json
from typing import Any
from unittest.mock import patch

from homeassistant.const import CONF_PIN, CONF_USERNAME, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.json import JSONEncoder
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.sms_gateway.const import (
    CONF_ANY_ACCOUNT,
    CONF_COLLECT_EVERY,
    CONF_RECEIPT_PIN,
    CONF_RECEIPT_USERNAME,
    DOMAIN,
    SECTION_ADVANCED,
)
from custom_components.sms_gateway.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.sms_gateway.quoting import quoted
from simulator.csoft import CsoftSimulator
from simulator.websmpp import WebsmppSimulator

from .helpers import (
    ALICE,
    BOB,
    CSOFT_CREDIT,
    CSOFT_DELIVERED,
    CSOFT_PIN,
    CSOFT_RECEIPT,
    CSOFT_STATUS,
    CSOFT_USER,
    CSOFT_WEBHOOK_ID,
    DELIVERED,
    becomes,
    send,
)

INCOMING = "event.csoft_demo_incoming_message"


@pytest.fixture
def receipts_only(hass: HomeAssistant, csoft_entry: MockConfigEntry) -> MockConfigEntry:
    """The account's entry, without a login to send with, not set up yet."""
    data = {**csoft_entry.data, CONF_USERNAME: "", CONF_PIN: ""}
    hass.config_entries.async_update_entry(csoft_entry, data=data)
    return csoft_entry


@pytest.mark.parametrize(
    "platform", [Platform.BINARY_SENSOR, Platform.EVENT, Platform.SENSOR]
)
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_the_entities_of_each_platform(
    hass: HomeAssistant,
    csoft_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
    platform: Platform,
) -> None:
    with patch("custom_components.sms_gateway.PLATFORMS", [platform]):
        await hass.config_entries.async_setup(csoft_entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await snapshot_platform(hass, entity_registry, snapshot, csoft_entry.entry_id)
        await hass.config_entries.async_unload(csoft_entry.entry_id)


async def test_a_message_is_sent_and_its_receipt_arrives(
    hass: HomeAssistant, csoft_account: MockConfigEntry, posting: CsoftSimulator
) -> None:
    await send(hass, target=[BOB, "notify.alice"], flash=True)
    await becomes(hass, CSOFT_DELIVERED, "2")
    state = await becomes(
        hass, CSOFT_RECEIPT, lambda each: each.attributes["event_type"] == "delivered"
    )
    assert state.attributes["provider_ids"][0] in {
        each.identifier for each in posting.messages
    }
    assert {each.destination for each in posting.messages} == {
        BOB.removeprefix("+"),
        ALICE.removeprefix("+"),
    }
    assert all(each.flash for each in posting.messages)
    await posting.wait_for(lambda each: each.poster.acknowledged == 2)
    assert {post.status for post in posting.posts} == {200}


async def test_the_credit_has_its_currency(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    state = await becomes(hass, CSOFT_CREDIT, "100.0000")
    assert state.attributes["unit_of_measurement"] == "GBP"
    csoft_host.accounts[CSOFT_USER].credit = 9
    await csoft_account.runtime_data.coordinator.async_refresh()
    await becomes(hass, "binary_sensor.csoft_demo_low_credit", "on")
    issue = issue_registry.async_get_issue(
        DOMAIN, f"low_credit_{csoft_account.entry_id}"
    )
    assert issue
    assert issue.translation_placeholders == {
        "account": quoted("csoft demo"),
        "credit": quoted("9.0000 GBP"),
    }


async def test_messages_from_phones_are_collected_where_that_is_wanted(
    hass: HomeAssistant, csoft_entry: MockConfigEntry, csoft_host: CsoftSimulator
) -> None:
    csoft_host.deliver(CSOFT_USER, ALICE.removeprefix("+"), "Is it done?")
    hass.config_entries.async_update_entry(
        csoft_entry, options={SECTION_ADVANCED: {CONF_COLLECT_EVERY: 1}}
    )
    await hass.config_entries.async_setup(csoft_entry.entry_id)
    state = await becomes(
        hass, INCOMING, lambda each: each.attributes.get("event_type") == "received"
    )
    assert state.attributes["text"] == "Is it done?"
    assert state.attributes["sender_name"] == "Alice"
    await hass.config_entries.async_unload(csoft_entry.entry_id)


async def test_an_account_for_receipts_only_cannot_send(
    hass: HomeAssistant, receipts_only: MockConfigEntry, csoft_host: CsoftSimulator
) -> None:
    await hass.config_entries.async_setup(receipts_only.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert csoft_host.requests_count == 0
    await becomes(hass, CSOFT_STATUS, "active")
    assert hass.states.get(CSOFT_CREDIT) is None
    assert hass.states.get("binary_sensor.csoft_demo_low_credit") is None
    assert hass.states.get(CSOFT_RECEIPT)
    assert not hass.services.has_service("notify", "csoft_demo")
    with pytest.raises(ServiceValidationError) as raised:
        await send(hass)
    assert raised.value.translation_key == "account_receipts_only"
    assert raised.value.translation_placeholders == {"account": quoted("csoft demo")}
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            "notify",
            "send_message",
            {"entity_id": "notify.alice", "message": "Fire"},
            blocking=True,
        )
    assert raised.value.translation_key == "account_receipts_only"


async def test_one_that_cannot_send_is_no_choice(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    receipts_only: MockConfigEntry,
) -> None:
    await hass.config_entries.async_setup(receipts_only.entry_id)
    await send(hass)
    assert simulator.messages_count == 1


@pytest.mark.parametrize("any_account", [False, True])
async def test_a_receipt_of_another_accounts_message(
    hass: HomeAssistant,
    account: MockConfigEntry,
    receipts_only: MockConfigEntry,
    csoft_host: CsoftSimulator,
    hass_client_no_auth: Any,
    any_account: bool,
) -> None:
    hass.config_entries.async_update_entry(
        receipts_only, options={SECTION_ADVANCED: {CONF_ANY_ACCOUNT: any_account}}
    )
    await hass.config_entries.async_setup(receipts_only.entry_id)
    (sent,) = (await send(hass))["messages"]
    client = await hass_client_no_auth()
    answer = await client.post(
        f"/api/webhook/{CSOFT_WEBHOOK_ID}",
        data={
            "MessageIdentifier": sent["provider_ids"][0],
            "Report": "0",
            "SendTo": BOB.removeprefix("+"),
        },
    )
    assert answer.status == 200
    assert (b">0</Report>" in await answer.read()) is any_account
    if any_account:
        await becomes(hass, DELIVERED, "1")
    message = await account.runtime_data.gateway.get(sent["message_id"])
    assert (message.state == "delivered") is any_account


async def test_diagnostics_tell_nothing_private(
    hass: HomeAssistant, csoft_entry: MockConfigEntry, csoft_host: CsoftSimulator
) -> None:
    secrets = {CONF_RECEIPT_USERNAME: "porter", CONF_RECEIPT_PIN: "open-door"}
    data = {**csoft_entry.data, **secrets}
    hass.config_entries.async_update_entry(csoft_entry, data=data)
    await hass.config_entries.async_setup(csoft_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    csoft_entry.runtime_data.refused_receipts.add(1)
    found = await async_get_config_entry_diagnostics(hass, csoft_entry)
    assert found["account"]["credit"] == "100.0000"
    assert found["account"]["currency"] == "GBP"
    assert found["account"]["refused_receipts"] == 1
    dump = json.dumps(found, cls=JSONEncoder)
    private = (
        CSOFT_USER,
        CSOFT_PIN,
        CSOFT_WEBHOOK_ID,
        csoft_host.url,
        *secrets.values(),
    )
    assert [word for word in private if word in dump] == []
