"""What the system health page says of the integration."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import SmsGatewayConfigEntry
from .gateway import AccountStatus
from .shared import journal_path


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register the information."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    entries: list[SmsGatewayConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    accounts = [entry.runtime_data.account for entry in entries]
    size = await hass.async_add_executor_job(_size_of, hass)
    return {
        "accounts": len(accounts),
        "accounts_active": sum(
            account.status is AccountStatus.ACTIVE for account in accounts
        ),
        "queued": sum(account.statistics.queued for account in accounts),
        "journal_size": f"{size / 1024:.0f} KiB",
    }


def _size_of(hass: HomeAssistant) -> int:
    path = journal_path(hass)
    return path.stat().st_size if path.exists() else 0
