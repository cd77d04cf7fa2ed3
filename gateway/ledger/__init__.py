"""The ledger: the one place where a message changes state."""

from .ledger import Ledger, Listener

__all__ = ["Ledger", "Listener"]
