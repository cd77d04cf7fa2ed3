"""Bytes made beforehand, and answers that are only counted: what the SMSC can take."""

import socket
from struct import Struct
import sys
from typing import Final

from .rounds import TEXT, serve

_HEADER: Final = Struct(">LLLL")
_BIND: Final = _HEADER.pack(16 + 17, 9, 0, 1) + b"bench\0bench\0\0\x34\0\0\0"
_RESPONSE: Final = 16 + 9


def _submits(count: int) -> bytes:
    body = b"\0\5\0Bench\0\1\00196170123456\0\0\0\0\0\0\1\0\0\0" + bytes((len(TEXT),))
    body += TEXT.encode("ascii")
    return b"".join(
        _HEADER.pack(16 + len(body), 4, 0, sequence) + body
        for sequence in range(2, 2 + count)
    )


def main() -> None:
    """Be the client."""
    port, window = map(int, sys.argv[1:])
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(_BIND)
    connection.recv(100)
    whole = memoryview(_submits(window))
    one = len(whole) // window

    def send(messages: int) -> None:
        sent = octets = 0
        while octets < messages * _RESPONSE:
            # As many as were answered, in one write.
            more = min(messages - sent, window - sent + octets // _RESPONSE)
            if more:
                connection.sendall(whole[: more * one])
                sent += more
            octets += len(connection.recv(1 << 16))

    serve(send)


if __name__ == "__main__":
    main()
