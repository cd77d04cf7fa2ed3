"""The systems that carry messages: one room each, all behind `Provider`."""

from .provider import Capabilities, Coverage, Inbox, Outcome, Provider

__all__ = ["Capabilities", "Coverage", "Inbox", "Outcome", "Provider"]
