"""Event entities: news of messages."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SmsGatewayConfigEntry
from .entity import AccountEntity
from .gateway import Change, State
from .receipts import change_data

PARALLEL_UPDATES = 0

RECEIPT = EventEntityDescription(
    key="receipt",
    translation_key="receipt",
    event_types=[state.value for state in State if state is not State.QUEUED],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SmsGatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entities of an account."""
    async_add_entities([ReceiptEvent(entry, RECEIPT)])


class ReceiptEvent(AccountEntity, EventEntity):
    """One event for each news of a message, once for the message, not per part."""

    @property
    @override
    def available(self) -> bool:
        return True

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_listen_changes(self._take))

    @callback
    def _take(self, change: Change) -> None:
        if not change.is_outcome:
            return
        self._trigger_event(change.message.state.value, change_data(change))
        self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Pass over the credit: it is no news of a message."""
