"""Which of the servers is asked first.

The first one, unless it has just failed: then it comes last for a while.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from yarl import URL

RETURN_AFTER: Final = 600.0
"""Seconds for which the others are preferred after the first did not answer."""


class Hosts:
    """The servers of an account."""

    def __init__(self, urls: Sequence[URL]) -> None:
        """Take their addresses, in their order."""
        self._urls = tuple(urls)
        self._first_failed_at: float | None = None

    def in_order(self) -> Sequence[URL]:
        """Return all of them, those first that are likely to answer."""
        failed_at = self._first_failed_at
        if failed_at is not None and _now() - failed_at < RETURN_AFTER:
            return (*self._urls[1:], self._urls[0])
        return self._urls

    def note(self, url: URL, *, failed: bool) -> None:
        """Learn how a server did."""
        if url == self._urls[0]:
            self._first_failed_at = _now() if failed else None


def _now() -> float:
    return asyncio.get_running_loop().time()
