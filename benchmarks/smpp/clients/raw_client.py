"""Bytes made beforehand, and answers that are only counted: what the SMSC can take."""

import sys

from .pdus import RESPONSE, bound, submits
from .rounds import serve


def main() -> None:
    """Be the client."""
    port, window = map(int, sys.argv[1:])
    connection = bound(port)
    whole = memoryview(submits(window))
    one = len(whole) // window

    def send(messages: int) -> None:
        sent = octets = 0
        while octets < messages * RESPONSE:
            # As many as were answered, in one write.
            more = min(messages - sent, window - sent + octets // RESPONSE)
            if more:
                connection.sendall(whole[: more * one])
                sent += more
            octets += len(connection.recv(1 << 16))

    serve(send)


if __name__ == "__main__":
    main()
