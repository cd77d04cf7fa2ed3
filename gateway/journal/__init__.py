"""The durable record of every message, in one SQLite file."""

from .early import EarlyReceipt, Identity
from .fragments import KeptFragment
from .journal import Journal, Totals, Writes

__all__ = ["EarlyReceipt", "Identity", "Journal", "KeptFragment", "Totals", "Writes"]
