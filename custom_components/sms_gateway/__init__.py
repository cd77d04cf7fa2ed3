"""SMS Gateway: SMS through real provider accounts, and what became of each."""

from functools import partial
import logging
from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .const import CONF_SYSTEM, DOMAIN
from .coordinator import AccountCoordinator, AccountRuntime, SmsGatewayConfigEntry
from .entity import account_device
from .exceptions import translation_of
from .gateway import Account, Gateway
from .gateway.errors import JournalError
from .incoming import async_fire_incoming
from .issues import (
    async_delete_issues,
    async_set_receipts_refused,
    async_update_issues,
)
from .notify_service import async_add_notify_service, async_name_notify_service
from .options import account_options
from .reauth import async_follow_login
from .receipts import ReceiptTeller
from .recipients import Recipients
from .refused_receipts import RefusedReceipts
from .services import async_setup_services
from .settings import AppliedSettings
from .shared import async_add_account, async_forget_account, async_remove_account
from .systems import async_load_system, can_send, loaded_system
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


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> bool:
    """Set up an account, before its provider is asked anything.

    Neither a provider that is down nor a login that it refuses is a reason to fail:
    notifiers must be there, for Home Assistant drops what is sent to one that is not.
    """
    await async_load_system(hass, entry.data[CONF_SYSTEM])
    async_register_webhook(hass, entry)
    async_name_notify_service(hass, entry)
    try:
        gateway, account = await _async_add_account(hass, entry)
    except JournalError as error:
        raise ConfigEntryNotReady(**translation_of(error)) from error
    # Should anything below fail, the account must not go on sending.
    entry.async_on_unload(partial(async_remove_account, hass, entry.entry_id))

    coordinator = AccountCoordinator(hass, entry, gateway, account)
    receipts = ReceiptTeller(hass, entry.entry_id)
    coordinator.async_listen_changes(receipts.async_take)
    entry.runtime_data = AccountRuntime(
        gateway,
        account,
        coordinator,
        Recipients(entry),
        AppliedSettings(entry),
        receipts,
        RefusedReceipts(hass, partial(async_set_receipts_refused, hass, entry)),
    )
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **account_device(entry)
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    if can_send(entry.data):
        async_add_notify_service(hass, entry)
    async_open_webhook(hass, entry)
    async_fire_incoming(hass, entry)
    async_follow_login(hass, entry)

    @callback
    def update_issues() -> None:
        async_update_issues(hass, entry, account, coordinator.data)

    entry.async_on_unload(coordinator.async_add_listener(update_issues))
    update_issues()
    entry.async_on_unload(entry.add_update_listener(_update))
    entry.async_create_background_task(
        hass, coordinator.async_begin(), f"sms_gateway login {entry.entry_id}"
    )
    return True


async def async_unload_entry(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> bool:
    """Unload an account; what it has not sent waits in the journal.

    Its entities stay until it has finished: they take what is sent meanwhile, and show
    what its open requests still bring.
    """
    async_close_webhook(hass, entry)
    await async_remove_account(hass, entry.entry_id)
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        # They stay, and what they are given has to go out.
        entry.runtime_data.gateway, account = await _async_add_account(hass, entry)
        account.resume()
        return False
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


async def _async_add_account(
    hass: HomeAssistant, entry: SmsGatewayConfigEntry
) -> tuple[Gateway, Account]:
    """Add the entry's account to the gateway; raises JournalError."""
    system = loaded_system(entry.data)
    return await async_add_account(
        hass,
        entry.entry_id,
        await system.provider(hass, entry.data, entry.options),
        account_options(system, entry.data, entry.options),
    )


async def _update(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Take changed settings over; only what the provider must know of needs a reload."""
    runtime = entry.runtime_data
    if (
        runtime.settings.async_apply(runtime.account)
        and runtime.recipients.async_update()
    ):
        runtime.coordinator.async_update_listeners()
    else:
        await hass.config_entries.async_reload(entry.entry_id)
