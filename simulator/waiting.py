"""Waiting until something has come true."""

import asyncio
from collections.abc import Callable


class Waiting:
    """Those who wait for conditions."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def changed(self) -> None:
        """Look whether anything waited for has come true."""
        if self._waiting:
            for condition, future in self._waiting:
                if not future.done() and condition():
                    future.set_result(None)

    async def wait_for(
        self,
        condition: Callable[[], bool],
        within: float,
    ) -> None:
        """Wait until the condition holds; raises `TimeoutError` after so many seconds."""
        if condition():
            return
        future = asyncio.get_running_loop().create_future()
        entry = (condition, future)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(within):
                await future
        finally:
            self._waiting.remove(entry)
