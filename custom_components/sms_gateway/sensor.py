"""Sensors: credit and traffic of an account, the last message of a recipient."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorExtraStoredData,
    SensorStateClass,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .coordinator import SmsGatewayConfigEntry
from .entity import AccountEntity, RecipientEntity
from .gateway import Account, AccountStatus, Change, State
from .systems import loaded_system

PARALLEL_UPDATES = 0

_MESSAGE_ID: Final = "message_id"
_STATES = [state.value for state in State]


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """A figure of an account; some are known from receipts alone."""

    value: Callable[[Account], StateType | datetime]
    needs_receipts: bool = False


ACCOUNT_SENSORS: tuple[AccountSensorDescription, ...] = (
    AccountSensorDescription(
        key="status",
        translation_key="status",
        device_class=SensorDeviceClass.ENUM,
        options=[status.value for status in AccountStatus],
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda account: account.status.value,
    ),
    AccountSensorDescription(
        key="sent",
        translation_key="sent",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value=lambda account: account.statistics.sent,
    ),
    AccountSensorDescription(
        key="delivered",
        translation_key="delivered",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value=lambda account: account.statistics.delivered,
        needs_receipts=True,
    ),
    AccountSensorDescription(
        key="undelivered",
        translation_key="undelivered",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value=lambda account: account.statistics.undelivered,
        needs_receipts=True,
    ),
    AccountSensorDescription(
        key="failed",
        translation_key="failed",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value=lambda account: account.statistics.failed,
    ),
    AccountSensorDescription(
        key="queued",
        translation_key="queued",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda account: account.statistics.queued,
    ),
    AccountSensorDescription(
        key="delivery_rate",
        translation_key="delivery_rate",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=lambda account: account.statistics.delivery_rate,
        needs_receipts=True,
    ),
    AccountSensorDescription(
        key="latency",
        translation_key="latency",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda account: (
            latency.total_seconds()
            if (latency := account.statistics.last_latency) is not None
            else None
        ),
        needs_receipts=True,
    ),
    AccountSensorDescription(
        key="last_state",
        translation_key="last_state",
        device_class=SensorDeviceClass.ENUM,
        options=_STATES,
        value=lambda account: account.statistics.last_state,
    ),
    AccountSensorDescription(
        key="last_delivered",
        translation_key="last_delivered",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        value=lambda account: account.statistics.last_delivered_at,
        needs_receipts=True,
    ),
)

CREDIT_SENSOR = SensorEntityDescription(
    key="credit",
    translation_key="credit",
    state_class=SensorStateClass.MEASUREMENT,
)
CREDIT_IN_CURRENCY_SENSOR = SensorEntityDescription(
    key="credit",
    translation_key="credit_in_currency",
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=2,
)

RECIPIENT_STATE = SensorEntityDescription(
    key="last_state",
    translation_key="last_state",
    device_class=SensorDeviceClass.ENUM,
    options=_STATES,
)
RECIPIENT_DELIVERED = SensorEntityDescription(
    key="last_delivered",
    translation_key="last_delivered",
    device_class=SensorDeviceClass.TIMESTAMP,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SmsGatewayConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of an account and of its recipients."""
    can = entry.runtime_data.account.provider.capabilities
    if can.credit:
        in_currency = loaded_system(entry.data).has_currency
        async_add_entities(
            [
                CurrencySensor(entry, CREDIT_IN_CURRENCY_SENSOR)
                if in_currency
                else CreditSensor(entry, CREDIT_SENSOR)
            ]
        )
    async_add_entities(
        [
            AccountSensor(entry, description)
            for description in ACCOUNT_SENSORS
            if can.receipts or not description.needs_receipts
        ]
    )

    @callback
    def add(subentry: ConfigSubentry) -> None:
        sensors: list[SensorEntity] = [
            RecipientStateSensor(entry, subentry, RECIPIENT_STATE)
        ]
        if can.receipts:
            sensors.append(
                RecipientDeliveredSensor(entry, subentry, RECIPIENT_DELIVERED)
            )
        async_add_entities(sensors, config_subentry_id=subentry.subentry_id)

    entry.runtime_data.recipients.async_follow(add)


class CreditSensor(AccountEntity, SensorEntity):
    """What is left on the account, as the provider says."""

    @property
    @override
    def native_value(self) -> Decimal | None:
        credit = self.coordinator.data
        return credit.amount if credit else None


class CurrencySensor(CreditSensor):
    """What is left in money: its unit is what the provider says."""

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        credit = self.coordinator.data
        return credit.currency if credit else None


class AccountSensor(AccountEntity, SensorEntity):
    """A figure that we keep ourselves, known whether the provider answers or not."""

    entity_description: AccountSensorDescription

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def native_value(self) -> StateType | datetime:
        return self.entity_description.value(self.account)


class _RecipientSensor(RecipientEntity, RestoreSensor):
    """A sensor that follows the messages to one recipient."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if last := await self.async_get_last_sensor_data():
            self._attr_native_value = last.native_value
        self.async_on_remove(
            self.coordinator.async_listen_changes(self._take, self.numbers)
        )

    @callback
    def _take(self, change: Change) -> None:
        if self._update(change):
            self.async_write_ha_state()

    @abstractmethod
    def _update(self, change: Change) -> bool:
        """Take a change; tell whether it changed the state."""


@dataclass
class _NewestMessage(SensorExtraStoredData):
    """The state of the newest message, and which message that is."""

    message_id: str

    @override
    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), _MESSAGE_ID: self.message_id}


class RecipientStateSensor(_RecipientSensor):
    """What became of the newest message to the recipient."""

    _newest: str = ""

    @override
    async def async_added_to_hass(self) -> None:
        if data := await self.async_get_last_extra_data():
            self._newest = data.as_dict().get(_MESSAGE_ID, "")
        await super().async_added_to_hass()

    @property
    @override
    def extra_restore_state_data(self) -> _NewestMessage:
        return _NewestMessage(self.native_value, None, self._newest)

    @override
    def _update(self, change: Change) -> bool:
        message = change.message
        if message.id < self._newest:  # our ids grow with time
            return False
        self._newest = message.id
        self._attr_native_value = message.state.value
        return True


class RecipientDeliveredSensor(_RecipientSensor):
    """When a message last reached the recipient."""

    @override
    def _update(self, change: Change) -> bool:
        if change.message.state is not State.DELIVERED:
            return False
        self._attr_native_value = change.message.finished_at or dt_util.utcnow()
        return True
