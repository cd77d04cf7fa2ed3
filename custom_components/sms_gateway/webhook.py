"""The webhook of an account: where the provider brings receipts by itself.

It is there as long as the entry is: Home Assistant answers a webhook that nobody has
registered with 200, and a provider would take its receipts for taken.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .coordinator import SmsGatewayConfigEntry
from .gateway.model import Receipt
from .systems import loaded_system
from .systems.bodies import refuse
from .systems.receiver import Claim, Receiver

PATIENCE: Final = 20.0
"""Seconds that a request waits for the account to be loaded."""
_METHODS: Final = (hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_POST, hdrs.METH_PUT)
"""All are taken, so that it is we who refuse: the component would log the secret id."""

type _Take = Callable[[web.Request], Awaitable[web.Response]]


class _Door:
    """Lets requests in while the account is loaded; others wait, but not for ever."""

    def __init__(self) -> None:
        self._take: _Take | None = None
        self._opened = asyncio.Event()

    def open(self, take: _Take) -> None:
        self._take = take
        self._opened.set()

    def close(self) -> None:
        self._take = None
        self._opened.clear()

    def handle(
        self, _: HomeAssistant, _id: str, request: web.Request
    ) -> Awaitable[web.Response]:
        if self._take is not None:
            return self._take(request)
        return self._take_later(request)

    async def _take_later(self, request: web.Request) -> web.Response:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._opened.wait()
        if self._take is None:
            return refuse(request, HTTPStatus.SERVICE_UNAVAILABLE)
        return await self._take(request)


_DOORS: HassKey[dict[str, _Door]] = HassKey(f"{DOMAIN}_webhooks")


@callback
def async_register_webhook(hass: HomeAssistant, entry: SmsGatewayConfigEntry) -> None:
    """Register the entry's webhook, if its system brings anything and it is not there."""
    doors = hass.data.setdefault(_DOORS, {})
    if entry.entry_id in doors or _receiver(entry) is None:
        return
    door = doors[entry.entry_id] = _Door()
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

        def claim(receipt: Receipt) -> Awaitable[bool]:
            return entry.runtime_data.gateway.claim(entry.entry_id, receipt)

        hass.data[_DOORS][entry.entry_id].open(partial(_take, entry, receiver, claim))
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


async def _take(
    entry: SmsGatewayConfigEntry,
    receiver: Receiver,
    claim: Claim,
    request: web.Request,
) -> web.Response:
    """Take a request for an account that is loaded."""
    if request.method != receiver.method:
        return refuse(
            request, HTTPStatus.METHOD_NOT_ALLOWED, {hdrs.ALLOW: receiver.method}
        )
    reply = await receiver.reply(request, claim)
    # Not looked up before: the account may have been loaded anew meanwhile.
    refused = entry.runtime_data.refused_receipts
    if reply.refused:
        refused.add(reply.refused)
    elif reply.response.status == HTTPStatus.OK:
        refused.settle()
    return reply.response
