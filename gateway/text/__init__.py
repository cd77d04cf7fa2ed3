"""Texts as a phone network counts them: alphabets, units and segments."""

from .charsets import GSM, decode
from .check import MOST_PARTS, check_text
from .gsm import is_gsm
from .segments import Measure, measure, segments

__all__ = [
    "GSM",
    "MOST_PARTS",
    "Measure",
    "check_text",
    "decode",
    "is_gsm",
    "measure",
    "segments",
]
