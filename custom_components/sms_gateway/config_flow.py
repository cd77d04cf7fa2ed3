"""Setting an account up: its login, checked by a real request, and its options."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from types import MappingProxyType
from typing import Any, Final, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_PASSWORD, CONF_PIN
from homeassistant.core import callback
from homeassistant.data_entry_flow import section
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
from .form_errors import FormErrors, input_error, provider_error
from .gateway.errors import (
    AddressLockedError,
    BlockedError,
    InactiveError,
    InputError,
    LoginError,
    ProviderError,
    SessionsError,
    TransientError,
    UncertainError,
)
from .options import REGION_SELECTOR, normalize_options
from .options_flow import SmsGatewayOptionsFlow
from .quoting import quoted
from .reauth import refusal_words
from .recipient_flow import RecipientFlow
from .systems import (
    SETUPS,
    System,
    async_load_system,
    can_send,
    loaded_system,
)
from .webhook_address import async_delete_cloudhook, async_new_webhook, webhook_words

_HIDDEN: Final = frozenset({CONF_PASSWORD, CONF_PIN})
"""What a form does not show again."""


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
        if not can_send(config_entry.data):
            return {}
        return {SUBENTRY_RECIPIENT: RecipientFlow}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer the systems."""
        return self.async_show_menu(step_id="user", menu_options=SETUPS)

    async def async_step_websmpp(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a login at a websmpp server."""
        return await self._async_step_login("websmpp", user_input)

    async def async_step_smpp(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a login at an SMSC."""
        return await self._async_step_login("smpp", user_input)

    async def async_step_smsitaly(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for an account at smsitaly."""
        return await self._async_step_login("smsitaly", user_input)

    async def async_step_csoft(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for an account at Connection Software."""
        return await self._async_step_login("csoft", user_input)

    async def async_step_csoft_receipts(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for what receipts of Connection Software have to bring."""
        system = await async_load_system(self.hass, "csoft")
        return await self._async_step_new(
            system, system.receipts_schema, "csoft_receipts", user_input
        )

    async def _async_step_login(
        self, name: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        system = await async_load_system(self.hass, name)
        return await self._async_step_new(
            system, _with_first_options(system), name, user_input
        )

    async def _async_step_new(
        self,
        system: System,
        schema: vol.Schema,
        step_id: str,
        user_input: dict[str, Any] | None,
    ) -> ConfigFlowResult:
        """Check a new login, and go on where it is right."""
        found = FormErrors()
        if user_input is not None:
            login = dict(user_input)
            options: dict[str, Any] = {
                key: login.pop(key)
                for key in (CONF_SENDER, CONF_REGION)
                if key in login
            }
            try:
                self._login = _stored(system, login)
                self._options = normalize_options(system, self._login, options)
                # Before the check: the account may have no place for a second session.
                await self._async_become(system.unique_id(self._login))
                await self._async_check(system, self._login)
            except (InputError, ProviderError) as error:
                found = _form_errors(error, system, schema)
            else:
                if system.webhook_step is None:
                    return self._finish()
                self._login |= await async_new_webhook(self.hass)
                return self._step_webhook(system.webhook_step)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                found.in_form(schema),
                user_input
                or {CONF_REGION: self.hass.config.country, **system.suggestions},
            ),
            errors=found.errors,
            description_placeholders={**system.examples, **found.words},
        )

    async def _async_become(self, unique_id: str) -> None:
        """Set up this account, in the place of a set-up of it that was left open.

        Whoever reloads the page cannot go back to that one.
        """
        await self.async_set_unique_id(unique_id, raise_on_progress=False)
        self._abort_if_unique_id_configured(reload_on_update=False)
        for flow in self._async_in_progress(
            include_uninitialized=True, match_context={"unique_id": unique_id}
        ):
            if flow["context"]["source"] == SOURCE_USER:
                self.hass.config_entries.flow.async_abort(flow["flow_id"])

    async def async_step_webhook(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show where the provider can push receipts, and finish."""
        return self._step_webhook("webhook", user_input)

    async def async_step_soap_webhook(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what the provider has to be told to post receipts, and finish."""
        return self._step_webhook("soap_webhook", user_input)

    def _step_webhook(
        self, step_id: str, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        if user_input is None:
            return self.async_show_form(
                step_id=step_id,
                description_placeholders=webhook_words(self.hass, self._login),
            )
        return self._finish()

    def _finish(self) -> ConfigFlowResult:
        system = loaded_system(self._login)
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
        system = await async_load_system(self.hass, entry_data[CONF_SYSTEM])
        return await self._async_step_secret(system.reauth_step)

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the password again."""
        return await self._async_step_secret("reauth_confirm", user_input)

    async def async_step_reauth_pin(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the PIN again."""
        return await self._async_step_secret("reauth_pin", user_input)

    async def _async_step_secret(
        self, step_id: str, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show why the provider refused the login, and ask for the secret again."""
        entry = self._get_reauth_entry()
        system = loaded_system(entry.data)
        return await self._async_step_change(
            entry,
            system.secret_schema,
            step_id,
            user_input,
            lambda secret: {**entry.data, **secret},
            words=refusal_words(entry),
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the login again; the secret may be left as it is."""
        entry = self._get_reconfigure_entry()
        system = await async_load_system(self.hass, entry.data[CONF_SYSTEM])
        return await self._async_step_change(
            entry,
            system.change_schema(entry.data),
            "reconfigure",
            user_input,
            partial(system.replace_login, entry.data),
            suggested={
                key: entry.data[key] for key in entry.data if key not in _HIDDEN
            },
            words=dict(system.examples),
        )

    async def _async_step_change(
        self,
        entry: SmsGatewayConfigEntry,
        schema: vol.Schema,
        step_id: str,
        user_input: dict[str, Any] | None,
        complete: Callable[[dict[str, Any]], dict[str, Any]],
        *,
        suggested: Mapping[str, Any] = MappingProxyType({}),
        words: Mapping[str, str] = MappingProxyType({}),
    ) -> ConfigFlowResult:
        """Check a changed login, and store it where it is right.

        `complete` makes a whole login of what the form gave.
        """
        system = loaded_system(entry.data)
        found = FormErrors()
        if user_input is not None:
            try:
                login = _stored(system, complete(user_input))
                await system.check_options(login, entry.options)
                await self._async_set_account(entry, system.unique_id(login))
                async with _aside(entry):
                    await self._async_check(system, login)
            except (InputError, ProviderError) as error:
                found = _form_errors(error, system, schema)
            else:
                return self._store(entry, system, login)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                found.in_form(schema), user_input or suggested
            ),
            errors=found.errors,
            description_placeholders={
                "account": quoted(entry.title),
                **words,
                **found.words,
            },
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


def _with_first_options(system: System) -> vol.Schema:
    """Return the form of a new login, with those options that are asked for along.

    They stand before its sections, which need not be opened.
    """
    sender = vol.Required if system.needs_sender else vol.Optional
    fields = {
        **system.login_schema.schema,
        sender(CONF_SENDER): TextSelector(),
        vol.Optional(CONF_REGION): REGION_SELECTOR,
    }
    return vol.Schema(
        dict(sorted(fields.items(), key=lambda field: isinstance(field[1], section)))
    )


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
) -> FormErrors:
    """Put an error to the fields that it is about."""
    fields: Collection[str]
    match error:
        case InputError():
            return input_error(error, schema)
        case LoginError():
            fields, key = system.login_fields, "invalid_auth"
        case BlockedError() | InactiveError() | AddressLockedError() | SessionsError():
            fields, key = (), error.kind
        case TransientError() | UncertainError():
            fields, key = {system.address_field}, "unavailable"
        case _:
            fields, key = (), "refused"
    if field := system.error_fields.get(error.code or ""):
        fields = {field}
    return provider_error(error, schema, fields, key)
