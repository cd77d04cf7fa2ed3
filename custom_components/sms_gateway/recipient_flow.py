"""Adding and changing recipients: people or groups with numbers."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from .const import CONF_FLASH, CONF_NUMBERS, CONF_REGION, CONF_SENDER
from .coordinator import SmsGatewayConfigEntry
from .form_errors import FormErrors, input_error
from .gateway.errors import InputError
from .gateway.numbers import check_sender, normalize_number

_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Required(CONF_NUMBERS): TextSelector(TextSelectorConfig(multiple=True)),
        vol.Optional(CONF_SENDER): TextSelector(),
    }
)


class RecipientFlow(ConfigSubentryFlow):
    """Asks for one recipient."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a recipient."""
        return await self._async_step_form("user", user_input, {})

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a recipient."""
        subentry = self._get_reconfigure_subentry()
        known = {CONF_NAME: subentry.title, **subentry.data}
        return await self._async_step_form("reconfigure", user_input, known)

    async def _async_step_form(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        known: Mapping[str, Any],
    ) -> SubentryFlowResult:
        found, schema = FormErrors(), _schema(self._get_entry())
        if user_input is not None:
            try:
                name, data = self._normalize(user_input)
            except InputError as error:
                found = input_error(error, schema)
            else:
                return self._finish(name, data)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or known
            ),
            errors=found.errors,
            description_placeholders=found.words,
        )

    def _finish(self, name: str, data: dict[str, Any]) -> SubentryFlowResult:
        if self.source == SOURCE_USER:
            return self.async_create_entry(title=name, data=data)
        return self.async_update_and_abort(
            self._get_entry(), self._get_reconfigure_subentry(), title=name, data=data
        )

    def _normalize(self, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Bring the form into its stored form; raises InputError."""
        name = given[CONF_NAME].strip()
        if not name:
            raise InputError(CONF_NAME, "name_empty")
        region = self._get_entry().options.get(CONF_REGION)
        data: dict[str, Any] = {CONF_NUMBERS: _numbers(given[CONF_NUMBERS], region)}
        if sender := given.get(CONF_SENDER, "").strip():
            data[CONF_SENDER] = check_sender(sender)
        if given.get(CONF_FLASH):
            data[CONF_FLASH] = True
        return name, data


def _schema(entry: SmsGatewayConfigEntry) -> vol.Schema:
    """Build the form; flash is offered where the account can, as far as that is known."""
    can_flash = (
        entry.state is ConfigEntryState.LOADED
        and entry.runtime_data.account.provider.capabilities.flash
    )
    return _SCHEMA.extend(
        {vol.Optional(CONF_FLASH): BooleanSelector()} if can_flash else {}
    )


def _numbers(given: list[str], region: str | None) -> list[str]:
    try:
        numbers = [normalize_number(each, region) for each in given if each.strip()]
    except InputError as error:
        raise error.at(CONF_NUMBERS) from None
    if not numbers:
        raise InputError(CONF_NUMBERS, "numbers_missing")
    return list(dict.fromkeys(numbers))
