"""What the field TextMessage stands for, by the SmsType.

The specification names the types and is silent about their coding. The reading here:

- none and FL (flash): the characters of ISO-8859-1 as they are;
- UCS: UTF-16 big-endian, UTF: UTF-8, each in hexadecimal;
- UDH: the octets behind the header, in hexadecimal, in the coding that the Dcs names;
- WBK (a bookmark) and WPS (a push), which are sent as they are.
"""

from collections.abc import Mapping
import re
from typing import NamedTuple

from .. import parts
from ..alphabet import decode
from .fields import Field, InvalidFieldError

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_UCS2 = frozenset({"08", "18"})
_OCTETS = frozenset({"04", "14", "F4", "F5", "F6", "F7"})


class Content(NamedTuple):
    """The text, its octets where it is in hexadecimal, the header, and the parts."""

    text: str
    octets: bytes
    header: bytes
    parts: int


def read(values: Mapping[Field, str]) -> Content:
    """Return the content of a message; raises `InvalidFieldError`."""
    raw, kind = values[Field.TEXT_MESSAGE], values[Field.SMS_TYPE]
    udh = values[Field.UDH]
    header = b"" if udh == "0" else bytes.fromhex(udh)
    if kind == "UDH" and not header:
        raise InvalidFieldError(Field.UDH)
    octets = octets_of(kind, raw)
    match kind:
        case "UCS":
            text = octets.decode("utf-16-be")
            return Content(text, octets, header, parts.in_units(text))
        case "UTF":
            text = octets.decode()
            return Content(text, octets, header, parts.in_narrower(text))
        case "UDH":
            text = _coded(octets, values[Field.DCS].upper())
            return Content(text, octets, header, 1)
        case "WBK" | "WPS":
            return Content(raw, octets, header, 1)
        case _:
            return Content(raw, octets, header, parts.in_septets(raw))


def octets_of(kind: str, raw: str) -> bytes:
    """Return the octets of a text of this type; raises `InvalidFieldError`."""
    if kind not in {"UCS", "UTF", "UDH"}:
        return raw.encode("latin-1")
    if _HEX.fullmatch(raw) is None:
        raise InvalidFieldError(Field.TEXT_MESSAGE)
    octets = bytes.fromhex(raw)
    if kind == "UDH":
        return octets
    try:
        octets.decode("utf-16-be" if kind == "UCS" else "utf-8")
    except UnicodeDecodeError as error:
        raise InvalidFieldError(Field.TEXT_MESSAGE) from error
    return octets


def _coded(octets: bytes, dcs: str) -> str:
    """Return the text of octets, those of the GSM alphabet being one a septet."""
    if dcs in _UCS2:
        return octets.decode("utf-16-be", "replace")
    if dcs in _OCTETS:
        return octets.decode("latin-1")
    return decode(octets)
