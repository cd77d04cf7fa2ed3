"""The fields of a message, as actions and the notify service take them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import (
    ATTR_ENCODING,
    ATTR_FLASH,
    ATTR_REFERENCE,
    ATTR_SCHEDULE,
    ATTR_SENDER,
    ATTR_TRACK,
    ATTR_VALIDITY,
)
from .gateway import Draft, Encoding
from .targets import Target

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


def drafts_from(
    text: str, targets: Iterable[Target], fields: Mapping[str, Any]
) -> list[Draft]:
    """Make one draft for all targets that are to be written to alike.

    A sender or flash among the fields goes before the recipient's own. A time without
    a zone is Home Assistant's local time.
    """
    alike: dict[tuple[str | None, bool], list[str]] = {}
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
