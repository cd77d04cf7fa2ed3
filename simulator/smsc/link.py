"""One connection: octets in, PDUs out of them; PDUs in, octets out of them."""

from abc import ABC, abstractmethod
import asyncio
import socket
import struct
from typing import override

from .octets import HEADER
from .settings import Settings

_LINGER_OFF = struct.pack("ii", 1, 0)
_LENGTH = struct.Struct(">I")


class Link(ABC, asyncio.Protocol):
    """Cuts what is received into PDUs, and gathers what is sent.

    What is sent within one turn of the event loop goes out by one write.
    """

    def __init__(self, settings: Settings) -> None:
        """Wait for the connection."""
        self.is_open = False
        self.ended = asyncio.Event()
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self.is_ignoring = False
        self._out: list[bytes] = []
        self._gathering = False
        self._dripping = bytearray()
        self._closing = False

    @abstractmethod
    def take(self, command: int, status: int, sequence: int, body: bytes) -> None:
        """Take a PDU."""

    @abstractmethod
    def take_bad_length(self, sequence: int) -> None:
        """Take note of a command_length that no PDU has."""

    @abstractmethod
    def lost(self) -> None:
        """Take note of the end of the connection."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self.is_open = True
            if not self._settings.reads:
                transport.pause_reading()

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """End."""
        self.is_open = False
        self.lost()
        self.ended.set()

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

    def send(self, octets: bytes) -> None:
        """Send before the event loop's turn ends."""
        if not self.is_open or self._closing:
            return
        self._out.append(octets)
        if not self._gathering:
            self._gathering = True
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Send at once what has been gathered."""
        self._gathering = False
        if self._out and self._transport is not None and self.is_open:
            octets = b"".join(self._out)
            self._out.clear()
            if self._settings.write_size == 0 and not self._dripping:
                self._transport.write(octets)
                return
            idle = not self._dripping
            self._dripping += octets
            if idle:
                self._drip()

    def close(self) -> None:
        """Close once everything is sent, and take nothing more."""
        self.ignore()
        self.flush()
        self._closing = True
        if self._transport is not None and not self._dripping:
            self._transport.close()

    def reset(self) -> None:
        """Reset the connection, after what is already gathered."""
        self.ignore()
        self.flush()
        if self._transport is None or not self.is_open:
            return
        self.is_open = False
        connection: socket.socket = self._transport.get_extra_info("socket")
        # Without lingering, closing sends RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
        self._transport.abort()

    def abort(self) -> None:
        """End the connection without sending what is left."""
        if self._transport is not None:
            self._transport.abort()

    def ignore(self) -> None:
        """Take no further PDU, and stay connected."""
        self.is_ignoring = True

    def stop_reading(self) -> None:
        """Leave in the socket's buffer what is received from now on."""
        if self._transport is not None:
            self._transport.pause_reading()

    def _drip(self) -> None:
        """Write some octets, the rest in later turns of the event loop."""
        if self._transport is None or not self.is_open:
            return
        size = self._settings.write_size or len(self._dripping)
        self._transport.write(bytes(self._dripping[:size]))
        del self._dripping[:size]
        if self._dripping:
            self._loop.call_soon(self._drip)
        elif self._closing:
            self._transport.close()
