"""The entities: what they are, and what they show."""

from datetime import timedelta
from decimal import Decimal
import json
from unittest.mock import patch

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State as HassState
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    mock_restore_cache_with_extra_data,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.sms_gateway.const import EVENT_RECEIPT
from custom_components.sms_gateway.gateway import Change, Receipt, State
from simulator.websmpp import (
    ErrorCode,
    ForcedError,
    Status,
    WebsmppSimulator,
    default_script,
)

from .helpers import (
    ALICE,
    BOB,
    CREDIT,
    DELIVERED,
    QUEUED,
    RECEIPT,
    SENT,
    becomes,
    pass_time,
    send,
)

ALICE_STATE = "sensor.alice_last_state"
ALICE_DELIVERED = "sensor.alice_last_delivery"


@pytest.mark.parametrize(
    "platform",
    [Platform.BINARY_SENSOR, Platform.EVENT, Platform.NOTIFY, Platform.SENSOR],
)
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_the_entities_of_each_platform(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
    platform: Platform,
) -> None:
    with patch("custom_components.sms_gateway.PLATFORMS", [platform]):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
        await hass.config_entries.async_unload(entry.entry_id)


async def test_only_the_less_popular_entities_are_disabled(
    hass: HomeAssistant, account: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    disabled = [
        each.entity_id
        for each in er.async_entries_for_config_entry(entity_registry, account.entry_id)
        if each.disabled_by
    ]
    assert disabled == ["sensor.websmpp_demo_last_delivery"]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_the_figures_of_an_account(
    hass: HomeAssistant, account: MockConfigEntry, pushing: WebsmppSimulator
) -> None:
    changes: list[Change] = []
    account.runtime_data.gateway.listen(changes.extend)
    await send(hass, target=["+9613000120", "+9613000121", "+9613000122"])
    await send(hass, target="+9613000101")  # ends as UNDELIV
    pushing.errors.add(ForcedError(code=ErrorCode.HTTP09, destination="9613000130"))
    await send(hass, target=["+9613000130", "+9613000107"])  # ends never
    await becomes(hass, "sensor.websmpp_demo_messages_undelivered", "1")
    await becomes(hass, DELIVERED, "3")
    await becomes(hass, SENT, "5")
    assert hass.states.get("sensor.websmpp_demo_messages_failed").state == "1"
    assert hass.states.get(QUEUED).state == "0"
    assert hass.states.get("sensor.websmpp_demo_delivery_rate").state == "75.0"
    messages = [each.message for each in changes]
    *_, last = (each for each in messages if each.state is State.DELIVERED)
    shown = hass.states.get("sensor.websmpp_demo_last_delivery").state
    assert shown == last.finished_at.isoformat(timespec="seconds")
    shown = hass.states.get("sensor.websmpp_demo_last_delivery_took").state
    assert float(shown) == (last.finished_at - last.accepted_at).total_seconds()


async def test_figures_outlive_a_restart(
    hass: HomeAssistant, account: MockConfigEntry, pushing: WebsmppSimulator
) -> None:
    await send(hass)
    await becomes(hass, DELIVERED, "1")
    await hass.config_entries.async_reload(account.entry_id)
    assert hass.states.get(DELIVERED).state == "1"
    assert hass.states.get(SENT).state == "1"
    assert hass.states.get("sensor.websmpp_demo_last_state").state == "delivered"


@pytest.mark.parametrize(
    ("reply", "state", "unit"),
    [("whole", "87", "credits"), ("decimal", "87.25", "credits")],
)
async def test_the_credit_is_counted_as_the_provider_counts(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    reply: str,
    state: str,
    unit: str,
) -> None:
    simulator.settings.balance_reply = reply
    simulator.accounts["demo"].credit = Decimal("87.25")
    await account.runtime_data.coordinator.async_refresh()
    shown = hass.states.get(CREDIT)
    assert float(shown.state) == float(state)
    assert shown.attributes["unit_of_measurement"] == unit


async def test_the_credit_is_low_below_the_threshold(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    low = "binary_sensor.websmpp_demo_low_credit"
    assert hass.states.get(low).state == "off"
    simulator.accounts["demo"].credit = 9
    await account.runtime_data.coordinator.async_refresh()
    assert hass.states.get(low).state == "on"


async def test_before_the_first_answer_nothing_is_known_of_the_credit(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    account.runtime_data.coordinator.async_set_updated_data(None)
    assert hass.states.get(CREDIT).state == "unknown"
    assert hass.states.get("binary_sensor.websmpp_demo_low_credit").state == "unknown"


async def test_a_receipt_is_one_event_for_the_message_not_for_each_part(
    hass: HomeAssistant, account: MockConfigEntry, pushing: WebsmppSimulator
) -> None:
    on_bus = async_capture_events(hass, EVENT_RECEIPT)
    shown = async_capture_events(hass, "state_changed")
    (sent,) = (await send(hass, message="x" * 400, reference="cellar-7"))["messages"]
    assert sent["parts"] == 3
    state = await becomes(hass, RECEIPT, lambda state: state.state != "unknown")
    assert state.attributes["event_type"] == "delivered"
    assert state.attributes["message_id"] == sent["message_id"]
    assert state.attributes["recipient"] == BOB
    assert state.attributes["reference"] == "cellar-7"
    assert state.attributes["previous_state"] == "accepted"
    assert state.attributes["latency"] >= 0
    assert "Fire" not in str(state.attributes)

    await becomes(hass, DELIVERED, "1")
    receipts = [each for each in shown if each.data["entity_id"] == RECEIPT]
    assert len(receipts) == 1
    (event,) = on_bus
    assert event.data["config_entry_id"] == account.entry_id
    assert event.data["state"] == "delivered"
    assert event.data["message_id"] == sent["message_id"]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("DELIVRD", "delivered"),
        ("UNDELIV", "undeliverable"),
        ("EXPIRED", "expired"),
        ("REJECTD", "rejected"),
        ("DELETED", "deleted"),
        ("UNKNOWN", "unknown"),
        ("ATES", "enroute"),
    ],
)
async def test_every_receipt_is_an_event_type_of_its_own(
    hass: HomeAssistant,
    account: MockConfigEntry,
    pushing: WebsmppSimulator,
    status: str,
    state: str,
) -> None:
    pushing.settings.script = ()
    (sent,) = (await send(hass))["messages"]
    pushing.set_status(int(sent["provider_ids"][0]), Status(status))
    await becomes(hass, RECEIPT, lambda each: each.attributes["event_type"] == state)


async def test_a_refused_message_is_an_event_too(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP09, destination="9613123456"))
    await send(hass, target=[BOB, ALICE])
    state = await becomes(
        hass, RECEIPT, lambda each: each.attributes["event_type"] == "failed"
    )
    assert state.attributes["error_code"] == "HTTP09"
    assert "Invalid Destination Address" in state.attributes["reason"]


