"""Incoming messages: recorded, put together from their parts, told."""

from .mailbox import Listener, Mailbox

__all__ = ["Listener", "Mailbox"]
