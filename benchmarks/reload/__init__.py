"""An account that is reloaded while its provider is silent, against core's `ntfy`."""

from .measure import measure

__all__ = ["measure"]
