"""One start of a Home Assistant, in which an account and an entry of `ntfy` are set up.

`python -m benchmarks.websmpp.setting_up URL NTFY_URL [--ours-first]` prints what that took.
"""

import asyncio
import gc
import json
import logging
import sys
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.loader import Integration, async_get_integrations
from homeassistant.setup import async_setup_component

from ..entries import recipient, websmpp_entry
from ..home import running_home, set_up
from ..ntfy import ntfy_entry, without_releases
from ..spans import Span
from .setups import OURS_FIRST

_PLATFORMS: Final = ("binary_sensor", "event", "notify", "sensor", "update")
"""What both have entities of; whichever comes first would pay for them."""
_ATTACHED: Final = ("camera", "image", "media_source", "tts")
"""What `ntfy` can attach; it imports them, and they are not its own."""


async def main(url: str, ntfy_url: str, *, ours_first: bool) -> None:
    """Print what both took."""
    # Its camera complains when there is no libturbojpeg.
    logging.disable(logging.ERROR)
    entries = [ntfy_entry(ntfy_url), websmpp_entry(url, recipient("+9613123456"))]
    async with running_home() as hass:
        await _prepare(hass)
        spans: dict[str, Span] = {}
        for entry in reversed(entries) if ours_first else entries:
            gc.collect()
            spans[entry.domain] = await set_up(hass, entry)
    print(json.dumps([spans[entry.domain] for entry in entries]))


async def _prepare(hass: HomeAssistant) -> None:
    """Have all there that every Home Assistant has."""
    for component in _PLATFORMS:
        await async_setup_component(hass, component, {})
    for integration in (await async_get_integrations(hass, _ATTACHED)).values():
        assert isinstance(integration, Integration)
        await integration.async_get_component()
    async_get_clientsession(hass)
    without_releases(hass)
    await hass.async_block_till_done()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3], ours_first=OURS_FIRST in sys.argv))
