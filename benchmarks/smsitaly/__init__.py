"""smsitaly, beside a bare connection to the same gate."""

from .measure import measure

__all__ = ["measure"]
