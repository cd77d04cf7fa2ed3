"""How the octets of a text are read: data_coding.

Source: SMPP specification v3.4, clause 5.2.19; the groups of GSM 03.38, clause 4, for
the values that the former hands on to the latter.
"""

from enum import IntEnum
from typing import Final

from ...text import gsm


class DataCoding(IntEnum):
    """The values that we send; the flash ones are GSM 03.38's class 0."""

    DEFAULT = 0x00
    UCS2 = 0x08
    FLASH_DEFAULT = 0x10
    FLASH_UCS2 = 0x18


_CODECS: Final = {
    0x01: "ascii",
    0x03: "latin-1",
    0x05: "shift_jis",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x08: "utf-16-be",
    0x0A: "iso2022_jp",
    0x0D: "iso2022_jp_2",
    0x0E: "euc_kr",
}
_BINARY: Final = frozenset({0x02, 0x04})

_GSM: Final = 0
_EIGHT_BIT: Final = 1
_UCS2: Final = 2


def decode(octets: bytes, data_coding: int) -> str:
    """Read a text; what is no text of its coding is marked with U+FFFD.

    Octets without a coding of their own, binary ones, are read as Latin-1.
    """
    if codec := _CODECS.get(data_coding):
        return octets.decode(codec, errors="replace")
    if data_coding in _BINARY:
        return octets.decode("latin-1")
    alphabet = _alphabet(data_coding)
    if alphabet == _UCS2:
        return octets.decode("utf-16-be", errors="replace")
    if alphabet == _EIGHT_BIT:
        return octets.decode("latin-1")
    return gsm.decode(octets)


def _alphabet(data_coding: int) -> int:
    """Return the alphabet of a GSM data coding scheme."""
    group = data_coding >> 4
    if group == 0xF:  # message class; bit 2 chooses between the two
        return _EIGHT_BIT if data_coding & 0b100 else _GSM
    if group == 0xE:  # message waiting, in UCS-2
        return _UCS2
    if group < 0x8:  # general data coding
        return (data_coding >> 2) & 0b11
    return _GSM
