"""How a text is written: plain, as UCS, or in parts with a header of its own.

Source: smsitaly specification, the rows `SmsType`, `UDH` and `DCS`; GSM 03.40, clause
9.2.3.24.1 (the concatenation header) and GSM 03.38, clause 4 (data coding).

Settled there is that the types exist, not how their texts are written. Our reading: the
text of type UCS is UTF-16BE in hexadecimal digits, that of type UTF is UTF-8 in such
digits, that of type UDH the user data behind the header in such digits, in the alphabet
that DCS names. What a bookmark (WBK) or a push (WPS) consists of goes as it is given.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple, Self

from ...errors import InputError
from ...model import Encoding
from ...text import Measure, gsm, is_gsm, measure, segments

_PLAIN: Final = frozenset(
    char for char in map(chr, range(256)) if char.isprintable() and is_gsm(char)
)
"""Characters that are printable, in ISO-8859-1 and in GSM 03.38."""

_CONCATENATED: Final = "050003"
"""Length of the header, what it is, and the length of that; three octets follow."""
_DCS_GSM: Final = 0x00
_DCS_UCS2: Final = 0x08
_DCS_FLASH: Final = 0x10
"""Class 0: shown at once, and not kept."""


class SmsType(StrEnum):
    """The values of `SmsType`."""

    TEXT = ""
    FLASH = "FL"
    UCS = "UCS"
    UTF = "UTF"
    UDH = "UDH"
    WAP_BOOKMARK = "WBK"
    WAP_PUSH = "WPS"


class LongText(StrEnum):
    """How a text that is longer than one short message travels."""

    UDH = "udh"
    """In parts with a concatenation header."""
    WHOLE = "whole"
    """In one string: the server cuts it."""


class Unicode(StrEnum):
    """How a text travels that is not plain and fits into one string."""

    UCS = "ucs"
    UTF = "utf"


_UNICODE: Final = {
    Unicode.UCS: (SmsType.UCS, "utf-16-be"),
    Unicode.UTF: (SmsType.UTF, "utf-8"),
}


_WAP: Final = {
    Encoding.WAP_BOOKMARK: SmsType.WAP_BOOKMARK,
    Encoding.WAP_PUSH: SmsType.WAP_PUSH,
}


class Body(NamedTuple):
    """What one string says of the text: its type, its header, its coding, itself."""

    text: str
    type: SmsType = SmsType.TEXT
    udh: str = ""
    dcs: str = ""

    def referenced(self, reference: int) -> Self:
        """Put the number that tells the parts of a message from others', 0 to 255."""
        if not self.udh:
            return self
        place = len(_CONCATENATED)
        return self._replace(
            udh=f"{self.udh[:place]}{reference:02X}{self.udh[place + 2 :]}"
        )


def is_plain(text: str, encoding: Encoding) -> bool:
    """Whether a text is written as it stands; as Unicode otherwise.

    Raises InputError (field `encoding`) when the wanted encoding cannot carry it.
    """
    match encoding:
        case Encoding.AUTO:
            return _PLAIN.issuperset(text)
        case Encoding.UNICODE | Encoding.ARABIC:
            return False
        case _ if not _PLAIN.issuperset(text):
            raise InputError("encoding", "encoding_unfit", encoding=encoding)
        case _:
            return True


def _gsm_parts(text: str, encoding: Encoding, long_text: LongText) -> list[str] | None:
    """Cut a text into parts of the GSM alphabet, None where it goes otherwise.

    They are hexadecimal digits: unlike a plain text they can have ends of lines and €.
    For these a single part has a header, too, where Unicode would take more, or where
    the GSM alphabet is asked for.
    """
    if (
        long_text is LongText.WHOLE
        or encoding in (Encoding.UNICODE, Encoding.ARABIC)
        or not is_gsm(text)
    ):
        return None
    plain = _PLAIN.issuperset(text)
    if len(segments(text, gsm=plain)) == 1 and (plain or encoding is Encoding.AUTO):
        return None
    return segments(text, gsm=True, headed=True)


def measure_text(
    text: str, encoding: Encoding, long_text: LongText = LongText.UDH
) -> Measure:
    """Count the parts that a text will take; raises InputError as `bodies`."""
    if encoding.is_wap:
        return Measure(gsm=True, units=len(_wap(text, encoding).text), parts=1)
    if parts := _gsm_parts(text, encoding, long_text):
        return Measure(gsm=True, units=gsm.septets(text), parts=len(parts))
    return measure(text, gsm=is_plain(text, encoding))


@lru_cache(maxsize=32)
def bodies(
    text: str,
    encoding: Encoding,
    *,
    flash: bool,
    long_text: LongText,
    unicode: Unicode,
) -> tuple[Body, ...]:
    """Write a text; the reference number of its parts is left 0.

    Raises InputError (field `encoding`) as `is_plain`, and for what cannot be a bookmark
    or a push (field `flash`, where it is to be shown at once).
    """
    if encoding.is_wap:
        if flash:
            raise InputError("flash", "flash_encoding", encoding=encoding)
        return (_wap(text, encoding),)
    if parts := _gsm_parts(text, encoding, long_text):
        dcs = _DCS_GSM
        texts = [gsm.encode(part) for part in parts]
    else:
        plain = is_plain(text, encoding)
        parts = segments(text, gsm=plain)
        if len(parts) == 1 or long_text is LongText.WHOLE:
            return (_plain(text, flash) if plain else _unicode(text, flash, unicode),)
        dcs = _DCS_UCS2
        texts = [part.encode("utf-16-be") for part in parts]
    return tuple(
        Body(
            octets.hex().upper(),
            SmsType.UDH,
            f"{_CONCATENATED}00{len(texts):02X}{number:02X}",
            f"{dcs | _DCS_FLASH if flash else dcs:02X}",
        )
        for number, octets in enumerate(texts, start=1)
    )


def _wap(text: str, encoding: Encoding) -> Body:
    """Write a bookmark or a push: it is for the server to understand."""
    if not (text.isprintable() and text.isascii()):
        raise InputError("encoding", "encoding_ascii", encoding=encoding)
    return Body(text, _WAP[encoding])


def _plain(text: str, flash: bool) -> Body:
    return Body(text, SmsType.FLASH if flash else SmsType.TEXT)


def _unicode(text: str, flash: bool, unicode: Unicode) -> Body:
    sms_type, charset = _UNICODE[unicode]
    dcs = f"{_DCS_UCS2 | _DCS_FLASH:02X}" if flash else ""
    return Body(text.encode(charset).hex().upper(), sms_type, dcs=dcs)
