"""The bytes of SMPP 3.4: PDUs in a stream, and the fields and TLVs in a PDU.

Source: SMPP specification v3.4, clauses 3.1 (types), 3.2 (PDU format) and 3.2.4
(optional parameters). What a peer sends is read strictly: a length, a terminator or a
TLV that is wrong raises, and no byte ever spills into another field.
"""

from collections.abc import Iterator, Mapping
from struct import Struct
from typing import Final

from smpplib import consts

HEADER: Final = Struct(">LLLL")
"""command_length, command_id, command_status, sequence_number."""
HEADER_LENGTH: Final = HEADER.size
LONGEST_PDU: Final = 128 * 1024
"""Octets of a PDU: a full message_payload, and as much again for the other fields."""

_TLV: Final = Struct(">HH")


class PduError(Exception):
    """A PDU that breaks the specification. `status` is what a nack of it tells."""

    def __init__(self, text: str, status: int) -> None:
        """Take what is wrong, and the command_status for the peer."""
        super().__init__(text)
        self.status = status


class LengthError(PduError):
    """A command_length that cannot be: where the next PDU begins is not known."""

    def __init__(self, length: int) -> None:
        """Take the length that the peer gave."""
        super().__init__(
            f"command_length {length}, must be {HEADER_LENGTH} to {LONGEST_PDU}",
            consts.SMPP_ESME_RINVCMDLEN,
        )


class Framer:
    """Cuts a stream into PDUs, however the network has split and joined them."""

    def __init__(self) -> None:
        """Begin with an empty stream."""
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each PDU that is complete with `data`.

        Raises LengthError at a length that cannot be, after the PDUs before it. At most
        one PDU that is not complete yet is kept.
        """
        data = self._rest + data
        position = 0
        end = len(data)
        while end - position >= 4:
            length = int.from_bytes(data[position : position + 4])
            if not HEADER_LENGTH <= length <= LONGEST_PDU:
                self._rest = b""
                raise LengthError(length)
            if end - position < length:
                break
            yield data[position : position + length]
            position += length
        self._rest = data[position:]


class Body:
    """Reads the fields of a PDU's body, one after the other.

    Every method raises PduError, which names the field, when the body does not have it.
    """

    def __init__(self, body: bytes) -> None:
        """Take what follows the header."""
        self._body = body
        self._position = 0

    def c_octets(self, name: str, most: int) -> bytes:
        """Read a C-octet string of at most so many octets, its NUL counted."""
        end = self._body.find(0, self._position, self._position + most)
        if end < 0:
            raise PduError(
                f"{name}: no NUL within {most} octets", consts.SMPP_ESME_RINVPARLEN
            )
        value = self._body[self._position : end]
        self._position = end + 1
        return value

    def integer(self, name: str) -> int:
        """Read an integer of one octet."""
        return self.octets(name, 1)[0]

    def octets(self, name: str, length: int) -> bytes:
        """Read so many octets."""
        value = self._body[self._position : self._position + length]
        if len(value) < length:
            raise PduError(
                f"{name}: {len(value)} of {length} octets are there",
                consts.SMPP_ESME_RINVPARLEN,
            )
        self._position += length
        return value

    def tlvs(self) -> dict[int, bytes]:
        """Read the rest as optional parameters, unknown ones too.

        Of a tag that comes twice, the first value counts.
        """
        found: dict[int, bytes] = {}
        while self._position < len(self._body):
            head = self._body[self._position : self._position + _TLV.size]
            if len(head) < _TLV.size:
                raise PduError(
                    "TLV: its header is cut", consts.SMPP_ESME_RINVOPTPARSTREAM
                )
            tag, length = _TLV.unpack(head)
            start = self._position + _TLV.size
            if start + length > len(self._body):
                raise PduError(
                    f"TLV 0x{tag:04X}: longer than the PDU",
                    consts.SMPP_ESME_RINVOPTPARSTREAM,
                )
            found.setdefault(tag, self._body[start : start + length])
            self._position = start + length
        return found

    @property
    def is_at_end(self) -> bool:
        """Whether all of the body has been read."""
        return self._position >= len(self._body)


def integer_of(tlvs: Mapping[int, bytes], tag: int, length: int) -> int | None:
    """Return a TLV as an integer of that many octets, None when it is not there.

    Raises PduError when it has another length.
    """
    value = tlvs.get(tag)
    if value is None:
        return None
    if len(value) != length:
        raise PduError(
            f"TLV 0x{tag:04X}: {len(value)} octets, must be {length}",
            consts.SMPP_ESME_RINVPARLEN,
        )
    return int.from_bytes(value)


def c_octets_of(tlvs: Mapping[int, bytes], tag: int) -> bytes | None:
    """Return a TLV as text, None when it is not there; servers leave out its NUL."""
    value = tlvs.get(tag)
    return None if value is None else value.partition(b"\0")[0]
