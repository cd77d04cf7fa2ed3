"""Event entities: news of messages."""

from typing import Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import ATTR_CONFIG_ENTRY, EVENT_MESSAGE
from .coordinator import SmsGatewayConfigEntry
from .entity import AccountEntity
from .gateway import State
from .receipts import ReceiptNews

PARALLEL_UPDATES = 0

EVENT_RECEIVED: Final = "received"

RECEIPT = EventEntityDescription(
    key="receipt",
    translation_key="receipt",
    event_types=[state.value for state in State if state is not State.QUEUED],
)
INCOMING = EventEntityDescription(
    key="incoming",
    translation_key="incoming",
    event_types=[EVENT_RECEIVED],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SmsGatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entities of an account."""
    entities: list[EventEntity] = [ReceiptEvent(entry, RECEIPT)]
    if entry.runtime_data.account.provider.capabilities.incoming:
        entities.append(IncomingEvent(entry, INCOMING))
    async_add_entities(entities)


class AccountEvent(AccountEntity, EventEntity):
    """News of messages, which stays news while the provider is down."""

    @property
    @override
    def available(self) -> bool:
        return True

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Pass over the credit: it is no news of a message."""


class ReceiptEvent(AccountEvent):
    """One event for each news of a message, once for the message, not per part."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        receipts = self.coordinator.config_entry.runtime_data.receipts
        self.async_on_remove(receipts.async_listen(self._take))

    @callback
    def _take(self, news: ReceiptNews) -> None:
        self.async_set_context(news.context)
        self._trigger_event(news.state, news.data)
        self.async_write_ha_state()


class IncomingEvent(AccountEvent):
    """One event for each incoming message, whole."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.hass.bus.async_listen(EVENT_MESSAGE, self._take))

    @callback
    def _take(self, event: Event) -> None:
        data = dict(event.data)
        if data.pop(ATTR_CONFIG_ENTRY) != self.coordinator.config_entry.entry_id:
            return
        self.async_set_context(event.context)
        self._trigger_event(EVENT_RECEIVED, data)
        self.async_write_ha_state()
