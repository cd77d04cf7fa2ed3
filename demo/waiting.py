"""Waiting for what another process does, where it sends no event."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(
    check: Callable[[], Awaitable[bool]], seconds: float, pause: float = 0.1
) -> None:
    """Look again and again until it is so; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await check():  # noqa: ASYNC110 - nothing there to be awaited
            await asyncio.sleep(pause)
