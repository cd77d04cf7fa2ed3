"""The fields of a message, as actions and the notify service take them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
import logging
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from .const import (
    ATTR_ENCODING,
    ATTR_FLASH,
    ATTR_REFERENCE,
    ATTR_SCHEDULE,
    ATTR_SENDER,
    ATTR_TRACK,
    ATTR_VALIDITY,
    DOMAIN,
)
from .exceptions import validation_error
from .gateway import Draft, Encoding
from .quoting import named
from .targets import Target

_LOGGER = logging.getLogger(__name__)
_TOLD: HassKey[set[Any]] = HassKey(f"{DOMAIN}_told")

DRAFT_FIELDS: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_SENDER): cv.string,
    vol.Optional(ATTR_ENCODING, default=Encoding.AUTO.value): vol.All(
        vol.Lower, vol.Coerce(Encoding)
    ),
    vol.Optional(ATTR_SCHEDULE): cv.datetime,
    vol.Optional(ATTR_VALIDITY): vol.All(
        cv.positive_time_period,
        vol.Range(min=timedelta(minutes=1), max=timedelta(days=7)),
    ),
    vol.Optional(ATTR_FLASH): cv.boolean,
    vol.Optional(ATTR_REFERENCE): vol.All(cv.string, vol.Length(max=255)),
    vol.Optional(ATTR_TRACK, default=True): cv.boolean,
}
DRAFT_SCHEMA: Final = vol.Schema(DRAFT_FIELDS)
_NAMES: Final = frozenset(map(str, DRAFT_FIELDS))


@callback
def fields_from(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, Any]:
    """Take the fields of a message out of the `data` of a notifier.

    A notify group and `alert` hand the same data to all their notifiers: what is meant
    for others, such as the `push` of a phone, is passed over, and logged once. Raises
    ServiceValidationError for a field of ours that cannot be used.
    """
    told = hass.data.setdefault(_TOLD, set())
    for name in sorted(data.keys() - _NAMES - told, key=str):
        told.add(name)
        _LOGGER.warning("Unknown in the data of a notifier, and passed over: %s", name)
    try:
        fields: dict[str, Any] = DRAFT_SCHEMA(
            {name: data[name] for name in data.keys() & _NAMES}
        )
    except vol.Invalid as error:
        name = str(next(iter(error.path), ""))
        raise validation_error(f"data_{name}", value=named(data[name])) from None
    return fields


def drafts_from(
    text: str, targets: Iterable[Target], fields: Mapping[str, Any]
) -> list[Draft]:
    """Make one draft for all targets that are to be written to alike.

    A sender or flash among the fields goes before the recipient's own. A time without
    a zone is Home Assistant's local time.
    """
    alike: dict[tuple[str | None, bool], list[str | int]] = {}
    for target in targets:
        sender = fields.get(ATTR_SENDER, target.sender)
        flash = fields.get(ATTR_FLASH, target.flash)
        alike.setdefault((sender, flash), []).extend(target.numbers)
    schedule = fields.get(ATTR_SCHEDULE)
    return [
        Draft(
            recipients=numbers,
            text=text,
            sender=sender,
            encoding=fields[ATTR_ENCODING],
            schedule=schedule and dt_util.as_local(schedule),
            validity=fields.get(ATTR_VALIDITY),
            flash=flash,
            reference=fields.get(ATTR_REFERENCE),
            track=fields[ATTR_TRACK],
        )
        for (sender, flash), numbers in alike.items()
    ]
