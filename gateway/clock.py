"""Time, as a thing that can be handed over."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the gateway reads the time and sets its alarms."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...

    def call_later(self, delay: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call `call` in `delay` seconds; the answer cancels that."""
        ...


class SystemClock:
    """The clock of the machine and of the running event loop."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return datetime.now(UTC)

    def call_later(self, delay: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call `call` in `delay` seconds; the answer cancels that."""
        return asyncio.get_running_loop().call_later(delay, call).cancel
