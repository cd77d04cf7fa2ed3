"""The service `notify.<account>`: for `alert`, notify groups and templates.

Takes `message`, `title`, `target` (numbers, or notify entities of recipients) and
`data` (the further fields of `sms_gateway.send_message`). Without a target, as `alert`
calls it, the message goes to every recipient of the account.
"""

from typing import Any, override

from homeassistant.components.notify import (
    ATTR_DATA,
    ATTR_MESSAGE,
    ATTR_TARGET,
    ATTR_TITLE,
    DOMAIN as NOTIFY_DOMAIN,
    BaseNotificationService,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.util import slugify
import voluptuous as vol

from .const import DOMAIN
from .coordinator import SmsGatewayConfigEntry
from .drafts import DRAFT_SCHEMA, drafts_from
from .sending import async_send, with_title
from .targets import all_recipients, resolve_targets


class AccountNotificationService(BaseNotificationService):
    """Sends through one account."""

    def __init__(self, entry: SmsGatewayConfigEntry) -> None:
        """Take the entry of the account."""
        self._entry = entry

    @override
    async def async_send_message(self, message: str, **kwargs: Any) -> None:
        """Send a message; raises HomeAssistantError when it is refused."""
        try:
            fields = DRAFT_SCHEMA(kwargs.get(ATTR_DATA) or {})
        except vol.Invalid as error:
            place = ".".join(map(str, (ATTR_DATA, *error.path)))
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="invalid_input",
                translation_placeholders={"field": place, "reason": error.msg},
            ) from error
        if given := kwargs.get(ATTR_TARGET):
            targets = resolve_targets(self.hass, self._entry, given)
        else:
            targets = all_recipients(self._entry)
        text = with_title(message, kwargs.get(ATTR_TITLE))
        await async_send(self._entry, drafts_from(text, targets, fields))


async def async_add_notify_service(
    hass: HomeAssistant, entry: SmsGatewayConfigEntry
) -> None:
    """Register the service, named after the entry, for as long as it is loaded."""
    name = _service_name(hass, entry)
    service = AccountNotificationService(entry)
    await service.async_setup(hass, name, name)
    await service.async_register_services()
    async_set_service_schema(hass, NOTIFY_DOMAIN, name, _description(entry))

    @callback
    def remove() -> None:
        hass.services.async_remove(NOTIFY_DOMAIN, name)

    entry.async_on_unload(remove)


def _service_name(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> str:
    """Name the service; of several accounts by one name the first one has it as it is.

    The order of the entries decides, not that of their set-up: it is always the same.
    """
    name = slugify(entry.title)
    alike = [
        each
        for each in hass.config_entries.async_entries(DOMAIN)
        if slugify(each.title) == name
    ]
    if alike[0] is entry and not hass.services.has_service(NOTIFY_DOMAIN, name):
        return name
    return f"{name}_{entry.entry_id[-6:].lower()}"


def _description(entry: SmsGatewayConfigEntry) -> dict[str, Any]:
    """Describe the service for the editors; its name is no key of a translation."""
    return {
        "name": f"Send SMS with {entry.title}",
        "description": "Sends a text message to numbers and recipients of the account.",
        "fields": {
            ATTR_MESSAGE: {
                "name": "Message",
                "description": "The text. Long texts are sent in parts.",
                "required": True,
                "example": "Water in the cellar!",
                "selector": {"text": {"multiline": True}},
            },
            ATTR_TITLE: {
                "name": "Title",
                "description": "Goes above the text, on a line of its own.",
                "example": "Alarm",
                "selector": {"text": None},
            },
            ATTR_TARGET: {
                "name": "To",
                "description": (
                    "Phone numbers, and notify entities of recipients. "
                    "Without any, all recipients of the account."
                ),
                "example": "+9613123456",
                "selector": {"text": {"multiple": True}},
            },
            ATTR_DATA: {
                "name": "Data",
                "description": (
                    "Further fields of the action 'Send SMS': sender, encoding, "
                    "schedule, validity, flash, reference, track."
                ),
                "example": '{"sender": "Home"}',
                "selector": {"object": None},
            },
        },
    }
