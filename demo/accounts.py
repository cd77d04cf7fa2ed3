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
    """An account that was set up."""

    id: str
    state: str
    webhook_url: str


async def add_websmpp_account(
    api: HomeApi, base_url: str, user: str, password: str
) -> Entry:
    """Set an account at a websmpp server up; raises ApiError."""
    flow = await api.post(_FLOW, {"handler": "sms_gateway"})
    step = f"{_FLOW}/{flow['flow_id']}"
    await api.post(step, {"next_step_id": "websmpp"})
    shown = await api.post(
        step,
        {
            "url": base_url,
            "verify_ssl": True,
            "username": user,
            "password": password,
            "sender": "Home",
            "region": "LB",
        },
    )
    if shown.get("errors"):
        raise ApiError(f"{shown['errors']}: {shown['description_placeholders']}")
    created = (await api.post(step, {}))["result"]
    if created["state"] != "loaded":
        raise ApiError(f"the account is {created['state']}: {created['reason']}")
    return Entry(
        created["entry_id"],
        created["state"],
        shown["description_placeholders"]["webhook_url"],
    )


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
