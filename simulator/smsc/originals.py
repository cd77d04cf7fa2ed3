"""Messages from mobiles (MO) to ESMEs: SMPP specification v3.4, clause 4.6."""

from typing import Literal

from . import codings, user_data
from .codings import DefaultAlphabet
from .pdus import Address, ShortMessage
from .tags import Tag
from .user_data import UDHI, Part

type Form = Literal["udh", "udh16", "sar", "payload"]
"""How a longer text goes: in segments that are told apart by a user data header with
a reference of 8 or 16 bits or by the sar parameters, or whole in message_payload."""

_HEADERS = {"udh": 6, "udh16": 7, "sar": 6}
_INTERNATIONAL, _ALPHANUMERIC, _NETWORK = 1, 5, 3
_ISDN = 1
_LONGEST_SHORT_CODE = 6


def address(text: str) -> Address:
    """Return the address of a number, a short code or an alphanumeric sender."""
    digits = text.removeprefix("+")
    if not digits.isdecimal():
        return Address(_ALPHANUMERIC, 0, text)
    if len(digits) <= _LONGEST_SHORT_CODE:
        return Address(_NETWORK, 0, digits)
    return Address(_INTERNATIONAL, _ISDN, digits)


def compose(
    source: str,
    destination: str,
    text: str,
    *,
    form: Form,
    reference: int,
    default: DefaultAlphabet,
) -> list[ShortMessage]:
    """Return the PDUs of a text, one for each segment.

    A form of segments is that of texts which do not fit in one; `payload` is that of
    all texts.
    """
    data_coding, characters = codings.encode(text, default)
    whole = b"".join(characters)
    message = ShortMessage(
        address(source), address(destination), data_coding=data_coding
    )
    if form == "payload":
        return [message._replace(parameters={Tag.MESSAGE_PAYLOAD: whole})]
    if len(whole) <= user_data.room(data_coding, 0):
        return [message._replace(short_message=whole)]
    segments = _cut(characters, user_data.room(data_coding, _HEADERS[form]))
    total = len(segments)
    return [
        _segment(message, content, Part(reference, total, number), form)
        for number, content in enumerate(segments, start=1)
    ]


def _cut(characters: list[bytes], room: int) -> list[bytes]:
    """Return the characters in segments, none of them split."""
    segments = [b""]
    for character in characters:
        if len(segments[-1]) + len(character) > room:
            segments.append(b"")
        segments[-1] += character
    return segments


def _segment(
    message: ShortMessage, content: bytes, part: Part, form: Form
) -> ShortMessage:
    """Return the PDU of a segment."""
    if form == "sar":
        return message._replace(
            short_message=content, parameters=user_data.parameters_of(part)
        )
    header = user_data.header_of(part, wide=form == "udh16")
    return message._replace(short_message=header + content, esm_class=UDHI)
