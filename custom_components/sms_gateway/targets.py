"""Who a message goes to: bare numbers, and recipients by their notify entity."""

from collections.abc import Iterable
from dataclasses import dataclass

from homeassistant.components.notify import DOMAIN as NOTIFY_DOMAIN
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .const import CONF_FLASH, CONF_NUMBERS, CONF_SENDER, DOMAIN, SUBENTRY_RECIPIENT
from .coordinator import SmsGatewayConfigEntry
from .gateway.numbers import same_number


@dataclass(frozen=True, slots=True)
class Target:
    """Numbers, and how their recipient wants to be written to."""

    numbers: tuple[str, ...]
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
    hass: HomeAssistant, entry: SmsGatewayConfigEntry, targets: Iterable[str]
) -> list[Target]:
    """Turn numbers and entity ids into targets of one account.

    Raises ServiceValidationError for an entity that is no recipient of the account.
    """
    numbers: list[str] = []
    resolved: list[Target] = []
    for target in targets:
        if is_entity(target):
            owner, subentry = find_recipient(hass, target)
            if owner is not entry:
                raise _no_recipient(target)
            resolved.append(recipient_target(subentry))
        else:
            numbers.append(target)
    return [Target(tuple(numbers)), *resolved] if numbers else resolved


def is_entity(target: str) -> bool:
    """Whether a target is a notify entity, not a number."""
    return target.startswith(f"{NOTIFY_DOMAIN}.")


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


def is_at(given: str, number: str) -> bool:
    """Whether a number of an event is the one that a user gave, however spelt.

    Names, such as `Bank`, must be the same.
    """
    if any(map(str.isalpha, given + number)):
        return given.casefold() == number.casefold()
    return same_number(given, number)


def _no_recipient(entity_id: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_recipient",
        translation_placeholders={"entity_id": entity_id},
    )
