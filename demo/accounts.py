"""Setting accounts up through Home Assistant's flows, as a user does in a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from .api import ApiError, HomeApi
from .waiting import until

_FLOW: Final = "/api/config/config_entries/flow"
_SUBENTRY_FLOW: Final = "/api/config/config_entries/subentries/flow"
_LOAD_TIMEOUT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Entry:
    """An account that was set up; systems that push receipts have a webhook."""

    id: str
    webhook_url: str = ""


async def add_websmpp_account(
    api: HomeApi, base_url: str, user: str, password: str
) -> Entry:
    """Set an account at a websmpp server up; raises ApiError."""
    login = {
        "url": base_url,
        "verify_ssl": True,
        "username": user,
        "password": password,
    }
    return await _with_webhook(api, await _log_in(api, "websmpp", login))


async def add_smpp_account(
    api: HomeApi, host: str, port: int, system_id: str, password: str
) -> Entry:
    """Set an account at an SMSC up; raises ApiError."""
    login = {
        "host": host,
        "port": port,
        "ssl": False,
        "verify_ssl": True,
        "system_id": system_id,
        "password": password,
        "advanced": {"bind_mode": "transceiver", "transmitters": 1},
    }
    return Entry(_loaded(await _log_in(api, "smpp", login)))


async def add_smsitaly_account(
    api: HomeApi, host: str, port: int, account: str, password: str
) -> Entry:
    """Set an account at an SMS gate up; raises ApiError."""
    login = {
        "account": account,
        "password": password,
        "advanced": {
            "host": host,
            "port": port,
            "secondary_port": port,
            "interface": "packet",
        },
    }
    return Entry(_loaded(await _log_in(api, "smsitaly", login)))


async def add_csoft_account(api: HomeApi, url: str, user: str, pin: str) -> Entry:
    """Set an account at Connection Software up; raises ApiError."""
    login = {"username": user, "pin": pin, "advanced": {"url": url}}
    return await _with_webhook(api, await _log_in(api, "csoft", login))


async def _with_webhook(api: HomeApi, shown: dict[str, Any]) -> Entry:
    """Go on from the page that shows the webhook of an account."""
    created = await api.post(f"{_FLOW}/{shown['flow_id']}", {})
    # There may be more than one; the first is reached from furthest away.
    url, _, _ = shown["description_placeholders"]["webhook_url"].partition("`")
    return Entry(_loaded(created), url)


async def _log_in(api: HomeApi, system: str, login: dict[str, Any]) -> dict[str, Any]:
    """Fill in the form of a system; returns what Home Assistant shows then."""
    flow = await api.post(_FLOW, {"handler": "sms_gateway"})
    step = f"{_FLOW}/{flow['flow_id']}"
    await api.post(step, {"next_step_id": system})
    shown = await api.post(step, {**login, "sender": "Home", "region": "LB"})
    if shown.get("errors"):
        raise ApiError(f"{shown['errors']}: {shown['description_placeholders']}")
    return shown


def _loaded(created: dict[str, Any]) -> str:
    """Return the id of an entry that was made; raises ApiError if it is not loaded."""
    entry = created["result"]
    if entry["state"] != "loaded":
        raise ApiError(f"the account is {entry['state']}: {entry['reason']}")
    id_: str = entry["entry_id"]
    return id_


async def add_recipient(
    api: HomeApi, entry_id: str, name: str, numbers: Sequence[str]
) -> None:
    """Add a recipient to an account, and wait until it shows."""
    flow = await api.post(_SUBENTRY_FLOW, {"handler": [entry_id, "recipient"]})
    step = f"{_SUBENTRY_FLOW}/{flow['flow_id']}"
    shown = await api.post(step, {"name": name, "numbers": list(numbers)})
    if shown.get("errors"):
        raise ApiError(f"{shown['errors']}: {shown['description_placeholders']}")
    await until(lambda: _shows(api, name), _LOAD_TIMEOUT)


async def _shows(api: HomeApi, name: str) -> bool:
    """Whether there is a device of that name."""
    devices: list[dict[str, Any]] = await api.call("config/device_registry/list")
    return any(device["name"] == name for device in devices)
