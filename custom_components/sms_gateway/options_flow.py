"""Changing how an account sends, tracks and keeps messages."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_WEBHOOK_ID

from .const import CONF_CLOUDHOOK_URL, CONF_SYSTEM
from .form_errors import FormErrors, input_error
from .gateway.errors import InputError
from .options import normalize_options, options_schema
from .systems import async_load_system, loaded_system
from .webhook_address import async_add_cloudhook, webhook_words


class SmsGatewayOptionsFlow(OptionsFlow):
    """Asks for all options in one form, and shows the webhook's address again."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form of the account's system, or store what it gave."""
        system = await async_load_system(self.hass, self.config_entry.data[CONF_SYSTEM])
        return await self._async_step(system.options_step, user_input)

    async def async_step_without_webhook(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form of an account that has none, or store what it gave."""
        return await self._async_step("without_webhook", user_input)

    async def async_step_soap_webhook(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form of an account that receipts are posted to, or store it."""
        return await self._async_step("soap_webhook", user_input)

    async def _async_step(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        found = FormErrors()
        entry = self.config_entry
        system = loaded_system(entry.data)
        schema = options_schema(system, entry.data)
        if user_input is not None:
            try:
                options = normalize_options(system, entry.data, user_input)
                await system.check_options(entry.data, options)
            except InputError as error:
                found = input_error(error, schema)
            else:
                return self.async_create_entry(data=options)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                found.in_form(schema), user_input or entry.options
            ),
            errors=found.errors,
            description_placeholders={**found.words, **await self._async_webhook()},
        )

    async def _async_webhook(self) -> dict[str, str]:
        """Return the address to show, if there is one."""
        data = dict(self.config_entry.data)
        if CONF_WEBHOOK_ID not in data:
            return {}
        if CONF_CLOUDHOOK_URL not in data:
            # The user may have come to Home Assistant Cloud since.
            data |= await async_add_cloudhook(self.hass, data[CONF_WEBHOOK_ID])
            self.hass.config_entries.async_update_entry(self.config_entry, data=data)
        return webhook_words(self.hass, data)
