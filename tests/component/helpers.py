"""What the tests of the component say in one word."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
import json
from pathlib import Path
import re
from types import ModuleType
from typing import Any
from unittest.mock import AsyncMock, Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

import custom_components.sms_gateway as component
from custom_components.sms_gateway.const import DOMAIN

_ENGLISH = Path(component.__file__).parent / "translations" / "en.json"

ALICE = "+9613000123"
BOB = "+9613123456"
WEBHOOK_ID = "webhook-of-the-account"
PASSWORD = "open-sesame"
SMPP_PASSWORD = "sesame"
SMSITALY_PASSWORD = "open-gate"
CSOFT_USER = "ANOther.61234"
CSOFT_PIN = "BLUE.music"
CSOFT_WEBHOOK_ID = "webhook-of-the-csoft-account"
# Seconds; reached by a busy machine only, or when something is wrong.
PATIENCE = 120

CREDIT = "sensor.websmpp_demo_credit"
STATUS = "sensor.websmpp_demo_status"
SENT = "sensor.websmpp_demo_messages_sent"
QUEUED = "sensor.websmpp_demo_messages_queued"
DELIVERED = "sensor.websmpp_demo_messages_delivered"
RECEIPT = "event.websmpp_demo_receipt"
SMPP_CONNECTION = "binary_sensor.smpp_demo_connection"
SMPP_STATUS = "sensor.smpp_demo_status"
SMPP_QUEUED = "sensor.smpp_demo_messages_queued"
SMPP_RECEIPT = "event.smpp_demo_receipt"
SMPP_DELIVERED = "sensor.smpp_demo_messages_delivered"
SMSITALY_CONNECTION = "binary_sensor.smsitaly_demo_connection"
SMSITALY_CREDIT = "sensor.smsitaly_demo_credit"
SMSITALY_STATUS = "sensor.smsitaly_demo_status"
CSOFT_CREDIT = "sensor.csoft_demo_credit"
CSOFT_STATUS = "sensor.csoft_demo_status"
CSOFT_DELIVERED = "sensor.csoft_demo_messages_delivered"
CSOFT_RECEIPT = "event.csoft_demo_receipt"
SMSITALY_SENT = "sensor.smsitaly_demo_messages_sent"


class Cloud:
    """Home Assistant Cloud, logged in: what makes and deletes its addresses."""

    def __init__(self) -> None:
        self.unavailable = type("CloudNotAvailable", (HomeAssistantError,), {})
        self.subscribed = Mock(return_value=True)
        self.make = AsyncMock(return_value="https://hooks.nabu.casa/abc")
        self.delete = AsyncMock()

    def as_module(self) -> ModuleType:
        """Return what stands in for the component, which is not installed here."""
        module = ModuleType("homeassistant.components.cloud")
        vars(module).update(
            CloudNotAvailable=self.unavailable,
            async_active_subscription=self.subscribed,
            async_get_or_create_cloudhook=self.make,
            async_delete_cloudhook=self.delete,
        )
        return module


async def send(
    hass: HomeAssistant, *, answer: bool = True, **fields: Any
) -> dict[str, Any]:
    """Send by the action, "Fire" to Bob unless the fields say otherwise."""
    response = await hass.services.async_call(
        DOMAIN,
        "send_message",
        {"target": [BOB], "message": "Fire", **fields},
        blocking=True,
        return_response=answer,
    )
    return dict(response or {})


async def answer(
    hass: HomeAssistant, form: dict[str, Any], given: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Submit a form of the set-up."""
    answered = await hass.config_entries.flow.async_configure(
        form["flow_id"], given or {}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return dict(answered)


def assert_told(form: dict[str, Any], part: str = "config") -> None:
    """Check that each error of a form is a sentence, and has all that it names."""
    sentences = json.loads(_ENGLISH.read_text(encoding="utf-8"))
    for name in part.split("."):
        sentences = sentences[name]
    assert form["errors"]
    for key in form["errors"].values():
        named = re.findall(r"{(\w+)}", sentences["error"][key])
        assert set(named) <= form["description_placeholders"].keys(), key


async def becomes(
    hass: HomeAssistant, entity_id: str, wanted: str | Callable[[State], bool]
) -> State:
    """Wait until an entity has the wanted state."""
    fits = (lambda state: state.state == wanted) if isinstance(wanted, str) else wanted
    arrived: asyncio.Future[State] = hass.loop.create_future()

    def look(state: State | None) -> None:
        if state is not None and fits(state) and not arrived.done():
            arrived.set_result(state)

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        look(event.data["new_state"])

    stop = async_track_state_change_event(hass, [entity_id], changed)
    try:
        look(hass.states.get(entity_id))
        async with asyncio.timeout(PATIENCE):
            return await arrived
    finally:
        stop()


async def pass_time(hass: HomeAssistant, seconds: float) -> None:
    """Let timers fire that fall due within so many seconds."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done(wait_background_tasks=True)


async def tick(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Move the frozen clock on, and let the timers fire that fall due by then."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