async def test_acceptance_alone_is_no_event(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await send(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get(RECEIPT).state == "unknown"


async def test_a_new_credit_is_no_event(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    await account.runtime_data.coordinator.async_refresh()
    assert hass.states.get(RECEIPT).state == "unknown"


async def test_a_recipient_shows_its_own_messages(
    hass: HomeAssistant, account: MockConfigEntry, pushing: WebsmppSimulator
) -> None:
    await send(hass, target=BOB)
    await becomes(hass, DELIVERED, "1")
    assert hass.states.get(ALICE_STATE).state == "unknown"

    await send(hass, target="notify.alice")
    await becomes(hass, ALICE_STATE, "delivered")
    await becomes(hass, ALICE_DELIVERED, lambda state: state.state != "unknown")


async def test_a_late_receipt_does_not_hide_the_newest_message(
    hass: HomeAssistant, account: MockConfigEntry, pushing: WebsmppSimulator
) -> None:
    pushing.settings.script = ()
    (old,) = (await send(hass, target=ALICE))["messages"]
    (new,) = (await send(hass, target=ALICE))["messages"]
    pushing.set_status(int(new["provider_ids"][0]), Status.UNDELIV)
    await becomes(hass, ALICE_STATE, "undeliverable")
    pushing.set_status(int(old["provider_ids"][0]), Status.DELIVRD)
    await becomes(hass, ALICE_DELIVERED, lambda state: state.state != "unknown")
    assert hass.states.get(ALICE_STATE).state == "undeliverable"


async def test_a_recipient_remembers_over_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    delivered = dt_util.parse_datetime("2026-09-01T12:00:00+00:00")
    mock_restore_cache_with_extra_data(
        hass,
        [
            (
                HassState(ALICE_STATE, "expired"),
                {"native_value": "expired", "native_unit_of_measurement": None},
            ),
            (
                HassState(ALICE_DELIVERED, delivered.isoformat()),
                {
                    "native_value": {
                        "__type": "<class 'datetime.datetime'>",
                        "isoformat": delivered.isoformat(),
                    },
                    "native_unit_of_measurement": None,
                },
            ),
        ],
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get(ALICE_STATE).state == "expired"
    assert hass.states.get(ALICE_DELIVERED).state == delivered.isoformat()


async def test_a_late_receipt_leaves_the_state_of_a_newer_message_after_a_restart(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.settings.script = default_script(1e9)
    older = (await send(hass, target=["notify.alice"]))["messages"][0]
    await send(hass, target=["notify.alice"])
    await becomes(hass, ALICE_STATE, "accepted")
    newest = hass.data["entity_components"]["sensor"].get_entity(ALICE_STATE)
    stored = newest.extra_restore_state_data.as_dict()
    await hass.config_entries.async_unload(account.entry_id)
    mock_restore_cache_with_extra_data(
        hass, [(HassState(ALICE_STATE, "accepted"), json.loads(json.dumps(stored)))]
    )
    await hass.config_entries.async_setup(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    receipt = Receipt(provider_id=older["provider_ids"][0], state=State.UNDELIVERABLE)
    runtime = account.runtime_data
    await runtime.gateway.receive(account.entry_id, receipt)
    await becomes(hass, "sensor.websmpp_demo_messages_undelivered", "1")
    assert hass.states.get(ALICE_STATE).state == "accepted"


async def test_a_message_given_up_unsent_has_failed(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP11))
    await send(hass, validity={"minutes": 1})
    await becomes(hass, QUEUED, "1")
    message = (
        await account.runtime_data.gateway._journal.unfinished(
            account.entry_id, dt_util.utcnow()
        )
    )[0]
    assert message.expires_at - message.created_at == timedelta(minutes=1)
    await pass_time(hass, 0)
