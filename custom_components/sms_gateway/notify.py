"""A notify entity for each recipient."""

from typing import override

from homeassistant.components.notify import (
    NotifyEntity,
    NotifyEntityDescription,
    NotifyEntityFeature,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SmsGatewayConfigEntry
from .drafts import DRAFT_SCHEMA, drafts_from
from .entity import RecipientEntity
from .sending import async_send, with_title
from .targets import recipient_target

PARALLEL_UPDATES = 0

RECIPIENT = NotifyEntityDescription(
    key="notify", translation_key="recipient", name=None
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SmsGatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up a notify entity for each recipient."""

    @callback
    def add(subentry: ConfigSubentry) -> None:
        async_add_entities(
            [RecipientNotify(entry, subentry, RECIPIENT)],
            config_subentry_id=subentry.subentry_id,
        )

    entry.runtime_data.recipients.async_follow(add)


class RecipientNotify(RecipientEntity, NotifyEntity):
    """Sends to all numbers of a recipient.

    Always available: while the provider is down, messages wait in the outbox.
    """

    _attr_supported_features = NotifyEntityFeature.TITLE

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a message; raises HomeAssistantError when it is refused."""
        targets = [recipient_target(self.subentry)]
        fields = DRAFT_SCHEMA({})
        await async_send(
            self.entry, drafts_from(with_title(message, title), targets, fields)
        )
