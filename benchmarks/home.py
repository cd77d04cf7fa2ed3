"""A whole Home Assistant in the process of the benchmark, so that it can be measured."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import shutil
import socket
import tempfile
import time
from typing import Final

from homeassistant import bootstrap
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.runner import RuntimeConfig

from demo.home import write_http_settings

from .spans import Span

_ROOT: Final = Path(__file__).parent.parent
_CONFIGURATION: Final = """\
homeassistant:
  name: Benchmark
  country: LB
"""
_RECORDER: Final = """\
logbook:
recorder:
"""


@asynccontextmanager
async def running_home(*, recorder: bool = True) -> AsyncIterator[HomeAssistant]:
    """Start Home Assistant with an HTTP server; stop it in the end."""
    # Below the checkout, not in /tmp, which may be memory: the journal must hit a disk.
    folder = Path(tempfile.mkdtemp(prefix=".bench-", dir=_ROOT))
    try:
        (folder / "custom_components").mkdir()
        (folder / "custom_components" / "sms_gateway").symlink_to(
            _ROOT / "custom_components" / "sms_gateway"
        )
        (folder / "configuration.yaml").write_text(
            _CONFIGURATION + _RECORDER * recorder
        )
        write_http_settings(folder, _free_port())
        hass = await bootstrap.async_setup_hass(
            RuntimeConfig(
                config_dir=str(folder), skip_pip=True, verbose=False, debug=False
            )
        )
        if hass is None:
            raise RuntimeError("Home Assistant did not start")
        await hass.async_start()
        await hass.async_block_till_done()
        try:
            yield hass
        finally:
            await hass.async_stop(force=True)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder)


async def set_up(hass: HomeAssistant, entry: ConfigEntry) -> Span:
    """Add an entry as a start does; returns the time, with what has to be imported."""
    start = time.monotonic()
    await hass.config_entries.async_add(entry)
    span = Span.since(start)
    await hass.async_block_till_done()
    if entry.state is not ConfigEntryState.LOADED:
        raise RuntimeError(f"{entry.title} is {entry.state}")
    return span


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
