"""Diagnostics of an account: figures and set-up, no secret, no number, no text."""

from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_PIN,
    CONF_URL,
    CONF_USERNAME,
    CONF_WEBHOOK_ID,
)
from homeassistant.core import HomeAssistant

from .const import (
    CONF_ACCOUNT,
    CONF_CLOUDHOOK_URL,
    CONF_MAIL_TO,
    CONF_NOTIFY_SERVICE,
    CONF_NUMBERS,
    CONF_RECEIPT_PIN,
    CONF_RECEIPT_USERNAME,
    CONF_SECONDARY_URL,
    CONF_SENDER,
    CONF_SYSTEM_ID,
)
from .coordinator import AccountRuntime, SmsGatewayConfigEntry
from .gateway.providers import Connection

_RECENT: Final = 20
_REDACTED: Final = {
    CONF_ACCOUNT,
    CONF_CLOUDHOOK_URL,
    CONF_MAIL_TO,
    CONF_NOTIFY_SERVICE,
    CONF_NUMBERS,
    CONF_PASSWORD,
    CONF_PIN,
    CONF_RECEIPT_PIN,
    CONF_RECEIPT_USERNAME,
    CONF_SECONDARY_URL,
    CONF_SENDER,
    CONF_SYSTEM_ID,
    CONF_URL,
    CONF_USERNAME,
    CONF_WEBHOOK_ID,
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: SmsGatewayConfigEntry
) -> dict[str, Any]:
    """Return what helps to find a fault."""
    found: dict[str, Any] = {
        "state": entry.state.value,
        "data": async_redact_data(entry.data, _REDACTED),
        "options": async_redact_data(entry.options, _REDACTED),
        "recipients": [
            {
                **async_redact_data(each.data, _REDACTED),
                "how_many_numbers": len(each.data[CONF_NUMBERS]),
            }
            for each in entry.subentries.values()
        ],
    }
    if entry.state is ConfigEntryState.LOADED:
        found |= await _running(entry.runtime_data)
    return found


async def _running(runtime: AccountRuntime) -> dict[str, Any]:
    account, coordinator = runtime.account, runtime.coordinator
    statistics = account.statistics
    credit = coordinator.data
    return {
        "account": {
            "status": account.status.value,
            "credit": str(credit.amount) if credit else None,
            "currency": credit.currency if credit else None,
            "last_update_succeeded": coordinator.last_update_success,
            "connection": _connection(account.provider.connection),
            "tracked_messages": len(account.tracker),
            "refused_receipts": runtime.refused_receipts.total,
        },
        "statistics": {
            "sent": statistics.sent,
            "delivered": statistics.delivered,
            "undelivered": statistics.undelivered,
            "failed": statistics.failed,
            "queued": statistics.queued,
            "delivery_rate": statistics.delivery_rate,
            "last_state": statistics.last_state,
        },
        "last_messages": [
            {
                "state": message.state.value,
                "error_code": message.error_code,
                "failure": message.failure and message.failure.kind,
                "attempts": message.attempts,
                "parts": len(message.parts),
                "finished_at": message.finished_at,
            }
            for message in await account.recent(_RECENT)
        ],
    }


def _connection(connection: Connection | None) -> dict[str, Any] | None:
    """Tell where each session stands, and why."""
    if connection is None:
        return None
    return {
        "is_up": connection.is_up,
        "sessions": [
            {
                "role": session.role,
                "state": session.state,
                "failure": str(session.failure) if session.failure else None,
            }
            for session in connection.sessions
        ],
    }
