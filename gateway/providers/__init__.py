"""The systems that carry messages: one room each, all behind `Provider`."""

from .connection import Connection, Session
from .provider import Capabilities, Coverage, Inbox, Outcome, Provider

__all__ = [
    "Capabilities",
    "Connection",
    "Coverage",
    "Inbox",
    "Outcome",
    "Provider",
    "Session",
]
