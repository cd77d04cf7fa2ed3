"""An embedded SMS gateway: accounts at SMS providers, and what became of each message.

Needs no Home Assistant. `Gateway` is the face; `providers` has one room per system.
"""

from .account import Account, AccountOptions
from .gateway import Gateway
from .model import (
    AccountStatus,
    Change,
    Credit,
    Draft,
    Encoding,
    Failure,
    IncomingMessage,
    Message,
    Part,
    Receipt,
    State,
)
from .outbox import OnUncertain

__all__ = [
    "Account",
    "AccountOptions",
    "AccountStatus",
    "Change",
    "Credit",
    "Draft",
    "Encoding",
    "Failure",
    "Gateway",
    "IncomingMessage",
    "Message",
    "OnUncertain",
    "Part",
    "Receipt",
    "State",
]
