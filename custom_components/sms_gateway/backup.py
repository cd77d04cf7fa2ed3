"""Home Assistant's backup, which copies the journal's file and its log one after the other.

A checkpoint between the two copies would tear them apart. So there is none meanwhile;
messages go on being recorded, for an alarm must not wait for a backup.
"""

from homeassistant.core import HomeAssistant

from .exceptions import translated
from .gateway.errors import JournalError
from .shared import async_hold_journal


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Leave the journal's file as it is; raises HomeAssistantError."""
    await _async_hold(hass, held=True)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the journal's file be written again; raises HomeAssistantError."""
    await _async_hold(hass, held=False)


async def _async_hold(hass: HomeAssistant, *, held: bool) -> None:
    try:
        await async_hold_journal(hass, held=held)
    except JournalError as error:
        raise translated(error) from error
