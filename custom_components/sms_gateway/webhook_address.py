"""The address of an account's webhook, as the provider is given it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError

from .const import CONF_CLOUDHOOK_URL
from .systems import loaded_system


async def async_new_webhook(hass: HomeAssistant) -> dict[str, Any]:
    """Make a webhook id, and an address of Home Assistant Cloud where there is one."""
    webhook_id = webhook.async_generate_id()
    return {
        CONF_WEBHOOK_ID: webhook_id,
        **await async_add_cloudhook(hass, webhook_id),
    }


async def async_add_cloudhook(hass: HomeAssistant, webhook_id: str) -> dict[str, str]:
    """Return the webhook's address of Home Assistant Cloud, as an entry stores it.

    Nothing, where there is no cloud.
    """
    if not _has_cloud(hass):
        return {}
    from homeassistant.components import cloud  # noqa: PLC0415

    if not cloud.async_active_subscription(hass):
        return {}
    with suppress(cloud.CloudNotAvailable):
        url = await cloud.async_get_or_create_cloudhook(hass, webhook_id)
        return {CONF_CLOUDHOOK_URL: url}
    return {}


@callback
def webhook_words(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, str]:
    """Return all that the provider is to be given, as the flows show it."""
    system = loaded_system(data)
    # The texts show an address as code, and here is where more than one is told apart.
    urls = "`, `".join(_webhook_urls(hass, data))
    return {"webhook_url": urls, **system.webhook_words(data)}


@callback
def _webhook_urls(hass: HomeAssistant, data: Mapping[str, Any]) -> list[str]:
    """Return all addresses of the webhook, the most widely reached in front.

    Only the path, where Home Assistant does not know how it is reached.
    """
    webhook_id: str = data[CONF_WEBHOOK_ID]
    urls = {data[CONF_CLOUDHOOK_URL]: None} if data.get(CONF_CLOUDHOOK_URL) else {}
    for external in (True, False):
        with suppress(NoURLAvailableError):
            url = webhook.async_generate_url(
                hass, webhook_id, allow_external=external, allow_internal=not external
            )
            urls[url] = None
    return list(urls) or [webhook.async_generate_path(webhook_id)]


async def async_delete_cloudhook(hass: HomeAssistant, data: Mapping[str, Any]) -> None:
    """Give the address of Home Assistant Cloud back."""
    if CONF_CLOUDHOOK_URL in data and _has_cloud(hass):
        from homeassistant.components import cloud  # noqa: PLC0415

        with suppress(cloud.CloudNotAvailable):
            await cloud.async_delete_cloudhook(hass, data[CONF_WEBHOOK_ID])


def _has_cloud(hass: HomeAssistant) -> bool:
    # Its import costs more than this whole integration: only where it runs already.
    return "cloud" in hass.config.components
