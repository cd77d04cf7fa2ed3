"""Fields that forms of several systems have, and how what they gave is read."""

from typing import Final

from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from ..gateway.errors import InputError

PASSWORD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)


def number(least: float, most: float, unit: str | None = None) -> NumberSelector:
    """Ask for a whole number."""
    config = NumberSelectorConfig(
        min=least, max=most, step=1, mode=NumberSelectorMode.BOX
    )
    if unit:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


def with_optional(schema: vol.Schema, *names: str) -> vol.Schema:
    """Return a form in which these fields may be left empty."""
    return vol.Schema(
        {
            vol.Optional(str(key)) if str(key) in names else key: value
            for key, value in schema.schema.items()
        }
    )


def read_host(field: str, given: str) -> str:
    """Return the name or address of a server as it is stored; raises InputError."""
    host = given.strip().lower()
    if not _can_be_host(host):
        raise InputError(field, f"{field}_form")
    return host


def _can_be_host(host: str) -> bool:
    """Whether it can be looked up: each label has 1 to 63 characters (RFC 1035)."""
    if not host.isprintable() or any(char in " /@" for char in host):
        return False
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False
