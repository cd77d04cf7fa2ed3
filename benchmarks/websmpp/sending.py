"""Sends by the integration's action, and by nothing but aiohttp."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
import time
from typing import Any, Final

import aiohttp
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..probes import LoopProbe, probing
from ..rounds import Round
from ..spans import Span

IN_FLIGHT: Final = 8
TEXT: Final = "The washing machine in the cellar is done. Please hang the laundry up. "


@dataclass(frozen=True, slots=True)
class Sent:
    """What it took to send, and what became of the event loop meanwhile."""

    round: Round
    probe: LoopProbe


@dataclass(frozen=True, slots=True)
class Action:
    """The integration."""

    hass: HomeAssistant

    async def send_tracked(self, numbers: Sequence[str]) -> Sent:
        """Send tracked messages, and wait until the end of each is known."""
        ended = asyncio.Semaphore(0)

        @callback
        def count(event: Event) -> None:
            if event.data["state"] == "delivered":
                ended.release()

        stop_listening = self.hass.bus.async_listen("sms_gateway_receipt", count)
        async with probing() as probe:
            sent = await self.send(numbers)
        # What becomes of the messages is asked for later; it must not slow the next round.
        for _ in numbers:
            await ended.acquire()
        stop_listening()
        return Sent(sent, probe)

    async def send_in_bulk(self, numbers: Sequence[str]) -> Sent:
        """Send untracked messages, which share a request."""
        async with probing() as probe:
            sent = await self.send(numbers, track=False)
        return Sent(sent, probe)

    async def send(self, numbers: Sequence[str], *, track: bool = True) -> Round:
        """Send by one call; returns the time until its answer."""
        start, cpu = time.monotonic(), time.process_time()
        answer = await self.hass.services.async_call(
            "sms_gateway",
            "send_message",
            {"target": numbers, "message": TEXT, "track": track},
            blocking=True,
            return_response=True,
        )
        sent = Round(len(numbers), Span.since(start), time.process_time() - cpu)
        messages: Any = answer and answer["messages"]
        states = {row["state"] for row in messages or ()}
        if states != {"accepted"}:
            raise RuntimeError(f"the messages are {states}")
        return sent


@dataclass(frozen=True, slots=True)
class Bare:
    """The same requests over the same session, and nothing else."""

    hass: HomeAssistant
    base_url: str

    async def send_each(self, numbers: Sequence[str]) -> Sent:
        """Send a request for each number, several at once."""
        left = iter(numbers)

        async def work() -> None:
            for number in left:
                await self._post(number.removeprefix("+"))

        async with probing() as probe:
            start, cpu = time.monotonic(), time.process_time()
            await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
            sent = Round(len(numbers), Span.since(start), time.process_time() - cpu)
        return Sent(sent, probe)

    async def send_in_bulk(self, numbers: Sequence[str]) -> Sent:
        """Send one request for all numbers."""
        async with probing() as probe:
            start, cpu = time.monotonic(), time.process_time()
            await self._post(",".join(each.removeprefix("+") for each in numbers))
            sent = Round(len(numbers), Span.since(start), time.process_time() - cpu)
        return Sent(sent, probe)

    async def _post(self, recipients: str) -> None:
        form = {
            "user": "bench",
            "pass": "bench",
            "sid": "Bench",
            "mno": recipients,
            "type": "1",
            "text": TEXT,
        }
        session = async_get_clientsession(self.hass)
        async with session.post(f"{self.base_url}/websms", data=form) as response:
            if not (await response.text()).startswith("Response: "):
                raise aiohttp.ClientPayloadError("not accepted")
