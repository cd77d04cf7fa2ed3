"""Setting an account up: its login, checked by a real request, and its options."""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Final, override

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_PASSWORD
from homeassistant.core import callback
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from .const import (
    CONF_CLOUDHOOK_URL,
    CONF_REGION,
    CONF_SENDER,
    CONF_SYSTEM,
    DOMAIN,
    SUBENTRY_RECIPIENT,
)
from .coordinator import SmsGatewayConfigEntry
from .gateway.errors import (
    AddressLockedError,
    BlockedError,
    InputError,
    LoginError,
    ProviderError,
    SessionsError,
    TransientError,
    UncertainError,
)
from .options import REGION_SELECTOR, normalize_options
from .options_flow import SmsGatewayOptionsFlow
from .recipient_flow import RecipientFlow
from .systems import SYSTEMS, System
from .webhook import async_delete_cloudhook, async_new_webhook, webhook_url

_FIRST_OPTIONS: Final = vol.Schema(
    {
        vol.Required(CONF_SENDER): TextSelector(),
        vol.Optional(CONF_REGION): REGION_SELECTOR,
    }
)
_WHOLE_FORM: Final = "base"


class SmsGatewayConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up, mends and changes an account."""

    VERSION = 1

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._login: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self._finished = False

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: SmsGatewayConfigEntry) -> OptionsFlow:
        return SmsGatewayOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: SmsGatewayConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        return {SUBENTRY_RECIPIENT: RecipientFlow}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer the systems."""
        return self.async_show_menu(step_id="user", menu_options=list(SYSTEMS))

    async def async_step_websmpp(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a login at a websmpp server."""
        return await self._async_step_login(SYSTEMS["websmpp"], user_input)

    async def async_step_smpp(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a login at an SMSC."""
        return await self._async_step_login(SYSTEMS["smpp"], user_input)

    async def async_step_smsitaly(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for an account at smsitaly."""
        return await self._async_step_login(SYSTEMS["smsitaly"], user_input)

    async def _async_step_login(
        self, system: System, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        schema = system.login_schema.extend(_FIRST_OPTIONS.schema)
        errors: dict[str, str] = {}
        reason = ""
        if user_input is not None:
            login = dict(user_input)
            options: dict[str, Any] = {
                key: login.pop(key)
                for key in (CONF_SENDER, CONF_REGION)
                if key in login
            }
            try:
                self._options = normalize_options(options)
                self._login = _stored(system, login)
                # Before the check: the account may have no place for a second session.
                await self.async_set_unique_id(system.unique_id(self._login))
                self._abort_if_unique_id_configured(reload_on_update=False)
                await self._async_check(system, self._login)
            except (InputError, ProviderError) as error:
                errors, reason = _form_errors(error, system, schema)
            else:
                if system.read_push is None:
                    return self._finish()
                self._login |= await async_new_webhook(self.hass)
                return await self.async_step_webhook()
        return self.async_show_form(
            step_id=system.name,
            data_schema=self.add_suggested_values_to_schema(
                schema,
                user_input
                or {CONF_REGION: self.hass.config.country, **system.suggestions},
            ),
            errors=errors,
            description_placeholders={"reason": reason},
        )

    async def async_step_webhook(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show where the provider can bring receipts, and finish."""
        if user_input is None:
            return self.async_show_form(
                step_id="webhook",
                description_placeholders={
                    "webhook_url": webhook_url(self.hass, self._login)
                },
            )
        return self._finish()

    def _finish(self) -> ConfigFlowResult:
        system = SYSTEMS[self._login[CONF_SYSTEM]]
        self._finished = True
        return self.async_create_entry(
            title=system.title(self._login), data=self._login, options=self._options
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Give a cloud address back when the set-up was broken off."""
        if CONF_CLOUDHOOK_URL in self._login and not self._finished:
            self.hass.async_create_task(
                async_delete_cloudhook(self.hass, self._login),
                "sms_gateway cloudhook",
            )

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin to mend a login that the provider refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the secret again."""
        entry = self._get_reauth_entry()
        system = SYSTEMS[entry.data[CONF_SYSTEM]]
        return await self._async_step_change(
            entry, system.secret_schema, "reauth_confirm", user_input, {}
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the whole login again."""
        entry = self._get_reconfigure_entry()
        system = SYSTEMS[entry.data[CONF_SYSTEM]]
        known = {key: entry.data[key] for key in entry.data if key != CONF_PASSWORD}
        return await self._async_step_change(
            entry, system.login_schema, "reconfigure", user_input, known
        )

    async def _async_step_change(
        self,
        entry: SmsGatewayConfigEntry,
        schema: vol.Schema,
        step_id: str,
        user_input: dict[str, Any] | None,
        suggested: Mapping[str, Any],
    ) -> ConfigFlowResult:
        """Check a changed login, and store it where it is right."""
        system = SYSTEMS[entry.data[CONF_SYSTEM]]
        errors: dict[str, str] = {}
        reason = ""
        if user_input is not None:
            try:
                login = _stored(system, {**entry.data, **user_input})
                await self._async_set_account(entry, system.unique_id(login))
                async with _aside(entry):
                    await self._async_check(system, login)
            except (InputError, ProviderError) as error:
                errors, reason = _form_errors(error, system, schema)
            else:
                return self._store(entry, system, login)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or suggested
            ),
            errors=errors,
            description_placeholders={"account": entry.title, "reason": reason},
        )

    async def _async_set_account(
        self, entry: SmsGatewayConfigEntry, unique_id: str
    ) -> None:
        """See that the entry does not become an account that is set up already."""
        if unique_id != entry.unique_id:
            await self.async_set_unique_id(unique_id)
            self._abort_if_unique_id_configured(reload_on_update=False)

    def _store(
        self, entry: SmsGatewayConfigEntry, system: System, login: dict[str, Any]
    ) -> ConfigFlowResult:
        unchanged = all(entry.data.get(key) == login[key] for key in login)
        result = self.async_update_and_abort(
            entry, unique_id=system.unique_id(login), data_updates=login
        )
        if unchanged or entry.state is not ConfigEntryState.LOADED:
            # Only a loaded entry listens for updates, and only a changed one has any.
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return result

    async def _async_check(self, system: System, login: Mapping[str, Any]) -> None:
        """Prove a login by a real request; raises ProviderError."""
        provider = await system.provider(self.hass, login, {})
        try:
            await provider.check_login()
        finally:
            await provider.close()


def _stored(system: System, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a login in its stored form; raises InputError."""
    return {CONF_SYSTEM: system.name, **system.normalize(given)}


def _aside(entry: SmsGatewayConfigEntry) -> AbstractAsyncContextManager[None]:
    """Let the entry's own session, if it has one, not be in the way of the check."""
    if entry.state is ConfigEntryState.LOADED:
        return entry.runtime_data.account.stand_aside()
    return nullcontext()


def _form_errors(
    error: InputError | ProviderError, system: System, schema: vol.Schema
) -> tuple[dict[str, str], str]:
    """Put an error to the fields that it is about; the reason goes to the form."""
    fields: Collection[str]
    match error:
        case InputError():
            fields, key, reason = {error.field}, f"invalid_{error.field}", error.text
        case LoginError():
            fields, key, reason = system.login_fields, "invalid_auth", str(error)
        case BlockedError() | AddressLockedError() | SessionsError():
            fields, key, reason = (), error.kind, str(error)
        case TransientError() | UncertainError():
            fields, key, reason = {system.address_field}, "cannot_connect", str(error)
        case _:
            fields, key, reason = (), "refused", str(error)
    if isinstance(error, ProviderError):
        field = system.error_fields.get(error.code or "")
        fields = {field} if field else fields
    shown = set(fields).intersection(map(str, schema.schema)) or {_WHOLE_FORM}
    return dict.fromkeys(shown, key), reason
