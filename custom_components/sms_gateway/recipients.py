"""Recipients come and go while the account works: nothing that is sent meets a reload."""

from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import callback

from .const import SUBENTRY_RECIPIENT

type AddRecipient = Callable[[ConfigSubentry], None]


class Recipients:
    """The recipients that the platforms of an entry have entities for."""

    def __init__(self, entry: ConfigEntry[Any]) -> None:
        """Take the entry as it is set up."""
        self._entry = entry
        self._known = self._all()
        self._adders: list[AddRecipient] = []

    @callback
    def async_follow(self, add: AddRecipient) -> None:
        """Call `add` for each recipient, now and when one comes."""
        self._adders.append(add)
        for subentry in self._entry.get_subentries_of_type(SUBENTRY_RECIPIENT):
            add(subentry)

    @callback
    def async_update(self) -> bool:
        """Add entities of new recipients; returns whether that was all to be done.

        Home Assistant removes those of recipients that are gone by itself.
        """
        known, self._known = self._known, self._all()
        if any(self._known.get(id_, was) != was for id_, was in known.items()):
            return False
        for id_ in self._known.keys() - known.keys():
            for add in self._adders:
                add(self._entry.subentries[id_])
        return True

    def _all(self) -> dict[str, tuple[Any, ...]]:
        return {
            each.subentry_id: (each.title, each.data)
            for each in self._entry.get_subentries_of_type(SUBENTRY_RECIPIENT)
        }
