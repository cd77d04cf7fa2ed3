"""Incoming messages: recorded, put together from their parts, told."""

from .mailbox import Mailbox

__all__ = ["Mailbox"]
