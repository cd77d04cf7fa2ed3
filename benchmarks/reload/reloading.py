"""Reloads entries of a Home Assistant, in a process of its own.

`python -m benchmarks.reload.reloading` prints JSON: for each system, the turns of reloads
and what changes of an option took. One process can start only one Home Assistant.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
import json
import logging
import time
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..entries import account_entry, recipient, websmpp_entry
from ..home import running_home, set_up
from ..ntfy import ntfy_entry, running_ntfy, without_releases
from ..spans import Span
from ..times import Turn
from .absence import watching_for_absence

TURNS: Final = 21
LONG: Final = 20.0
"""Seconds, after which fewer turns have to do."""
FEW: Final = 3


async def main() -> None:
    """Print what all turns took."""
    # Each turn has errors: the provider is silent.
    logging.disable(logging.ERROR)
    told: dict[str, tuple[list[Turn], list[Span]]] = {}
    async with (
        _silent_port() as port,
        running_ntfy() as url,
        running_home() as hass,
    ):
        without_releases(hass)
        peer = ntfy_entry(url)
        await set_up(hass, peer)
        # One account at a time, as most have: with it, the journal is closed and opened.
        for account in _accounts(port):
            await set_up(hass, account)
            turns = [
                Turn(await _reload(hass, peer), await _reload(hass, account))
                for _ in _turns()
            ]
            changes = [await _change(hass, account, turn) for turn in _turns()]
            told[account.data["system"]] = turns, changes
            await hass.config_entries.async_remove(account.entry_id)
    print(json.dumps(told))


def _turns() -> Iterator[int]:
    """Count them."""
    end = time.monotonic() + LONG
    for turn in range(TURNS):
        if turn < FEW or time.monotonic() < end:
            yield turn


async def _reload(hass: HomeAssistant, entry: ConfigEntry) -> Span:
    """Return how long the entry's notify entity was not there."""
    async with watching_for_absence(hass, _notifier(hass, entry)) as absence:
        await hass.config_entries.async_reload(entry.entry_id)
    return absence.span


async def _change(hass: HomeAssistant, entry: ConfigEntry, credit: int) -> Span:
    """Change an option that the provider has no part in; returns the same."""
    async with watching_for_absence(hass, _notifier(hass, entry)) as absence:
        hass.config_entries.async_update_entry(
            entry, options={**entry.options, "low_credit": credit}
        )
    return absence.span


def _notifier(hass: HomeAssistant, entry: ConfigEntry) -> str:
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    [entity_id] = (each.entity_id for each in entities if each.domain == "notify")
    return entity_id


def _accounts(port: int) -> Iterator[ConfigEntry]:
    someone = recipient("+9613123456")
    yield websmpp_entry(f"http://127.0.0.1:{port}/", someone)
    yield account_entry(
        "smpp",
        someone,
        host="127.0.0.1",
        port=port,
        ssl=False,
        verify_ssl=True,
        system_id="bench",
        password="bench",
        advanced={
            "bind_mode": "transceiver",
            "transmitters": 1,
            "system_type": "",
            "address_range": "",
        },
    )


@asynccontextmanager
async def _silent_port() -> AsyncIterator[int]:
    """Run a server that takes connections, and says nothing."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


if __name__ == "__main__":
    asyncio.run(main())
