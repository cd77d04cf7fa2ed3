"""Texts as a phone network counts them: alphabets, units and segments."""

from .check import MOST_PARTS, check_text
from .gsm import is_gsm
from .segments import Measure, measure, segments

__all__ = ["MOST_PARTS", "Measure", "check_text", "is_gsm", "measure", "segments"]
