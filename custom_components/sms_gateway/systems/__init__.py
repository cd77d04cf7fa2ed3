"""The systems that an account can be at: what each asks for, and how it connects."""

from typing import Final

from .csoft import CSOFT
from .smpp import SMPP
from .smsitaly import SMSITALY
from .system import System
from .websmpp import WEBSMPP

SYSTEMS: Final[dict[str, System]] = {
    system.name: system for system in (WEBSMPP, SMPP, SMSITALY, CSOFT)
}

__all__ = ["SYSTEMS", "System"]
