"""One connection: octets in, PDUs out of them; PDUs in, octets out of them."""

from abc import abstractmethod
import asyncio
import struct
from typing import override

from ..connection import Connection
from .octets import HEADER
from .settings import Settings

_LENGTH = struct.Struct(">I")


class Link(Connection):
    """Cuts what is received into PDUs."""

    def __init__(self, settings: Settings) -> None:
        """Wait for the connection."""
        super().__init__()
        self._settings = settings
        self._received = b""

    @abstractmethod
    def take(self, command: int, status: int, sequence: int, body: bytes) -> None:
        """Take a PDU."""

    @abstractmethod
    def take_bad_length(self, sequence: int) -> None:
        """Take note of a command_length that no PDU has."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        super().connection_made(transport)
        if not self._settings.reads:
            self.stop_reading()

    @override
    def data_received(self, data: bytes) -> None:
        """Take the PDUs that are complete."""
        self._gathering = True
        buffer = self._received + data if self._received else data
        size, at = len(buffer), 0
        longest = self._settings.longest_pdu
        while size - at >= _LENGTH.size and not self.is_ignoring:
            (length,) = _LENGTH.unpack_from(buffer, at)
            if not HEADER.size <= length <= longest:
                whole = size - at >= HEADER.size
                self.take_bad_length(HEADER.unpack_from(buffer, at)[3] if whole else 0)
                at = size
            elif size - at < length:
                break
            else:
                _, command, status, sequence = HEADER.unpack_from(buffer, at)
                self.take(command, status, sequence, buffer[at + 16 : at + length])
                at += length
        self._received = b"" if self.is_ignoring else buffer[at:]
        self.flush()

    @override
    def cut(self, octets: bytes) -> list[bytes]:
        """Return the octets in pieces of the size that is set, or whole."""
        size = self._settings.write_size
        if size == 0:
            return [octets]
        return [octets[at : at + size] for at in range(0, len(octets), size)]
