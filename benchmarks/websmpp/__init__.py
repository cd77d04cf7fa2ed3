"""websmpp in a running Home Assistant, against aiohttp alone and core's `ntfy`."""

from .measure import measure

__all__ = ["measure"]
