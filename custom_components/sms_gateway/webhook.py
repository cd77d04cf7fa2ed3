"""The webhook of an account: where the provider brings receipts by itself."""

from collections.abc import Awaitable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from aiohttp import hdrs, web
from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError

from .const import CONF_CLOUDHOOK_URL, CONF_SYSTEM, DOMAIN
from .coordinator import SmsGatewayConfigEntry
from .gateway.model import Receipt
from .systems import SYSTEMS
from .systems.bodies import refuse

_METHODS: Final = (hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_POST, hdrs.METH_PUT)
"""All are taken, so that it is we who refuse: the component would log the secret id."""


@callback
def async_register_webhook(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Take receipts for as long as the entry is loaded, where they can be brought."""
    system = SYSTEMS[entry.data[CONF_SYSTEM]]
    receiver = system.receiver(entry.data, entry.options)
    if receiver is None:
        return
    webhook_id: str = entry.data[CONF_WEBHOOK_ID]

    def claim(receipt: Receipt) -> Awaitable[bool]:
        return entry.runtime_data.gateway.claim(entry.entry_id, receipt)

    async def handle(_: HomeAssistant, __: str, request: web.Request) -> web.Response:
        if request.method != receiver.method:
            return refuse(
                request,
                HTTPStatus.METHOD_NOT_ALLOWED,
                {hdrs.ALLOW: receiver.method},
            )
        reply = await receiver.reply(request, claim)
        refused = entry.runtime_data.refused_receipts
        if reply.refused:
            refused.add(reply.refused)
        elif reply.response.status == HTTPStatus.OK:
            refused.settle()
        return reply.response

    webhook.async_register(
        hass, DOMAIN, entry.title, webhook_id, handle, allowed_methods=_METHODS
    )

    @callback
    def unregister() -> None:
        webhook.async_unregister(hass, webhook_id)

    entry.async_on_unload(unregister)
    entry.async_on_unload(entry.runtime_data.refused_receipts.settle)


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
    system = SYSTEMS[data[CONF_SYSTEM]]
    return {"webhook_url": _webhook_url(hass, data), **system.webhook_words(data)}


@callback
def _webhook_url(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Return the address that the provider is to be given."""
    if url := data.get(CONF_CLOUDHOOK_URL):
        return str(url)
    try:
        return webhook.async_generate_url(hass, data[CONF_WEBHOOK_ID])
    except NoURLAvailableError:
        return webhook.async_generate_path(data[CONF_WEBHOOK_ID])


async def async_delete_cloudhook(hass: HomeAssistant, data: Mapping[str, Any]) -> None:
    """Give the address of Home Assistant Cloud back."""
    if CONF_CLOUDHOOK_URL in data and _has_cloud(hass):
        from homeassistant.components import cloud  # noqa: PLC0415

        with suppress(cloud.CloudNotAvailable):
            await cloud.async_delete_cloudhook(hass, data[CONF_WEBHOOK_ID])


def _has_cloud(hass: HomeAssistant) -> bool:
    # Its import costs more than this whole integration: only where it runs already.
    return "cloud" in hass.config.components
