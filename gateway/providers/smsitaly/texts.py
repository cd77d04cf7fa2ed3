"""How a text is written: plain, as UCS, or in parts with a header of its own.

Source: smsitaly specification, the rows `SmsType`, `UDH` and `DCS`; GSM 03.40, clause
9.2.3.24.1 (the concatenation header) and GSM 03.38, clause 4 (data coding).

Settled there is that the types exist, not how their texts are written. Our reading: the
text of type UCS is UTF-16BE in hexadecimal digits, that of type UTF is UTF-8 in such
digits, that of type UDH the user data behind the header in such digits, in the alphabet
that DCS names.
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
    """The values of `SmsType` whose texts we know how to write.

    Not settled is what the text of a bookmark (WBK) or a WAP push (WPS) looks like.
    """

    TEXT = ""
    FLASH = "FL"
    UCS = "UCS"
    UTF = "UTF"
    UDH = "UDH"


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
            raise InputError(
                "encoding",
                f"'{encoding}' cannot carry this text here; use 'auto' or 'unicode'",
            )
        case _:
            return True


def _is_for_gsm_parts(text: str, encoding: Encoding, long_text: LongText) -> bool:
    """Whether a text goes in parts of the GSM alphabet.

    They are hexadecimal digits: unlike a plain text they can have ends of lines and €.
    """
    return (
        long_text is LongText.UDH
        and encoding not in (Encoding.UNICODE, Encoding.ARABIC)
        and is_gsm(text)
        and len(segments(text, gsm=True)) > 1
    )


def measure_text(
    text: str, encoding: Encoding, long_text: LongText = LongText.UDH
) -> Measure:
    """Count the parts that a text will take; raises InputError as `is_plain`."""
    in_gsm = _is_for_gsm_parts(text, encoding, long_text)
    return measure(text, gsm=in_gsm or is_plain(text, encoding))


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

    Raises InputError (field `encoding`) as `is_plain`.
    """
    in_gsm = _is_for_gsm_parts(text, encoding, long_text)
    plain = not in_gsm and is_plain(text, encoding)
    parts = segments(text, gsm=in_gsm or plain)
    if len(parts) == 1 or long_text is LongText.WHOLE:
        return (_plain(text, flash) if plain else _unicode(text, flash, unicode),)
    dcs = (_DCS_GSM if in_gsm else _DCS_UCS2) | (_DCS_FLASH if flash else 0)
    return tuple(
        Body(
            (gsm.encode(part) if in_gsm else part.encode("utf-16-be")).hex().upper(),
            SmsType.UDH,
            f"{_CONCATENATED}00{len(parts):02X}{number:02X}",
            f"{dcs:02X}",
        )
        for number, part in enumerate(parts, start=1)
    )


def _plain(text: str, flash: bool) -> Body:
    return Body(text, SmsType.FLASH if flash else SmsType.TEXT)


def _unicode(text: str, flash: bool, unicode: Unicode) -> Body:
    sms_type, charset = _UNICODE[unicode]
    dcs = f"{_DCS_UCS2 | _DCS_FLASH:02X}" if flash else ""
    return Body(text.encode(charset).hex().upper(), sms_type, dcs=dcs)
