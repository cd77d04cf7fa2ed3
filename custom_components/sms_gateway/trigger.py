"""Triggers: a receipt was received, a message was received."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .const import (
    ATTR_CONFIG_ENTRY,
    ATTR_RECIPIENT,
    ATTR_SENDER,
    ATTR_STATE,
    CONF_NUMBERS,
    CONF_REGION,
    DOMAIN,
    EVENT_MESSAGE,
    EVENT_RECEIPT,
)
from .event import RECEIPT
from .gateway.errors import InputError
from .gateway.numbers import normalize_number
from .gateway.reasons import Reason
from .targets import TARGETS, find_recipient, is_at, is_entity

_NUMBERS: Final = vol.All(TARGETS, vol.Length(min=1))


class _EventTrigger(Trigger):
    """Fires at an event of ours that passes all filters of the trigger."""

    event_type: ClassVar[str]
    number_field: ClassVar[str]
    """Which number of the event is filtered: numbers and notify entities are given."""
    other_fields: ClassVar[dict[vol.Marker, Any]] = {}

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        schema = vol.Schema(
            {
                vol.Optional(CONF_OPTIONS, default=dict): {
                    vol.Optional(ATTR_CONFIG_ENTRY): cv.string,
                    vol.Optional(cls.number_field): _NUMBERS,
                    **cls.other_fields,
                }
            }
        )
        validated: ConfigType = schema(config)
        options = validated[CONF_OPTIONS]
        if cls.number_field in options:
            regions = _regions(hass, options.get(ATTR_CONFIG_ENTRY))
            options[cls.number_field] = [
                _readable(target, regions) for target in options[cls.number_field]
            ]
        return validated

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take the filters."""
        super().__init__(hass, config)
        self._options: Mapping[str, Any] = config.options or {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        @callback
        def take(event: Event) -> None:
            if self.passes(event.data):
                run_action(dict(event.data), self.describe(event.data), event.context)

        return self._hass.bus.async_listen(self.event_type, take)

    def passes(self, data: Mapping[str, Any]) -> bool:
        """Whether an event is one that is waited for."""
        account = self._options.get(ATTR_CONFIG_ENTRY)
        if account is not None and account != data[ATTR_CONFIG_ENTRY]:
            return False
        targets: list[str] | None = self._options.get(self.number_field)
        if targets is None:
            return True
        region = _region_of(self._hass, data[ATTR_CONFIG_ENTRY])
        number: str = data[self.number_field]
        return any(self._is_meant(target, number, region) for target in targets)

    @abstractmethod
    def describe(self, data: Mapping[str, Any]) -> str:
        """Say what happened, without the text of a message."""

    def _is_meant(self, target: str, number: str, region: str | None) -> bool:
        """Whether a number is the one given, or one of the recipient given."""
        if not is_entity(target):
            return is_at(target, number, region)
        try:
            _, subentry = find_recipient(self._hass, target)
        except ServiceValidationError:
            return False  # a recipient that is gone has no number
        numbers: list[str] = subentry.data[CONF_NUMBERS]
        return any(is_at(each, number, region) for each in numbers)


class ReceiptReceived(_EventTrigger):
    """There is news of a message that was sent."""

    event_type = EVENT_RECEIPT
    number_field = ATTR_RECIPIENT
    other_fields: ClassVar = {
        vol.Optional(ATTR_STATE): vol.All(
            cv.ensure_list, vol.Length(min=1), [vol.In(RECEIPT.event_types or ())]
        )
    }

    @override
    def passes(self, data: Mapping[str, Any]) -> bool:
        states = self._options.get(ATTR_STATE)
        return super().passes(data) and (states is None or data[ATTR_STATE] in states)

    @override
    def describe(self, data: Mapping[str, Any]) -> str:
        return f"SMS to {data[ATTR_RECIPIENT]} is {data[ATTR_STATE]}"


class MessageReceived(_EventTrigger):
    """A message came in."""

    event_type = EVENT_MESSAGE
    number_field = ATTR_SENDER

    @override
    def describe(self, data: Mapping[str, Any]) -> str:
        return f"SMS from {data[ATTR_SENDER]}"


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "receipt_received": ReceiptReceived,
    "message_received": MessageReceived,
}


def _regions(hass: HomeAssistant, entry_id: str | None) -> list[str | None]:
    """Return the countries whose numbers may be meant: those of the accounts."""
    entries = hass.config_entries.async_entries(DOMAIN)
    return [
        entry.options.get(CONF_REGION)
        for entry in entries
        if entry_id in (None, entry.entry_id)
    ] or [None]


def _region_of(hass: HomeAssistant, entry_id: str) -> str | None:
    entry = hass.config_entries.async_get_entry(entry_id)
    return entry.options.get(CONF_REGION) if entry else None


def _readable(target: Any, regions: Sequence[str | None]) -> str:
    """Return a name, an entity or a number that can be compared with others.

    What is no number of any account's country would never be met: raises vol.Invalid.
    """
    if isinstance(target, str) and any(map(str.isalpha, target)):
        return target
    if not isinstance(target, str | int):
        raise vol.Invalid(str(Reason("number_unreadable", number=target)))
    refusal: InputError | None = None
    for region in regions:
        try:
            number = normalize_number(target, region)
        except InputError as error:
            refusal = error
        else:
            return number if isinstance(target, int) else target
    raise vol.Invalid(str(refusal))


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of the integration."""
    return TRIGGERS
