"""An entry of it, and the server that the entry is at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import logging
import sys
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ..entries import config_entry
from ..smpp.processes import running

_LOGGER: Final = logging.getLogger(__name__)


@asynccontextmanager
async def running_ntfy() -> AsyncIterator[str]:
    """Run a server that answers at once; yields its address."""
    async with running(sys.executable, "-m", f"{__package__}.server") as child:
        yield await child.hear()


def ntfy_entry(url: str) -> ConfigEntry:
    """Return an entry with one topic."""
    topic = ConfigSubentryData(
        data={"topic": "bench"}, subentry_type="topic", title="Bench", unique_id="bench"
    )
    return config_entry(
        "ntfy",
        {"url": url, "verify_ssl": False, "username": "bench", "token": "bench"},
        title="ntfy bench",
        subentries=[topic],
    )


def without_releases(hass: HomeAssistant) -> None:
    """Let it believe that it has looked for the server's latest release.

    It would ask a server on the internet, and wait for that. Users without rights of an
    administrator have no use for the answer.
    """
    hass.data["ntfy"] = DataUpdateCoordinator[None](
        hass, _LOGGER, config_entry=None, name="ntfy"
    )
