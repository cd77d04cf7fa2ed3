"""Message ids, in the forms that SMSCs were seen to give them."""

from collections.abc import Callable, Mapping
from typing import Literal
import uuid

type IdForm = Literal["decimal", "padded", "hex", "HEX", "padded_hex", "uuid", "zero"]
"""Decimal or hexadecimal (in either case), bare or with leading zeros; or no number."""

FIRST_NUMBER = 2541524
"""The number of the first message, as in the example of the websmpp specification."""

_SPREAD = 0x9E3779B97F4A7C15F39CC0605CEDC835
_WRITERS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "padded": lambda number: f"{number:010}",
    "hex": lambda number: f"{number:x}",
    "HEX": lambda number: f"{number:X}",
    "padded_hex": lambda number: f"{number:010x}",
    "uuid": lambda number: str(uuid.UUID(int=number * _SPREAD % (1 << 128))),
    "zero": lambda _: "0",
}


def write_id(number: int, form: IdForm) -> str:
    """Return a message_id (SMPP specification v3.4, clause 5.2.23)."""
    return _WRITERS[form](number)
