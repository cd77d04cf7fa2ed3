"""The one gateway that all accounts share, and with it the one journal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, JOURNAL_FILE
from .gateway import Account, AccountOptions, Gateway
from .gateway.providers import Provider


@dataclass(slots=True)
class _Shared:
    """The gateway while it is open; the lock is held to open, close or fill it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    gateway: Gateway | None = None
    stop_listening: CALLBACK_TYPE | None = None
    is_copied: bool = False
    """Whether a backup copies the journal just now."""


_SHARED: HassKey[_Shared] = HassKey(DOMAIN)


def journal_path(hass: HomeAssistant) -> Path:
    """Where the journal stands."""
    return Path(hass.config.path(JOURNAL_FILE))


async def async_add_account(
    hass: HomeAssistant, account_id: str, provider: Provider, options: AccountOptions
) -> tuple[Gateway, Account]:
    """Add an account to the gateway, which the first one opens; raises JournalError.

    What it has not sent yet waits until it is told to resume.
    """
    async with _borrow(hass) as gateway:
        return gateway, await gateway.add_account(
            account_id, provider, options, resume=False
        )


async def async_remove_account(hass: HomeAssistant, account_id: str) -> None:
    """Take an account out of the gateway, which the last one closes.

    The journal keeps what it has not sent. Nothing happens when it is out already.
    """
    shared = hass.data[_SHARED]
    gateway = shared.gateway
    if gateway is None or account_id not in [each.id for each in gateway.accounts]:
        return
    await gateway.remove_account(account_id)
    async with shared.lock:
        await _close_if_empty(shared)


async def async_hold_journal(hass: HomeAssistant, *, held: bool) -> None:
    """Let the journal be copied, or end that; raises JournalError.

    It is held too when it is opened meanwhile.
    """
    shared = hass.data.setdefault(_SHARED, _Shared())
    async with shared.lock:
        shared.is_copied = held
        if shared.gateway is not None:
            await shared.gateway.hold_file(held=held)


async def async_forget_account(hass: HomeAssistant, account_id: str) -> None:
    """Remove all messages of an account from the journal; raises JournalError."""
    async with _borrow(hass) as gateway:
        await gateway.forget_account(account_id)


@asynccontextmanager
async def _borrow(hass: HomeAssistant) -> AsyncIterator[Gateway]:
    """Lend the gateway, opened when need be; it stays open only with an account in it."""
    shared = hass.data.setdefault(_SHARED, _Shared())

    async def stop(_: Event) -> None:
        async with shared.lock:
            shared.stop_listening = None
            await _close(shared)

    async with shared.lock:
        if shared.gateway is None:
            shared.gateway = await Gateway.open(journal_path(hass))
            shared.stop_listening = hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_STOP, stop
            )
        try:
            if shared.is_copied:
                await shared.gateway.hold_file(held=True)
            yield shared.gateway
        finally:
            await _close_if_empty(shared)


async def _close_if_empty(shared: _Shared) -> None:
    if shared.gateway is not None and not shared.gateway.accounts:
        await _close(shared)


async def _close(shared: _Shared) -> None:
    if shared.stop_listening is not None:
        shared.stop_listening()
        shared.stop_listening = None
    if shared.gateway is not None:
        gateway, shared.gateway = shared.gateway, None
        await gateway.close()
