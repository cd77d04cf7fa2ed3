"""Who a message goes to: bare numbers, and recipients by their notify entity."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components.notify import DOMAIN as NOTIFY_DOMAIN
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, entity_registry as er
import voluptuous as vol

from .const import CONF_FLASH, CONF_NUMBERS, CONF_SENDER, DOMAIN, SUBENTRY_RECIPIENT
from .coordinator import SmsGatewayConfigEntry
from .exceptions import validation_error
from .gateway.numbers import same_subscriber
from .quoting import named


def _as_given(value: Any) -> Any:
    """Keep what is no text as it is: how it is to be read says the gateway.

    As text, a number would lose that it came without quotes, or out of a template.
    """
    return value.strip() if isinstance(value, str) else value


TARGETS: Final = vol.All(cv.ensure_list, [_as_given])
"""Numbers and notify entities, as an action or a trigger is given them."""


@dataclass(frozen=True, slots=True)
class Target:
    """Numbers, and how their recipient wants to be written to."""

    numbers: tuple[str | int, ...]
    sender: str | None = None
    flash: bool = False


def recipient_target(subentry: ConfigSubentry) -> Target:
    """Return the target that a recipient is set up as."""
    return Target(
        tuple(subentry.data[CONF_NUMBERS]),
        subentry.data.get(CONF_SENDER),
        subentry.data.get(CONF_FLASH, False),
    )


def all_recipients(entry: SmsGatewayConfigEntry) -> list[Target]:
    """Return every recipient of an account."""
    return [
        recipient_target(each)
        for each in entry.get_subentries_of_type(SUBENTRY_RECIPIENT)
    ]


def resolve_targets(
    hass: HomeAssistant, entry: SmsGatewayConfigEntry, targets: Iterable[Any]
) -> list[Target]:
    """Turn numbers and entity ids into targets of one account.

    Raises ServiceValidationError for an entity that is no recipient of the account, and
    for what is neither a number nor an entity.
    """
    numbers: list[str | int] = []
    resolved: list[Target] = []
    for target in targets:
        if is_entity(target):
            owner, subentry = find_recipient(hass, target)
            if owner is not entry:
                raise _no_recipient(target)
            resolved.append(recipient_target(subentry))
        elif isinstance(target, str | int):
            numbers.append(target)
        else:
            raise validation_error("number_unreadable", number=named(target))
    return [Target(tuple(numbers)), *resolved] if numbers else resolved


def is_entity(target: Any) -> bool:
    """Whether a target is a notify entity, not a number."""
    return isinstance(target, str) and target.startswith(f"{NOTIFY_DOMAIN}.")


def find_recipient(
    hass: HomeAssistant, entity_id: str
) -> tuple[SmsGatewayConfigEntry, ConfigSubentry]:
    """Return the account and the recipient of a notify entity.

    Raises ServiceValidationError for any other entity.
    """
    registered = er.async_get(hass).async_get(entity_id)
    if (
        registered is None
        or registered.platform != DOMAIN
        or registered.config_entry_id is None
        or registered.config_subentry_id is None
    ):
        raise _no_recipient(entity_id)
    entry: SmsGatewayConfigEntry = hass.config_entries.async_get_known_entry(
        registered.config_entry_id
    )
    return entry, entry.subentries[registered.config_subentry_id]


def is_at(given: str, number: str, region: str | None) -> bool:
    """Whether a number of an event is the one that a user gave, however spelt.

    What has no country code is read as the account's country, its ISO 3166 `region`,
    writes it. Names, such as `Bank`, must be the same.
    """
    if any(map(str.isalpha, given + number)):
        return given.casefold() == number.casefold()
    return same_subscriber(given, number, region)


def _no_recipient(entity_id: str) -> ServiceValidationError:
    return validation_error("no_recipient", entity_id=entity_id)
