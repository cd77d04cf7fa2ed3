"""The webhook of an account: where the provider brings receipts by itself.

It is there as long as the entry is: Home Assistant answers a webhook that nobody has
registered with 200, and a provider would take its receipts for taken.
"""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from http import HTTPStatus
import logging
from typing import Final

from aiohttp import hdrs, web
from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .coordinator import SmsGatewayConfigEntry
from .gateway.errors import UnknownAccountError, stack_of
from .gateway.model import Receipt
from .systems import loaded_system
from .systems.bodies import refuse
from .systems.receiver import Receiver

_LOGGER = logging.getLogger(__name__)

PATIENCE: Final = 20.0
"""Seconds that a request waits for the account to be loaded."""
_METHODS: Final = (hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_POST, hdrs.METH_PUT)
"""All are taken, so that it is we who refuse: the component would log the secret id."""


class _Door:
    """Lets requests in while the account is loaded; others wait, but not for ever."""

    def __init__(self, entry: SmsGatewayConfigEntry) -> None:
        self._entry = entry
        self._receiver: Receiver | None = None
        self._opened = asyncio.Event()

    def open(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._opened.set()

    def close(self) -> None:
        self._receiver = None
        self._opened.clear()

    def handle(
        self, _: HomeAssistant, _id: str, request: web.Request
    ) -> Awaitable[web.Response]:
        if self._receiver is not None:
            return self._take(self._receiver, request)
        return self._take_later(request)

    async def _take_later(self, request: web.Request) -> web.Response:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._opened.wait()
        if self._receiver is None:
            return refuse(request, HTTPStatus.SERVICE_UNAVAILABLE)
        return await self._take(self._receiver, request)

    async def _take(self, receiver: Receiver, request: web.Request) -> web.Response:
        if request.method != receiver.method:
            return refuse(
                request, HTTPStatus.METHOD_NOT_ALLOWED, {hdrs.ALLOW: receiver.method}
            )
        try:
            reply = await receiver.reply(request, self._claim)
        except Exception as error:  # noqa: BLE001 - it would be answered with 200
            _LOGGER.error("A receipt cannot be taken: %s", stack_of(error))
            return refuse(request, HTTPStatus.INTERNAL_SERVER_ERROR)
        if self._receiver is not None:
            refused = self._entry.runtime_data.refused_receipts
            if reply.refused:
                refused.add(reply.refused)
            elif reply.response.status == HTTPStatus.OK:
                refused.settle()
        return reply.response

    def _claim(self, receipt: Receipt) -> Awaitable[bool]:
        """Record a receipt, unless the account went away while its request came in."""
        if self._receiver is None:
            raise UnknownAccountError(f"{self._entry.title} is not loaded")
        return self._entry.runtime_data.gateway.claim(self._entry.entry_id, receipt)


_DOORS: HassKey[dict[str, _Door]] = HassKey(f"{DOMAIN}_webhooks")


@callback
def async_register_webhook(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Register the entry's webhook, if its system brings anything and it is not there."""
    doors = hass.data.setdefault(_DOORS, {})
    if entry.entry_id in doors or _receiver(entry) is None:
        return
    door = doors[entry.entry_id] = _Door(entry)
    webhook.async_register(
        hass,
        DOMAIN,
        entry.title,
        entry.data[CONF_WEBHOOK_ID],
        door.handle,
        allowed_methods=_METHODS,
    )


@callback
def async_open_webhook(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Hand what comes to the account, and what has waited."""
    receiver = _receiver(entry)
    if receiver is not None:
        hass.data[_DOORS][entry.entry_id].open(receiver)
        entry.async_on_unload(entry.runtime_data.refused_receipts.settle)


@callback
def async_close_webhook(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Let what comes wait until the account is loaded again."""
    if door := hass.data[_DOORS].get(entry.entry_id):
        door.close()


@callback
def async_unregister_webhook(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Take the webhook away: the entry is removed or disabled."""
    if hass.data.get(_DOORS, {}).pop(entry.entry_id, None):
        webhook.async_unregister(hass, entry.data[CONF_WEBHOOK_ID])


def _receiver(entry: SmsGatewayConfigEntry) -> Receiver | None:
    return loaded_system(entry.data).receiver(entry.data, entry.options)
