"""The systems that carry messages: one room each, all behind `Provider`."""

from .provider import Capabilities, Coverage, Outcome, Provider

__all__ = ["Capabilities", "Coverage", "Outcome", "Provider"]
