"""SMS Gateway: SMS through real provider accounts, and what became of each."""

import asyncio
from functools import partial
import logging
from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .const import CONF_SYSTEM, DOMAIN
from .coordinator import AccountCoordinator, AccountRuntime, SmsGatewayConfigEntry
from .entity import account_device
from .gateway import Credit
from .gateway.errors import JournalError, LoginError, ProviderError, UnavailableError
from .gateway.providers import Provider
from .incoming import async_fire_incoming
from .issues import (
    async_delete_issues,
    async_set_receipts_refused,
    async_update_issues,
)
from .notify_service import async_add_notify_service
from .options import account_options
from .receipts import ReceiptTeller
from .recipients import Recipients
from .refused_receipts import RefusedReceipts
from .services import async_setup_services
from .shared import async_add_account, async_forget_account, async_remove_account
from .systems import async_load_system, can_send
from .webhook import (
    async_close_webhook,
    async_open_webhook,
    async_register_webhook,
    async_unregister_webhook,
)
from .webhook_address import async_delete_cloudhook

_LOGGER = logging.getLogger(__name__)

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.EVENT,
    Platform.NOTIFY,
    Platform.SENSOR,
]

CHECK_TIMEOUT: Final = 5.0
"""Seconds that the start waits for the provider; it goes on without it then."""


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> bool:
    """Set up an account.

    A provider that is down is no reason to fail: notifiers must be there, and what
    they are given waits in the outbox. A refused login is one.
    """
    system = await async_load_system(hass, entry.data[CONF_SYSTEM])
    async_register_webhook(hass, entry)
    provider = await system.provider(hass, entry.data, entry.options)
    # A connection that stays is proven by itself, below: there may be no place for two.
    connects = provider.connection is not None
    answer = None if connects else await _check(provider)
    if isinstance(answer, LoginError):
        await provider.close()
        raise _refused(answer) from answer
    try:
        gateway, account = await async_add_account(
            hass,
            entry.entry_id,
            provider,
            account_options(system, entry.data, entry.options),
        )
    except JournalError as error:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key="journal",
            translation_placeholders={"reason": str(error)},
        ) from error
    # Should anything below fail, the account must not go on sending.
    entry.async_on_unload(partial(async_remove_account, hass, entry.entry_id))
    if connects:
        answer = await _check(provider)
        if isinstance(answer, LoginError):
            raise _refused(answer) from answer
    if isinstance(answer, ProviderError):
        account.note(answer)

    coordinator = AccountCoordinator(hass, entry, gateway, account)
    coordinator.async_begin(answer)
    receipts = ReceiptTeller(hass, entry.entry_id)
    coordinator.async_listen_changes(receipts.async_take)
    entry.runtime_data = AccountRuntime(
        gateway,
        account,
        coordinator,
        Recipients(entry),
        receipts,
        RefusedReceipts(hass, partial(async_set_receipts_refused, hass, entry)),
    )
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **account_device(entry)
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    if can_send(entry.data):
        await async_add_notify_service(hass, entry)
    async_open_webhook(hass, entry)
    async_fire_incoming(hass, entry)

    @callback
    def update_issues() -> None:
        async_update_issues(hass, entry, account, coordinator.data)

    entry.async_on_unload(coordinator.async_add_listener(update_issues))
    update_issues()
    entry.async_on_unload(entry.add_update_listener(_update))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> bool:
    """Unload an account; what it has not sent waits in the journal."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    async_close_webhook(hass, entry)
    # Now, while what its open requests still bring is listened to.
    await async_remove_account(hass, entry.entry_id)
    if entry.disabled_by:
        async_delete_issues(hass, entry)
        async_unregister_webhook(hass, entry)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Remove what an account leaves behind."""
    async_delete_issues(hass, entry)
    async_unregister_webhook(hass, entry)
    await async_delete_cloudhook(hass, entry.data)
    try:
        await async_forget_account(hass, entry.entry_id)
    except JournalError as error:
        _LOGGER.warning(
            "The messages of %s stay in the journal: %s", entry.title, error
        )


async def _update(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    if not entry.runtime_data.recipients.async_update():
        await hass.config_entries.async_reload(entry.entry_id)


async def _check(provider: Provider) -> Credit | ProviderError | None:
    """Prove the login; a silent provider is no answer."""
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            return await provider.check_login()
    except ProviderError as error:
        return error
    except TimeoutError:
        return UnavailableError("no answer in time")


def _refused(error: LoginError) -> ConfigEntryAuthFailed:
    return ConfigEntryAuthFailed(
        translation_domain=DOMAIN,
        translation_key="provider_login",
        translation_placeholders={"reason": str(error)},
    )
