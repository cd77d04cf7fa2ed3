"""How long an entity is not there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import time
from typing import Final

from homeassistant.components.notify.const import DATA_COMPONENT
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event

from ..spans import Span

_PATIENCE: Final = 60.0


class Absence:
    """From when a notify entity goes until it is back: what it is told then is lost.

    Its state goes and comes in the same turn of the event loop as the entity; to look
    in each turn would keep threads, such as the journal's, from the interpreter.
    """

    def __init__(self, hass: HomeAssistant, entity_id: str) -> None:
        """Begin with an entity that is there; use `watching_for_absence`."""
        self._hass = hass
        self._entity_id = entity_id
        self._back = asyncio.Event()
        self._back.set()
        self._gone = self._returned = time.monotonic()
        self._has_gone = False

    @property
    def span(self) -> Span:
        """From its first going to its last return; empty when it never went."""
        return Span(self._gone, self._returned)

    @callback
    def note(self, event: Event[EventStateChangedData]) -> None:
        """Take a change of the entity's state."""
        state = event.data["new_state"]
        if state is None or state.state == STATE_UNAVAILABLE:
            if not self._has_gone:
                self._gone, self._has_gone = time.monotonic(), True
            self._back.clear()
        elif not self._back.is_set():
            self._returned = time.monotonic()
            self._back.set()

    async def end(self) -> None:
        """Wait until the entity is there; raises RuntimeError when it is not."""
        async with asyncio.timeout(_PATIENCE):
            await self._back.wait()
        entity = self._hass.data[DATA_COMPONENT].get_entity(self._entity_id)
        if entity is None or not entity.available:
            raise RuntimeError(f"{self._entity_id} has a state and is not there")


@asynccontextmanager
async def watching_for_absence(
    hass: HomeAssistant, entity_id: str
) -> AsyncIterator[Absence]:
    """Watch an entity while the context lasts, and until it is there."""
    absence = Absence(hass, entity_id)
    stop_listening = async_track_state_change_event(hass, entity_id, absence.note)
    yield absence
    await hass.async_block_till_done()
    await absence.end()
    stop_listening()
