"""How figures stay up to date, and how an outage shows."""

import asyncio
import logging
from unittest.mock import patch

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.sms_gateway import coordinator as module
from custom_components.sms_gateway.const import EVENT_RECEIPT
from custom_components.sms_gateway.gateway import Change, Message, State
from simulator.websmpp import (
    ErrorCode,
    Fault,
    FaultKind,
    ForcedError,
    WebsmppSimulator,
)

from .helpers import (
    ALICE,
    CREDIT,
    DELIVERED,
    QUEUED,
    RECEIPT,
    SENT,
    STATUS,
    becomes,
    pass_time,
    send,
)

EVERY = module.UPDATE_INTERVAL.total_seconds() + 1
SOON = module.RETRY_INTERVAL.total_seconds() + 1


def news(account: MockConfigEntry, count: int, state: State) -> list[Change]:
    """Make up what became of so many messages of the account."""
    now = dt_util.utcnow()
    return [
        Change(
            Message(
                id=f"{number:032}",
                account=account.entry_id,
                recipient=ALICE,
                text="Fire",
                created_at=now,
                expires_at=now,
                updated_at=now,
                accepted_at=now,
                finished_at=now,
                state=state,
            ),
            State.ACCEPTED,
        )
        for number in range(count)
    ]


async def test_the_credit_is_looked_at_now_and_then(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    assert hass.states.get(CREDIT).state == "100"
    simulator.accounts["demo"].credit = 7
    await pass_time(hass, EVERY)
    assert hass.states.get(CREDIT).state == "7"


@pytest.fixture
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make pauses that no machine is too slow for."""
    monkeypatch.setattr(module, "CREDIT_PAUSE", 600)
    monkeypatch.setattr(module, "WRITE_PAUSE", 600)


@pytest.mark.usefixtures("_patience")
async def test_messages_share_one_look_at_the_credit(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    for _ in range(3):
        await send(hass)
    assert simulator.counts["balanceReport"] == 1
    await pass_time(hass, module.CREDIT_PAUSE + 1)
    assert simulator.counts["balanceReport"] == 2
    assert hass.states.get(CREDIT).state == "97"


@pytest.mark.usefixtures("_patience")
async def test_a_message_shows_at_once_and_the_last_change_always(
    hass: HomeAssistant, account: MockConfigEntry, pushing: WebsmppSimulator
) -> None:
    """Changes within the pause are one change."""
    shown = async_capture_events(hass, "state_changed")
    for number in range(20, 40):
        await send(hass, target=f"+96131{number:05}")
    await pushing.wait_for(lambda s: s.push.acknowledged == 20)
    assert hass.states.get(DELIVERED).state == "0"
    await pass_time(hass, module.WRITE_PAUSE + 1)
    assert hass.states.get(DELIVERED).state == "20"
    assert hass.states.get(SENT).state == "20"
    queued = [
        event.data["new_state"].state
        for event in shown
        if event.data["entity_id"] == QUEUED
    ]
    assert queued == ["1", "0"]


async def test_an_outage_shows_and_is_logged_once(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def logged() -> list[str]:
        return [
            record.getMessage()
            for record in caplog.records
            if record.name.startswith("custom_components.sms_gateway")
            and record.levelno > logging.DEBUG
        ]

    simulator.faults.add(Fault(kind=FaultKind.RESET, taken=False))
    await pass_time(hass, EVERY)
    assert hass.states.get(CREDIT).state == STATE_UNAVAILABLE
    assert (
        hass.states.get("binary_sensor.websmpp_demo_low_credit").state
        == STATE_UNAVAILABLE
    )
    assert hass.states.get("notify.alice").state != STATE_UNAVAILABLE
    assert hass.states.get(SENT).state == "0"
    await becomes(hass, STATUS, "unreachable")
    await send(hass)
    await pass_time(hass, SOON)
    await pass_time(hass, SOON)
    (down,) = logged()
    assert "websmpp demo" in down
    assert "The connection to the provider was lost" in down

    caplog.clear()
    simulator.faults.clear()
    await pass_time(hass, SOON)
    await becomes(hass, CREDIT, lambda state: state.state != STATE_UNAVAILABLE)
    await simulator.wait_for(lambda s: s.messages_count == 1)
    await pass_time(hass, EVERY)
    (back,) = logged()
    assert "recovered" in back


async def test_an_outage_that_a_message_meets_is_looked_into(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.RESET, taken=False))
    await send(hass)
    await becomes(hass, STATUS, "unreachable")
    await pass_time(hass, module.CREDIT_PAUSE + 1)
    assert hass.states.get(CREDIT).state == STATE_UNAVAILABLE


async def test_a_single_lost_answer_is_no_outage(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.RESET, times=1, taken=False))
    await send(hass)
    await pass_time(hass, module.CREDIT_PAUSE + 1)
    assert hass.states.get(CREDIT).state != STATE_UNAVAILABLE


async def test_a_login_that_is_refused_on_the_way_asks_for_the_login(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.accounts["demo"].password = "changed"
    await pass_time(hass, EVERY)
    assert hass.states.get(CREDIT).state == STATE_UNAVAILABLE
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    await becomes(hass, STATUS, "login_refused")


async def test_a_refusal_that_does_not_pass_is_not_asked_every_minute(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP26))
    await pass_time(hass, EVERY)
    asked = simulator.counts["balanceReport"]
    await pass_time(hass, SOON)
    assert simulator.counts["balanceReport"] == asked


async def test_a_crowd_of_changes_does_not_hold_the_event_loop(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """Each turn of the loop tells some, the rest have theirs later, in order."""
    coordinator = account.runtime_data.coordinator
    heard: list[str] = []
    turns: list[int] = []
    # A second passes with each that is heard, and with nothing else.
    coordinator.async_listen_changes(lambda change: heard.append(change.message.id))
    changes = news(account, 50, State.DELIVERED)
    with (
        patch.object(module, "TURN", 20),
        patch.object(hass.loop, "time", lambda: float(len(heard))),
    ):
        coordinator._take_changes(changes)
        while coordinator._changes:
            turns.append(len(heard))
            await asyncio.sleep(0)
    assert turns == [0, 20, 40], "whoever waits for the journal goes on first"
    assert heard == [change.message.id for change in changes]


async def test_a_listener_that_fails_does_not_keep_the_others_from_hearing(
    hass: HomeAssistant, account: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    coordinator = account.runtime_data.coordinator
    heard: list[str] = []

    def fail(change: Change) -> None:
        raise ZeroDivisionError(change.message.text)

    coordinator.async_listen_changes(fail)
    coordinator.async_listen_changes(lambda change: heard.append(change.message.id))
    changes = news(account, 3, State.DELIVERED)
    coordinator._take_changes(changes)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert heard == [change.message.id for change in changes]
    assert caplog.text.count("A listener failed: ZeroDivisionError") == 3
    assert changes[0].message.text not in caplog.text
    caplog.clear()


async def test_what_is_not_told_yet_is_told_when_the_account_unloads(
    hass: HomeAssistant, account: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = async_capture_events(hass, EVENT_RECEIPT)
    coordinator = account.runtime_data.coordinator
    # No turn of the event loop is long enough to tell any.
    monkeypatch.setattr(module, "TURN", -1)
    coordinator._take_changes(news(account, 3, State.DELIVERED))
    await asyncio.sleep(0)
    assert events == []
    assert await hass.config_entries.async_unload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(events) == 3


async def test_changes_of_other_accounts_are_passed_over(
    hass: HomeAssistant, account: MockConfigEntry, other_account: MockConfigEntry
) -> None:
    gateway = account.runtime_data.gateway
    for listener in gateway._ledger._listeners._listeners[1:]:
        listener(news(account, 1, State.DELIVERED))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get(RECEIPT).state != "unknown"
    assert hass.states.get("event.websmpp_other_receipt").state == "unknown"
