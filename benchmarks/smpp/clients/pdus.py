"""Bytes made beforehand, for clients that do nothing else."""

import socket
from struct import Struct
from typing import Final

from .rounds import TEXT

HEADER: Final = Struct(">LLLL")
BIND: Final = HEADER.pack(16 + 17, 9, 0, 1) + b"bench\0bench\0\0\x34\0\0\0"
_BODY: Final = b"".join(
    (
        b"\0\5\0Bench\0\1\00196170123456\0\0\0\0\0\0\1\0\0\0",
        bytes((len(TEXT),)),
        TEXT.encode("ascii"),
    )
)
_LENGTH: Final = HEADER.size + len(_BODY)
_SUBMIT: Final = 4
RESPONSE: Final = HEADER.size + 9
"""Octets of an answer to a submission."""


def submit(sequence: int) -> bytes:
    """Return a submission."""
    return HEADER.pack(_LENGTH, _SUBMIT, 0, sequence) + _BODY


def submits(count: int) -> bytes:
    """Return so many submissions."""
    return b"".join(submit(sequence) for sequence in range(2, 2 + count))


def bound(port: int) -> socket.socket:
    """Return a connection that is bound as a transceiver."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(BIND)
    connection.recv(100)
    return connection
