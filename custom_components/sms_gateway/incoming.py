"""Incoming messages, as events and triggers show them."""

from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from .const import (
    ATTR_CONFIG_ENTRY,
    CONF_NUMBERS,
    CONF_REGION,
    EVENT_MESSAGE,
    SUBENTRY_RECIPIENT,
)
from .coordinator import SmsGatewayConfigEntry
from .gateway import IncomingMessage
from .targets import is_at


@callback
def async_fire_incoming(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Fire an event on the bus for each incoming message of the account.

    What comes while Home Assistant starts waits for its automations.
    """

    @callback
    def fire(message: IncomingMessage) -> None:
        hass.bus.async_fire(EVENT_MESSAGE, _incoming_data(entry, message))

    @callback
    def begin(_hass: HomeAssistant) -> None:
        entry.async_on_unload(entry.runtime_data.account.listen_incoming(fire))

    entry.async_on_unload(async_at_started(hass, begin))


def _incoming_data(
    entry: SmsGatewayConfigEntry, message: IncomingMessage
) -> dict[str, Any]:
    return {
        ATTR_CONFIG_ENTRY: entry.entry_id,
        "message_id": message.id,
        "sender": message.sender,
        "sender_name": _name_of(entry, message.sender),
        "recipient": message.recipient,
        "text": message.text,
        "received_at": message.received_at.isoformat(),
        "sent_at": message.sent_at.isoformat() if message.sent_at else None,
        "parts": message.parts,
        "complete": message.is_complete,
    }


def _name_of(entry: SmsGatewayConfigEntry, number: str) -> str | None:
    """Return the name of the recipient who has the number."""
    region = entry.options.get(CONF_REGION)
    for subentry in entry.get_subentries_of_type(SUBENTRY_RECIPIENT):
        if any(is_at(each, number, region) for each in subentry.data[CONF_NUMBERS]):
            return subentry.title
    return None
