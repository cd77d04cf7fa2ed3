"""Incoming messages: who sent them, and which part of what they are.

Source: GSM 03.40, clause 9.2.3.24 (user data header) with 9.2.3.24.1 and 9.2.3.24.8
(concatenation); SMPP specification v3.4, clauses 5.3.2.22 to 5.3.2.24 (sar_*).
"""

from collections.abc import Iterator
from typing import Final

from smpplib import consts

from ...model import Fragment, Place
from .data_coding import charset
from .pdus import (
    SAR_MSG_REF_NUM,
    SAR_SEGMENT_SEQNUM,
    SAR_TOTAL_SEGMENTS,
    Address,
    Delivery,
)
from .wire import integer_of

_REFERENCE_OCTETS: Final = {
    consts.SMPP_UDHIEIE_CONCATENATED: 1,
    0x08: 2,  # concatenated, with a reference of 16 bits
}
_WIDE: Final = 1 << 16
"""Keeps references of 16 bits apart from those of 8 bits with the same value."""


def read_fragment(delivery: Delivery) -> Fragment:
    """Return the incoming message, or the part of one, that a delivery is.

    A user data header that cannot be read is taken for text: better odd characters than
    none. Raises PduError when a sar_* TLV has a wrong length.
    """
    octets = delivery.octets
    place = _place_by_tlvs(delivery)
    if delivery.has_header and (header := _header(octets)) is not None:
        place = _place_by_header(header) or place
        octets = octets[1 + len(header) :]
    return Fragment(
        sender=_number(delivery.source),
        recipient=_number(delivery.destination),
        octets=octets,
        charset=charset(delivery.data_coding),
        place=place,
    )


def _header(octets: bytes) -> bytes | None:
    """Return the information elements, None where their length cannot be."""
    length = octets[0] if octets else 0
    return octets[1 : 1 + length] if 0 < length < len(octets) else None


def _elements(header: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each information element, up to one that is cut."""
    position = 0
    while position + 2 <= len(header):
        identifier, length = header[position], header[position + 1]
        position += 2
        if position + length > len(header):
            return
        yield identifier, header[position : position + length]
        position += length


def _place_by_header(header: bytes) -> Place | None:
    for identifier, value in _elements(header):
        width = _REFERENCE_OCTETS.get(identifier)
        if width and len(value) == width + 2:
            reference = int.from_bytes(value[:width])
            if width > 1:
                reference += _WIDE
            return _place(reference, total=value[-2], number=value[-1])
    return None


def _place_by_tlvs(delivery: Delivery) -> Place | None:
    reference = integer_of(delivery.tlvs, SAR_MSG_REF_NUM, 2)
    total = integer_of(delivery.tlvs, SAR_TOTAL_SEGMENTS, 1)
    number = integer_of(delivery.tlvs, SAR_SEGMENT_SEQNUM, 1)
    if reference is None or total is None or number is None:
        return None
    return _place(reference + _WIDE, total=total, number=number)


def _place(reference: int, *, total: int, number: int) -> Place | None:
    """Return None for one of one, and for numbers that cannot be (to be ignored)."""
    if total > 1 and 1 <= number <= total:
        return Place(reference, total, number)
    return None


def _number(address: Address) -> str:
    """Write an international number with its plus sign, any other as it came."""
    digits = address.digits
    if address.ton == consts.SMPP_TON_INTL and digits.isdecimal():
        return f"+{digits}"
    return digits
