"""The systems that an account can be at: what each asks for, and how it connects.

Each is imported when an account is at it: it brings libraries that others do not need.
"""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.importlib import async_import_module

from ..const import CONF_SYSTEM
from .system import System, can_send

SETUPS: Final = ("websmpp", "smpp", "smsitaly", "csoft", "csoft_receipts")
"""What can be set up: one step of the flow each."""

_loaded: dict[str, System] = {}


async def async_load_system(hass: HomeAssistant, name: str) -> System:
    """Import a system, if it is not there yet."""
    if name not in _loaded:
        module = await async_import_module(hass, f"{__name__}.{name}")
        _loaded[name] = module.SYSTEM
    return _loaded[name]


def loaded_system(data: Mapping[str, Any]) -> System:
    """Return the system of an account, which was loaded before."""
    return _loaded[data[CONF_SYSTEM]]


__all__ = ["SETUPS", "System", "async_load_system", "can_send", "loaded_system"]
