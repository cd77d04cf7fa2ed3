"""Binary sensors of an account."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SmsGatewayConfigEntry
from .entity import AccountEntity
from .issues import is_credit_low

PARALLEL_UPDATES = 0

LOW_CREDIT = BinarySensorEntityDescription(
    key="low_credit",
    translation_key="low_credit",
    device_class=BinarySensorDeviceClass.PROBLEM,
)
CONNECTION = BinarySensorEntityDescription(
    key="connection",
    translation_key="connection",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SmsGatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of an account."""
    provider = entry.runtime_data.account.provider
    if provider.capabilities.credit:
        async_add_entities([LowCreditSensor(entry, LOW_CREDIT)])
    if provider.connection is not None:
        async_add_entities([ConnectionSensor(entry, CONNECTION)])


class LowCreditSensor(AccountEntity, BinarySensorEntity):
    """Whether the credit is below the account's threshold."""

    @property
    @override
    def is_on(self) -> bool | None:
        credit = self.coordinator.data
        if credit is None:
            return None
        return is_credit_low(self.coordinator.config_entry, credit)


class ConnectionSensor(AccountEntity, BinarySensorEntity):
    """Whether messages can be sent, over a connection that stays."""

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def is_on(self) -> bool:
        connection = self.account.provider.connection
        return connection is not None and connection.is_up
