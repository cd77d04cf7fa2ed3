"""The durable record of every message, in one SQLite file."""

from .journal import EarlyReceipt, Journal, Totals, Writes

__all__ = ["EarlyReceipt", "Journal", "Totals", "Writes"]
