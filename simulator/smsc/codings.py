"""What data_coding says of a text: SMPP specification v3.4, clause 5.2.19."""

from typing import Literal

from .. import alphabet

type DefaultAlphabet = Literal["gsm", "latin-1", "ascii"]
"""What data_coding 0 stands for, which is the SMSC's own affair."""

GSM = "gsm"
OCTETS = "octets"
UCS2 = "utf-16-be"

_PLAIN = {
    0x00: GSM,
    0x01: "ascii",
    0x02: OCTETS,
    0x03: "latin-1",
    0x04: OCTETS,
    0x05: "shift_jis",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x08: UCS2,
    0x09: OCTETS,
    0x0A: "iso2022_jp",
    0x0D: "euc_jp",
    0x0E: "euc_kr",
}
_GSM_GROUPS = (GSM, OCTETS, UCS2)


def _coding(data_coding: int) -> str | None:
    """Return the coding of one value; those of GSM are in 3GPP TS 23.038, clause 4."""
    match data_coding >> 4:
        case 0x0:
            return _PLAIN.get(data_coding)
        case 0x1 if data_coding >> 2 & 3 < len(_GSM_GROUPS):
            return _GSM_GROUPS[data_coding >> 2 & 3]
        case 0xC | 0xD:
            return GSM
        case 0xE:
            return UCS2
        case 0xF if not data_coding & 8:
            return OCTETS if data_coding & 4 else GSM
        case _:
            return None


_CODINGS = tuple(map(_coding, range(256)))


def coding_of(data_coding: int) -> str | None:
    """Return `GSM`, `OCTETS` or the name of a codec; None if the value is reserved."""
    return _CODINGS[data_coding]


def is_flash(data_coding: int) -> bool:
    """Tell whether the message is of class 0 (3GPP TS 23.038, clause 4)."""
    return data_coding in {0x10, 0x14, 0x18, 0xF0, 0xF4}


def decode(content: bytes, data_coding: int, default: DefaultAlphabet) -> str:
    """Return the text, U+FFFD where there is none, and octets as Latin-1."""
    coding = coding_of(data_coding)
    if data_coding == 0:
        coding = default
    if coding == GSM:
        return alphabet.decode(content)
    if coding is None or coding == OCTETS:
        return content.decode("latin-1")
    return content.decode(coding, "replace")


def encode(text: str, default: DefaultAlphabet) -> tuple[int, list[bytes]]:
    """Return a data_coding that has all the characters, and their octets one by one.

    A character that takes several octets is one of the list: it is not to be split.
    """
    try:
        if default == GSM:
            return 0x00, [alphabet.encode(char) for char in text]
        return 0x00, [char.encode(default) for char in text]
    except KeyError, UnicodeEncodeError:
        return 0x08, [char.encode(UCS2, "surrogatepass") for char in text]
