"""Messages and their changes, as events, actions and templates show them."""

from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, callback

from .const import ATTR_CONFIG_ENTRY, EVENT_RECEIPT
from .coordinator import SmsGatewayConfigEntry
from .gateway import Change, Message


@callback
def async_fire_receipts(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Fire an event on the bus for each news of a message of the account."""

    @callback
    def fire(change: Change) -> None:
        if change.is_outcome:
            data = {ATTR_CONFIG_ENTRY: entry.entry_id, **change_data(change)}
            hass.bus.async_fire(EVENT_RECEIPT, data)

    # Not ended with the entry: it has to hear what comes while the entry unloads.
    entry.runtime_data.coordinator.async_listen_changes(fire)


def message_data(message: Message) -> dict[str, Any]:
    """What an automation may want to know of a message; never its text."""
    return {
        "message_id": message.id,
        "recipient": message.recipient,
        "state": message.state.value,
        "reference": message.reference,
        "provider_ids": [part.provider_id for part in message.parts],
        "parts": len(message.parts) or None,
        "error_code": message.error_code,
        "reason": str(message.failure) if message.failure else None,
    }


def change_data(change: Change) -> dict[str, Any]:
    """What an automation may want to know of a change."""
    latency = change.message.latency
    return {
        **message_data(change.message),
        "previous_state": change.before.value if change.before else None,
        "latency": latency.total_seconds() if latency is not None else None,
    }


def message_details(message: Message) -> dict[str, Any]:
    """Everything that is known of a message, its text and the raw answer too."""
    return {
        **message_data(message),
        ATTR_CONFIG_ENTRY: message.account,
        "text": message.text,
        "sender": message.sender,
        "encoding": message.encoding.value,
        "flash": message.flash,
        "tracked": message.tracked,
        "attempts": message.attempts,
        "answer": message.answer,
        "part_states": [part.state.value for part in message.parts],
        "created_at": message.created_at.isoformat(),
        "updated_at": message.updated_at.isoformat(),
        "expires_at": message.expires_at.isoformat(),
        "schedule": _iso(message.schedule),
        "next_attempt_at": _iso(message.next_attempt_at),
        "accepted_at": _iso(message.accepted_at),
        "finished_at": _iso(message.finished_at),
    }


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
