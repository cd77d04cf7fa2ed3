"""The service `notify.<account>`: for `alert`, notify groups and templates.

Takes `message`, `title`, `target` (numbers, or notify entities of recipients) and
`data` (the further fields of `sms_gateway.send_message`). Without a target, as `alert`
calls it, the message goes to every recipient of the account.
"""

from functools import partial
from typing import Any, Final

from homeassistant.components.notify import (
    ATTR_DATA,
    ATTR_MESSAGE,
    ATTR_TARGET,
    ATTR_TITLE,
    DOMAIN as NOTIFY_DOMAIN,
)
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import slugify
import voluptuous as vol

from .const import CONF_NOTIFY_SERVICE, DOMAIN
from .coordinator import SmsGatewayConfigEntry
from .drafts import DRAFT_FIELDS, drafts_from, fields_from
from .sending import async_send, with_title
from .targets import TARGETS, all_recipients, resolve_targets

_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_MESSAGE): cv.string,
        vol.Optional(ATTR_TITLE): cv.string,
        # Home Assistant's own schema makes text of a number that came without quotes.
        vol.Optional(ATTR_TARGET): vol.Any(None, TARGETS),
        vol.Optional(ATTR_DATA): vol.Any(None, dict),
    }
)


async def _send(entry: SmsGatewayConfigEntry, call: ServiceCall) -> None:
    """Send a message; raises HomeAssistantError when it is refused."""
    fields = fields_from(call.hass, call.data.get(ATTR_DATA) or {})
    given: list[Any] | None = call.data.get(ATTR_TARGET)
    targets = (
        # A list that a template left empty means nobody, not everybody.
        all_recipients(entry)
        if given is None
        else resolve_targets(call.hass, entry, given)
    )
    text = with_title(call.data[ATTR_MESSAGE], call.data.get(ATTR_TITLE))
    await async_send(entry, drafts_from(text, targets, fields))


@callback
def async_name_notify_service(
    hass: HomeAssistant, entry: SmsGatewayConfigEntry
) -> None:
    """Give the service its name, which it keeps when the entry gets another.

    An `alert` that calls it by the old one would fail, and be the last to say so.
    """
    if CONF_NOTIFY_SERVICE not in entry.data:
        name = _free_name(hass, entry)
        data = {**entry.data, CONF_NOTIFY_SERVICE: name}
        hass.config_entries.async_update_entry(entry, data=data)


@callback
def async_add_notify_service(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Register the service for as long as the entry is loaded."""
    name: str = entry.data[CONF_NOTIFY_SERVICE]
    hass.services.async_register(NOTIFY_DOMAIN, name, partial(_send, entry), _SCHEMA)
    async_set_service_schema(hass, NOTIFY_DOMAIN, name, _description(hass, entry))
    entry.async_on_unload(partial(hass.services.async_remove, NOTIFY_DOMAIN, name))


def _free_name(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> str:
    """Name the service; of several accounts by one name the first one has it as it is.

    The order of the entries decides, not that of their set-up: it is always the same.
    """
    name = slugify(entry.title)
    entries = hass.config_entries.async_entries(DOMAIN)
    others = [each for each in entries if each is not entry]
    alike = [each for each in entries if slugify(each.title) == name]
    is_taken = hass.services.has_service(NOTIFY_DOMAIN, name) or any(
        each.data.get(CONF_NOTIFY_SERVICE) == name for each in others
    )
    if alike[0] is entry and not is_taken:
        return name
    return f"{name}_{entry.entry_id[-6:].lower()}"


def _description(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> dict[str, Any]:
    """Describe the service for the editors; its name is no key of a translation.

    So it is said in the words of `sms_gateway.send_message`, in Home Assistant's own
    language.
    """
    words = async_get_cached_translations(
        hass, hass.config.language, "services", DOMAIN
    )

    def said(key: str) -> str:
        return words.get(f"component.{DOMAIN}.services.send_message.{key}", key)

    def field(name: str, selector: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "name": said(f"fields.{name}.name"),
            "description": said(f"fields.{name}.description"),
            "selector": selector,
            **more,
        }

    return {
        "name": f"{said('name')}: {entry.title}",
        "description": said("description"),
        "fields": {
            ATTR_MESSAGE: field(
                ATTR_MESSAGE, {"text": {"multiline": True}}, required=True
            ),
            ATTR_TITLE: field(ATTR_TITLE, {"text": None}, example="Alarm"),
            ATTR_TARGET: field(
                ATTR_TARGET, {"text": {"multiple": True}}, example="+9613123456"
            ),
            ATTR_DATA: {
                "name": said("sections.options.name"),
                "description": ", ".join(map(str, DRAFT_FIELDS)),
                "example": '{"sender": "Home"}',
                "selector": {"object": None},
            },
        },
    }
