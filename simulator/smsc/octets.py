"""The octets of a PDU: its header, its mandatory and its optional parameters."""

from collections.abc import Mapping
import struct
from types import MappingProxyType

from .statuses import CommandStatus, RefusedError

HEADER = struct.Struct(">4I")
"""command_length, command_id, command_status, sequence_number (SMPP v3.4, 3.2)."""

NO_PARAMETERS: Mapping[int, bytes] = MappingProxyType({})

_TAG_AND_LENGTH = struct.Struct(">2H")


def pdu(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    """Return a PDU."""
    return HEADER.pack(HEADER.size + len(body), command, status, sequence) + body


def cstring(text: str) -> bytes:
    """Return a C-Octet String (SMPP specification v3.4, clause 3.1)."""
    return text.encode("latin-1") + b"\0"


def optional_parameters(parameters: Mapping[int, bytes]) -> bytes:
    """Return optional parameters as tag, length and value (SMPP v3.4, 3.2.4.1)."""
    return b"".join(
        _TAG_AND_LENGTH.pack(tag, len(value)) + value
        for tag, value in parameters.items()
    )


class Reader:
    """Reads the body of a PDU from its beginning.

    Every method raises `RefusedError`: with ESME_RINVCMDLEN if the body is too short,
    with the status given if it is the parameter that is wrong.
    """

    __slots__ = ("_at", "_body")

    def __init__(self, body: bytes) -> None:
        """Start at the first octet."""
        self._body = body
        self._at = 0

    def octet(self) -> int:
        """Read an integer of one octet."""
        at = self._at
        try:
            value = self._body[at]
        except IndexError:
            raise RefusedError(CommandStatus.ESME_RINVCMDLEN) from None
        self._at = at + 1
        return value

    def octets(self, count: int, wrong: CommandStatus) -> bytes:
        """Read an octet string of a known length."""
        start = self._at
        end = self._at = start + count
        if end > len(self._body):
            raise RefusedError(wrong)
        return self._body[start:end]

    def cstring(self, size: int, wrong: CommandStatus) -> str:
        """Read a C-Octet String of at most `size` octets, its NUL included."""
        body, start = self._body, self._at
        end = body.find(0, start)
        if end < 0 or end - start >= size:
            cut = end < 0 and len(body) - start < size
            raise RefusedError(CommandStatus.ESME_RINVCMDLEN if cut else wrong)
        self._at = end + 1
        return body[start:end].decode("latin-1")

    def time(self, wrong: CommandStatus) -> str:
        """Read a C-Octet String of 1 or 17 octets (SMPP v3.4, clause 7.1.1)."""
        text = self.cstring(17, wrong)
        if len(text) not in {0, 16}:
            raise RefusedError(wrong)
        return text

    def optional_parameters(self) -> Mapping[int, bytes]:
        """Read the rest as optional parameters; of a repeated one the last counts."""
        body, at = self._body, self._at
        if at == len(body):
            return NO_PARAMETERS
        found: dict[int, bytes] = {}
        while at < len(body):
            start = at + _TAG_AND_LENGTH.size
            if start > len(body):
                raise RefusedError(CommandStatus.ESME_RINVOPTPARSTREAM)
            tag, length = _TAG_AND_LENGTH.unpack_from(body, at)
            at = start + length
            if at > len(body):
                raise RefusedError(CommandStatus.ESME_RINVOPTPARSTREAM)
            found[tag] = body[start:at]
        self._at = at
        return found

    def end(self) -> None:
        """See that nothing is left."""
        if self._at != len(self._body):
            raise RefusedError(CommandStatus.ESME_RINVCMDLEN)
