"""The ledger: the one place where a message changes state."""

from .ledger import Ledger, Listener
from .recording import Recording

__all__ = ["Ledger", "Listener", "Recording"]
