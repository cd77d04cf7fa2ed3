"""The user data of a message: its header, its text, its place in a longer one."""

from collections.abc import Mapping
import struct
from typing import NamedTuple

from . import codings
from .pdus import ShortMessage
from .statuses import CommandStatus, RefusedError
from .tags import Tag

UDHI = 0x40
"""The bit of esm_class for a user data header (SMPP v3.4, clause 5.2.12)."""

_SEPTETS, _OCTETS = 160, 140
_CONCATENATION, _CONCATENATION_16 = 0x00, 0x08
_WIDE = struct.Struct(">H2B")
_HEADER_OF_A_PART = 6
_SAR = {Tag.SAR_MSG_REF_NUM: 2, Tag.SAR_TOTAL_SEGMENTS: 1, Tag.SAR_SEGMENT_SEQNUM: 1}


class Part(NamedTuple):
    """The place of a segment: `number` counts from 1 to `total`."""

    reference: int
    total: int
    number: int


class UserData(NamedTuple):
    """Header (3GPP TS 23.040, clause 9.2.3.24, with its length), content and place.

    `parts` is how many segments the SMSC needs for it.
    """

    header: bytes
    content: bytes
    part: Part | None
    parts: int


def read(message: ShortMessage) -> UserData:
    """Return the user data of a submitted message; raises `RefusedError`."""
    data = _data(message)
    parameters = message.parameters
    header, part = b"", None
    if message.esm_class & UDHI:
        header = _header(data)
        data = data[len(header) :]
        part = _part_of_header(header)
    elif parameters:
        part = _part_of_parameters(parameters)
    return UserData(header, data, part, _parts(message, header, data, part))


def header_of(part: Part, *, wide: bool = False) -> bytes:
    """Return the header of a segment, its reference of 8 or 16 bits."""
    reference, total, number = part
    if wide:
        value = _WIDE.pack(reference & 0xFFFF, total, number)
        return bytes((6, _CONCATENATION_16, 4)) + value
    return bytes((5, _CONCATENATION, 3, reference & 0xFF, total, number))


def parameters_of(part: Part) -> dict[int, bytes]:
    """Return the sar parameters of a segment (SMPP v3.4, 5.3.2.22 to 5.3.2.24)."""
    return {
        Tag.SAR_MSG_REF_NUM: struct.pack(">H", part.reference & 0xFFFF),
        Tag.SAR_TOTAL_SEGMENTS: bytes((part.total,)),
        Tag.SAR_SEGMENT_SEQNUM: bytes((part.number,)),
    }


def room(data_coding: int, header: int) -> int:
    """Return how many octets of content fit in a segment beside such a header.

    Characters of the GSM alphabet are an octet each here, and seven bits on the air.
    """
    if codings.coding_of(data_coding) == codings.GSM:
        return _SEPTETS - (8 * header + 6) // 7
    return _OCTETS - header


def _data(message: ShortMessage) -> bytes:
    """Return short_message or, in its place, message_payload (5.3.2.32)."""
    payload = message.parameters.get(Tag.MESSAGE_PAYLOAD)
    if payload is None:
        return message.short_message
    if message.short_message:
        raise RefusedError(CommandStatus.ESME_ROPTPARNOTALLWD)
    return payload


def _header(data: bytes) -> bytes:
    """Return the user data header at the beginning of the data."""
    if not data or len(data) <= data[0]:
        raise RefusedError(CommandStatus.ESME_RINVESMCLASS)
    return data[: data[0] + 1]


def _part_of_header(header: bytes) -> Part | None:
    """Return the place that the header tells, if it does."""
    part = None
    elements = header[1:]
    while elements:
        end = 2 + elements[1] if len(elements) > 1 else 2
        if end > len(elements):
            raise RefusedError(CommandStatus.ESME_RINVESMCLASS)
        kind, value, elements = elements[0], elements[2:end], elements[end:]
        if kind == _CONCATENATION and len(value) == 3:
            part = Part(*value)
        elif kind == _CONCATENATION_16 and len(value) == 4:
            part = Part(*_WIDE.unpack(value))
    if part is not None and not 1 <= part.number <= part.total:
        raise RefusedError(CommandStatus.ESME_RINVESMCLASS)
    return part


def _part_of_parameters(parameters: Mapping[int, bytes]) -> Part | None:
    """Return the place that the sar parameters tell, if they do."""
    found = [parameters[tag] for tag in _SAR if tag in parameters]
    if not found:
        return None
    if len(found) < len(_SAR):
        raise RefusedError(CommandStatus.ESME_RMISSINGOPTPARAM)
    if [len(value) for value in found] != list(_SAR.values()):
        raise RefusedError(CommandStatus.ESME_RINVPARLEN)
    part = Part(*(int.from_bytes(value) for value in found))
    if not 1 <= part.number <= part.total:
        raise RefusedError(CommandStatus.ESME_RINVOPTPARAMVAL)
    return part


def _parts(
    message: ShortMessage, header: bytes, content: bytes, part: Part | None
) -> int:
    """Return the number of segments; one that is already a segment has to fit."""
    if len(content) % 2 and codings.coding_of(message.data_coding) == codings.UCS2:
        raise RefusedError(CommandStatus.ESME_RINVMSGLEN)
    used = len(header)
    if part is not None and not header:
        used = _HEADER_OF_A_PART
    if len(content) <= room(message.data_coding, used):
        return 1
    if used:
        raise RefusedError(CommandStatus.ESME_RINVMSGLEN)
    return -(-len(content) // room(message.data_coding, _HEADER_OF_A_PART))
