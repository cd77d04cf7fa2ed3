"""Receipts that come to the webhook with a wrong login.

One may be a slip, or a guess. When they come again and again, it is either the
provider, whose form says something else than ours, or somebody who should not be there:
the user has to hear of both.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

ENOUGH: Final = 3
PERIOD: Final = timedelta(hours=1)


class RefusedReceipts:
    """Counts them; tells when there were enough within the period, and when it is over.

    It is over with a right receipt, or when the period passes without a wrong one.
    """

    def __init__(self, hass: HomeAssistant, tell: Callable[[bool], None]) -> None:
        """Take whom to tell."""
        self.total = 0
        self._hass = hass
        self._tell = tell
        self._times: deque[datetime] = deque(maxlen=ENOUGH)
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def add(self, count: int) -> None:
        """Count some that came at once."""
        self.total += count
        now = dt_util.utcnow()
        self._times.extend([now] * min(count, ENOUGH))
        if len(self._times) < ENOUGH or now - self._times[0] >= PERIOD:
            return
        if self._cancel:
            self._cancel()
        else:
            self._tell(True)
        self._cancel = async_call_later(self._hass, PERIOD, self._pass)

    @callback
    def settle(self) -> None:
        """Hear that a right one came, or that nobody listens any more."""
        self._times.clear()
        if self._cancel:
            self._cancel()
            self._pass()

    @callback
    def _pass(self, _now: datetime | None = None) -> None:
        self._cancel = None
        self._tell(False)
