"""One connection of a simulator: how it is written to, and how it ends."""

from abc import ABC, abstractmethod
import asyncio
from collections import deque
from collections.abc import Iterable
import socket
import struct
from typing import override

_LINGER_OFF = struct.pack("ii", 1, 0)


def reset(transport: asyncio.Transport) -> None:
    """Reset a connection, without what is still to be sent."""
    connection: socket.socket = transport.get_extra_info("socket")
    # Without lingering, closing sends RST instead of FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
    transport.abort()


class Connection(ABC, asyncio.Protocol):
    """A connection that gathers what is sent.

    What is sent within one turn of the event loop goes out by one write.
    """

    def __init__(self) -> None:
        """Wait for the connection."""
        self.is_open = False
        self.is_ignoring = False
        self.ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._out: list[bytes] = []
        self._gathering = False
        self._dripping: deque[bytes] = deque()
        self._closing = False

    @abstractmethod
    def lost(self) -> None:
        """Take note of the end of the connection."""

    def cut(self, octets: bytes) -> list[bytes]:
        """Return the pieces in which octets are written."""
        return [octets]

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self.is_open = True

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """End."""
        self.is_open = False
        self.lost()
        self.ended.set()

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
        if self._out and self.is_open:
            octets = b"".join(self._out)
            self._out.clear()
            self._write(self.cut(octets))

    def drip(self, pieces: Iterable[bytes]) -> None:
        """Send pieces, each in a turn of the event loop, after what is gathered."""
        self.flush()
        if self.is_open and not self._closing:
            self._write(pieces)

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
        if self._transport is not None and self.is_open:
            self.is_open = False
            reset(self._transport)

    def abort(self) -> None:
        """End the connection without sending what is left."""
        if self._transport is not None:
            self._transport.abort()

    def ignore(self) -> None:
        """Take nothing more, and stay connected."""
        self.is_ignoring = True

    def stop_reading(self) -> None:
        """Leave in the socket's buffer what is received from now on."""
        if self._transport is not None:
            self._transport.pause_reading()

    def _write(self, pieces: Iterable[bytes]) -> None:
        """Write the first piece, unless others wait; the rest in later turns."""
        idle = not self._dripping
        self._dripping.extend(pieces)
        if idle and self._dripping:
            self._drip()

    def _drip(self) -> None:
        """Write the next piece."""
        if self._transport is None or not self.is_open:
            return
        self._transport.write(self._dripping.popleft())
        if self._dripping:
            self._loop.call_soon(self._drip)
        elif self._closing:
            self._transport.close()
