"""Receipts posted to a running Home Assistant, against an empty webhook of it."""

from .measure import measure

__all__ = ["measure"]
