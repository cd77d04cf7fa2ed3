"""From a call to the request's arrival.

What is sent is on the disk before, at the peer too: it is the disk that takes longest, and
differs most between machines.
"""

import asyncio
import time
from typing import Final

from ..bare_journal import BareJournal
from ..provider import Provider
from ..spans import Span
from ..times import Turn
from .sending import TEXT, Action, Bare

TURNS: Final = 50


async def measure_way_to_wire(
    action: Action, bare: Bare, provider: Provider
) -> list[Turn]:
    """Send single messages by a bare journal and aiohttp, and by the action, in turn."""
    await provider.tell("reset", {})
    called: list[float] = []
    with BareJournal.opened() as journal:
        for turn in range(TURNS):
            number = f"+961798{turn:05}"
            called.append(time.monotonic())
            await asyncio.to_thread(journal.add, [number], TEXT)
            await bare.send_each([number])
            called.append(time.monotonic())
            await action.send([f"+961799{turn:05}"])
    arrivals: list[float] = [
        request["arrived"]
        for request in await provider.ask("requests?limit=1000")
        if request["endpoint"] == "websms"
    ]
    spans = [Span(*each) for each in zip(called, arrivals, strict=True)]
    return [Turn(*each) for each in zip(spans[::2], spans[1::2], strict=True)]
