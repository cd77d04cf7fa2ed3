"""SMPP, against an SMSC written in C, beside other clients."""

from .measure import measure

__all__ = ["measure"]
