"""Changing how an account sends, tracks and keeps messages."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_WEBHOOK_ID

from .const import CONF_CLOUDHOOK_URL, CONF_SYSTEM
from .gateway.errors import InputError
from .options import normalize_options, options_schema
from .systems import SYSTEMS
from .webhook import async_add_cloudhook, webhook_url


class SmsGatewayOptionsFlow(OptionsFlow):
    """Asks for all options in one form, and shows the webhook's address again."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form, or store what it gave."""
        errors: dict[str, str] = {}
        reason = ""
        entry = self.config_entry
        if user_input is not None:
            try:
                return self.async_create_entry(data=normalize_options(user_input))
            except InputError as error:
                errors, reason = {error.field: f"invalid_{error.field}"}, error.text
        data = dict(entry.data)
        if CONF_CLOUDHOOK_URL not in data:
            # The user may have come to Home Assistant Cloud since.
            data |= await async_add_cloudhook(self.hass, data[CONF_WEBHOOK_ID])
            self.hass.config_entries.async_update_entry(entry, data=data)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                options_schema(SYSTEMS[entry.data[CONF_SYSTEM]]),
                user_input or entry.options,
            ),
            errors=errors,
            description_placeholders={
                "reason": reason,
                "webhook_url": webhook_url(self.hass, data),
            },
        )
