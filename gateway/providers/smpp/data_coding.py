"""How the octets of a text are read: data_coding.

Source: SMPP specification v3.4, clause 5.2.19; the groups of GSM 03.38, clause 4, for
the values that the former hands on to the latter.
"""

from enum import IntEnum
from typing import Final

from ...text import GSM, decode as decode_text


class DataCoding(IntEnum):
    """The values that we send; the flash ones are GSM 03.38's class 0."""

    DEFAULT = 0x00
    UCS2 = 0x08
    FLASH_DEFAULT = 0x10
    FLASH_UCS2 = 0x18


_CHARSETS: Final = {
    0x01: "ascii",
    0x02: "latin-1",  # binary
    0x03: "latin-1",
    0x04: "latin-1",  # binary
    0x05: "shift_jis",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x08: "utf-16-be",
    0x0A: "iso2022_jp",
    0x0D: "iso2022_jp_2",
    0x0E: "euc_kr",
}
_ALPHABETS: Final = (GSM, "latin-1", "utf-16-be", GSM)
"""Those that two bits of a GSM data coding scheme choose: default, 8 bit, UCS-2."""


def charset(data_coding: int) -> str:
    """Name the charset of a text, as `text.decode` takes it.

    Octets without a charset, binary ones, are read as Latin-1.
    """
    if name := _CHARSETS.get(data_coding):
        return name
    group = data_coding >> 4
    if group == 0xF:  # message class; bit 2 chooses between the two
        return "latin-1" if data_coding & 0b100 else GSM
    if group == 0xE:  # message waiting, in UCS-2
        return "utf-16-be"
    if group < 0x8:  # general data coding
        return _ALPHABETS[(data_coding >> 2) & 0b11]
    return GSM


def decode(octets: bytes, data_coding: int) -> str:
    """Read a text; what is no text of its coding is marked with U+FFFD."""
    return decode_text(octets, charset(data_coding))
