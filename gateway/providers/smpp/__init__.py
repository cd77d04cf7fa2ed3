"""SMPP 3.4: the other interface of the AMS platform, and of most others."""

from .addresses import Numbering
from .login import DEFAULT_PORT, BindMode, SmppLogin
from .provider import SmppProvider
from .timers import Timers
from .user_data import LongText

__all__ = [
    "DEFAULT_PORT",
    "BindMode",
    "LongText",
    "Numbering",
    "SmppLogin",
    "SmppProvider",
    "Timers",
]
