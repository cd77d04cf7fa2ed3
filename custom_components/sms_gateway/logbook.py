"""What the logbook says of news of messages."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .const import ATTR_CONFIG_ENTRY, DOMAIN, EVENT_MESSAGE, EVENT_RECEIPT
from .event import INCOMING, RECEIPT


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[Event], dict[str, str]]], None],
) -> None:
    """Describe the events of the integration."""

    def entity(data: Mapping[str, Any], key: str) -> dict[str, str]:
        """Tie the row to the event entity of the account."""
        entity_id = er.async_get(hass).async_get_entity_id(
            Platform.EVENT, DOMAIN, f"{data[ATTR_CONFIG_ENTRY]}_{key}"
        )
        return {LOGBOOK_ENTRY_ENTITY_ID: entity_id} if entity_id else {}

    @callback
    def describe_receipt(event: Event) -> dict[str, str]:
        data = event.data
        reason = f" ({data['reason']})" if data.get("reason") else ""
        return {
            LOGBOOK_ENTRY_NAME: f"SMS to {data['recipient']}",
            LOGBOOK_ENTRY_MESSAGE: f"is {data['state']}{reason}",
            **entity(data, RECEIPT.key),
        }

    @callback
    def describe_message(event: Event) -> dict[str, str]:
        data = event.data
        return {
            LOGBOOK_ENTRY_NAME: f"SMS from {data['sender_name'] or data['sender']}",
            LOGBOOK_ENTRY_MESSAGE: "came in",
            **entity(data, INCOMING.key),
        }

    async_describe_event(DOMAIN, EVENT_RECEIPT, describe_receipt)
    async_describe_event(DOMAIN, EVENT_MESSAGE, describe_message)
