"""Settings of an entry, taken over while the account works."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback

from .const import (
    CONF_KEEP_DAYS,
    CONF_LOW_CREDIT,
    CONF_REGION,
    CONF_SENDER,
    CONF_TIME_TO_LIVE,
    CONF_TRACK_HOURS,
    SECTION_ADVANCED,
)
from .gateway import Account
from .options import account_options
from .systems import loaded_system

_OURS: Final = frozenset(
    {
        CONF_KEEP_DAYS,
        CONF_LOW_CREDIT,
        CONF_REGION,
        CONF_SENDER,
        CONF_TIME_TO_LIVE,
        CONF_TRACK_HOURS,
    }
)
"""Options that the provider and its session need not know of."""


class AppliedSettings:
    """What the account was set up with, and what of it can change under way."""

    def __init__(self, entry: ConfigEntry[Any]) -> None:
        """Take the entry as it is set up."""
        self._entry = entry
        self._fixed = self._others()

    @callback
    def async_apply(self, account: Account) -> bool:
        """Take the options over; answers whether that was all there is to be done."""
        entry = self._entry
        if self._others() != self._fixed:
            return False
        account.set_options(
            account_options(loaded_system(entry.data), entry.data, entry.options)
        )
        return True

    def _others(self) -> tuple[Any, ...]:
        """What needs a new session, or new entities."""
        options = self._entry.options
        advanced = options.get(SECTION_ADVANCED, {})
        return (
            self._entry.title,
            self._entry.data,
            {key: options[key] for key in options.keys() - _OURS - {SECTION_ADVANCED}},
            {key: advanced[key] for key in advanced.keys() - _OURS},
        )
