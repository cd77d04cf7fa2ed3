"""What the command line is given in files and on standard input."""

import argparse
import os
from pathlib import Path
import sys
from typing import Final

from ..errors import InputError
from ..numbers import normalize_number

STANDARD_INPUT: Final = "-"
_NAMED: Final = 5
"""Numbers that one error names."""


def given_numbers(options: argparse.Namespace) -> list[str]:
    """Return the numbers of the command line and of files; raises OSError, InputError.

    All that cannot be used are named, before anything is asked or sent.
    """
    sources = [*options.numbers_from]
    numbers = [each for each in options.number if each != STANDARD_INPUT]
    if len(numbers) < len(options.number):
        sources.append(STANDARD_INPUT)
    options.from_input = sources
    for source in sources:
        numbers += _read_numbers(source)
    refused: list[str] = []
    for number in numbers:
        try:
            normalize_number(number, options.region)
        except InputError as error:
            hint = " or give --region" * (error.text.key == "number_country")
            refused.append(f"{error.text}{hint}")
    if refused:
        more = len(refused) - _NAMED
        named = "; ".join(refused[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
        raise InputError("recipient", "numbers_refused", reasons=named)
    return numbers


def _read_numbers(source: str) -> list[str]:
    """Read one number a line; blank lines and comments are none."""
    if source == STANDARD_INPUT:
        lines = sys.stdin.read().splitlines()
    else:
        lines = Path(source).read_text(encoding="utf-8").splitlines()
    texts = map(str.strip, lines)
    return [text for text in texts if text and not text.startswith("#")]


def see_login(options: argparse.Namespace) -> None:
    """Raise InputError when the user name would have to be read among the numbers."""
    if not (options.user or os.environ.get("SMS_GATEWAY_USER")):
        raise InputError("user", "user_unasked")
