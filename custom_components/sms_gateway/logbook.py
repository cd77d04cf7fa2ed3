"""What the logbook says of news of messages."""

from collections.abc import Callable

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .const import ATTR_CONFIG_ENTRY, DOMAIN, EVENT_RECEIPT
from .event import RECEIPT


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[Event], dict[str, str]]], None],
) -> None:
    """Describe the events of the integration."""

    @callback
    def describe(event: Event) -> dict[str, str]:
        data = event.data
        reason = f" ({data['reason']})" if data.get("reason") else ""
        row = {
            LOGBOOK_ENTRY_NAME: f"SMS to {data['recipient']}",
            LOGBOOK_ENTRY_MESSAGE: f"is {data['state']}{reason}",
        }
        if entity_id := er.async_get(hass).async_get_entity_id(
            Platform.EVENT, DOMAIN, f"{data[ATTR_CONFIG_ENTRY]}_{RECEIPT.key}"
        ):
            row[LOGBOOK_ENTRY_ENTITY_ID] = entity_id
        return row

    async_describe_event(DOMAIN, EVENT_RECEIPT, describe)
