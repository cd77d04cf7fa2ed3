"""What all entities of an account, and of a recipient, have in common."""

from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import CONF_NUMBERS, DOMAIN
from .coordinator import AccountCoordinator, SmsGatewayConfigEntry
from .systems import loaded_system


def account_device(entry: SmsGatewayConfigEntry) -> DeviceInfo:
    """Describe the account as a device."""
    system = loaded_system(entry.data)
    return DeviceInfo(
        identifiers={(DOMAIN, entry.entry_id)},
        entry_type=DeviceEntryType.SERVICE,
        name=entry.title,
        manufacturer=system.manufacturer,
        model=system.model,
    )


class AccountEntity(CoordinatorEntity[AccountCoordinator]):
    """An entity of the account's device."""

    _attr_has_entity_name = True

    def __init__(
        self, entry: SmsGatewayConfigEntry, description: EntityDescription
    ) -> None:
        """Take the entry and what the entity is."""
        super().__init__(entry.runtime_data.coordinator)
        self.entity_description = description
        self.account = entry.runtime_data.account
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = account_device(entry)


class RecipientEntity(Entity):
    """An entity of a recipient's device."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self,
        entry: SmsGatewayConfigEntry,
        subentry: ConfigSubentry,
        description: EntityDescription,
    ) -> None:
        """Take the entry, the recipient and what the entity is."""
        self.entry = entry
        self.subentry = subentry
        self.entity_description = description
        self.coordinator = entry.runtime_data.coordinator
        self.numbers: tuple[str, ...] = tuple(subentry.data[CONF_NUMBERS])
        self._attr_unique_id = f"{subentry.subentry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, subentry.subentry_id)},
            entry_type=DeviceEntryType.SERVICE,
            name=subentry.title,
            via_device_id=dr.async_get_device_id_by_identifier(
                self.coordinator.hass,
                (DOMAIN, entry.entry_id),
                config_entry_id=entry.entry_id,
            ),
        )
