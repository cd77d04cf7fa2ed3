"""A socket and a loop: each message is made, each answer looked at, and no more done."""

from itertools import count
import sys

from .pdus import HEADER, RESPONSE, bound, submit
from .rounds import serve


def main() -> None:
    """Be the client."""
    port, window = map(int, sys.argv[1:])
    connection = bound(port)
    sequences = count(2)

    def send(messages: int) -> None:
        sent = answered = 0
        received = b""
        while answered < messages:
            more = min(messages - sent, window - sent + answered)
            connection.sendall(b"".join(submit(next(sequences)) for _ in range(more)))
            sent += more
            received += connection.recv(1 << 16)
            whole = len(received) - len(received) % RESPONSE
            for start in range(0, whole, RESPONSE):
                _, _, status, _ = HEADER.unpack_from(received, start)
                if status:
                    raise RuntimeError(f"the SMSC refuses: {status}")
                answered += 1
            received = received[whole:]

    serve(send)


if __name__ == "__main__":
    main()
