"""The durable record of every message, in one SQLite file."""

from .fragments import KeptFragment
from .journal import EarlyReceipt, Journal, Totals, Writes

__all__ = ["EarlyReceipt", "Journal", "KeptFragment", "Totals", "Writes"]
