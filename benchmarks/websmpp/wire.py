"""From a call to the request's arrival."""

import time
from typing import Final

from ..provider import Provider
from ..spans import Span
from ..times import Turn
from .sending import Action, Bare

TURNS: Final = 50


async def measure_way_to_wire(
    action: Action, bare: Bare, provider: Provider
) -> list[Turn]:
    """Send single messages by aiohttp alone and by the action, in turn."""
    await provider.tell("reset", {})
    called: list[float] = []
    for number in range(TURNS):
        called.append(time.monotonic())
        await bare.send_each([f"+961798{number:05}"])
        called.append(time.monotonic())
        await action.send([f"+961799{number:05}"])
    arrivals: list[float] = [
        request["arrived"]
        for request in await provider.ask("requests?limit=1000")
        if request["endpoint"] == "websms"
    ]
    spans = [Span(*each) for each in zip(called, arrivals, strict=True)]
    return [Turn(*each) for each in zip(spans[::2], spans[1::2], strict=True)]
