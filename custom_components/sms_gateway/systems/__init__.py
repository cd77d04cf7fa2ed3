"""The systems that an account can be at: what each asks for, and how it connects."""

from typing import Final

from .system import System
from .websmpp import WEBSMPP

SYSTEMS: Final[dict[str, System]] = {WEBSMPP.name: WEBSMPP}

__all__ = ["SYSTEMS", "System"]
