"""A real Home Assistant in a process and a configuration folder of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import copy
from http import HTTPStatus
import json
import os
from pathlib import Path
import signal
import sys
from typing import Any, Final

import aiohttp

from .api import ApiError

_ROOT: Final = Path(__file__).parent.parent
_START_TIMEOUT: Final = 900.0
_STOP_TIMEOUT: Final = 60.0

_CONFIGURATION: Final = """\
homeassistant:
  name: Demo
  country: LB
  language: en
  time_zone: Asia/Beirut
  unit_system: metric
  internal_url: http://127.0.0.1:{port}
  external_url: http://127.0.0.1:{port}
history:
logbook:
recorder:
  commit_interval: 1
lovelace:
  dashboards:
    sms-gateway:
      mode: yaml
      title: SMS
      icon: mdi:message-text-outline
      filename: dashboard.yaml
logger:
  default: warning
  logs:
    custom_components.sms_gateway: info
"""

# The welcome pages but the first, which makes a user: the others would set up
# integrations that fetch things from the internet.
_ONBOARDED: Final = {
    "version": 4,
    "minor_version": 1,
    "key": "onboarding",
    "data": {"done": ["core_config", "analytics", "integration"]},
}

# Home Assistant keeps this out of its YAML.
_HTTP: Final[dict[str, Any]] = {
    "version": 2,
    "minor_version": 2,
    "key": "http",
    "data": {
        "stable": {
            "server_host": ["127.0.0.1"],
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": True,
            "ssl_profile": "modern",
            "use_x_frame_options": True,
            "created_at": "2026-01-01T00:00:00+00:00",
            "error": None,
            "error_message": None,
        },
        "pending": None,
        "yaml_migration_done": True,
    },
}


class StartError(Exception):
    """Home Assistant does not do what it should; the text holds the end of its log."""


def component_of_checkout() -> Path:
    """Where the integration of this checkout stands."""
    return _ROOT / "custom_components" / "sms_gateway"


def link_checkout(folder: Path) -> None:
    """Give a configuration folder the integration of this checkout."""
    (folder / "custom_components").mkdir()
    component = component_of_checkout()
    (folder / "custom_components" / component.name).symlink_to(component)


def write_configuration(folder: Path, port: int) -> None:
    """Write what Home Assistant starts from."""
    write_http_settings(folder, port)
    (folder / ".storage" / "onboarding").write_text(json.dumps(_ONBOARDED))
    (folder / "configuration.yaml").write_text(_CONFIGURATION.format(port=port))
    dashboard = (_ROOT / "dashboards" / "sms_gateway.yaml").read_text()
    (folder / "dashboard.yaml").write_text(dashboard)


def write_http_settings(folder: Path, port: int) -> None:
    """Let Home Assistant listen at a port of 127.0.0.1, and at nothing else."""
    storage = folder / ".storage"
    storage.mkdir(exist_ok=True)
    http = copy.deepcopy(_HTTP)
    http["data"]["stable"]["server_port"] = port
    (storage / "http").write_text(json.dumps(http))


async def start_home(folder: Path) -> asyncio.subprocess.Process:
    """Start Home Assistant from a configuration folder; its log goes to `start.log`."""
    with (folder / "start.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "homeassistant", "--config", str(folder)),
            *("--skip-pip", "--log-no-color"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # So that only what lies in the configuration folder can be imported.
            cwd=folder,
            env={**os.environ, "PYTHONPATH": ""},
            start_new_session=True,
        )


async def wait_until_up(
    process: asyncio.subprocess.Process, folder: Path, url: str
) -> None:
    """Wait until the API answers; raises StartError when it never does."""
    try:
        async with asyncio.timeout(_START_TIMEOUT), aiohttp.ClientSession() as session:
            while process.returncode is None:
                if await _answers(session, url):
                    return
                await asyncio.sleep(0.1)
    except TimeoutError:
        pass
    raise StartError(log_end(folder))


def log_end(folder: Path) -> str:
    """Return the end of Home Assistant's log."""
    return (folder / "start.log").read_text()[-4000:]


async def stop_home(process: asyncio.subprocess.Process) -> None:
    """End Home Assistant as a supervisor does, and not so gently if that fails."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_STOP_TIMEOUT):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


@asynccontextmanager
async def running_home(folder: Path, port: int) -> AsyncIterator[str]:
    """Run Home Assistant while the context lasts; yields its address."""
    write_configuration(folder, port)
    url = f"http://127.0.0.1:{port}"
    process = await start_home(folder)
    try:
        await wait_until_up(process, folder, url)
        yield url
    except ApiError as error:
        raise StartError(f"{error}\n{log_end(folder)}") from error
    finally:
        await stop_home(process)


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        # The server listens as soon as the frontend and all it depends on is there.
        async with session.get(f"{url}/manifest.json") as response:
            return response.status == HTTPStatus.OK
    except aiohttp.ClientError:
        return False
