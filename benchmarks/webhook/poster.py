"""Posts ready-made requests, in a process of its own, as cheaply as can be.

`python -m benchmarks.poster PORT CONNECTIONS` reads jobs from its standard input, each
a line of JSON: `[path, [body, ...], words of a right answer]`. It posts
the bodies over its connections, which stay open, one at a time over each, and prints
`[start, end, wrong]` when all are answered.
"""

import asyncio
from collections import deque
import json
import sys
import time
from typing import Final, override

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"


class _Connection(asyncio.Protocol):
    """One request at a time, from a queue that all connections share."""

    def __init__(self) -> None:
        self.requests: deque[bytes] = deque()
        self.words = b""
        self.wrong = 0
        self.done: asyncio.Future[None] | None = None
        self._received = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self.done is not None and not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed"))

    def begin(self, requests: deque[bytes], words: bytes) -> asyncio.Future[None]:
        """Take requests off the queue until it is empty."""
        self.requests, self.words, self.wrong = requests, words, 0
        self.done = asyncio.get_running_loop().create_future()
        self._next()
        return self.done

    @override
    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(_END)
        if not end or len(body) < _length(head):
            return
        if b" 200 OK" not in head or self.words not in body:
            self.wrong += 1
        self._received = b""
        self._next()

    def _next(self) -> None:
        if self.requests:
            self._transport.write(self.requests.popleft())
        elif self.done is not None:
            self.done.set_result(None)


def _length(head: bytes) -> int:
    lower = head.lower()
    start = lower.index(_LENGTH) + len(_LENGTH)
    return int(lower[start:].split(b"\r\n", 1)[0])


def _request(path: str, body: str) -> bytes:
    content = body.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/soap\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def _main(port: int, connections: int) -> None:
    loop = asyncio.get_running_loop()
    opened = [
        (await loop.create_connection(_Connection, "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        path, bodies, words = json.loads(line)
        requests = deque(_request(path, body) for body in bodies)
        start = time.monotonic()
        await asyncio.gather(*(each.begin(requests, words.encode()) for each in opened))
        end = time.monotonic()
        print(json.dumps([start, end, sum(each.wrong for each in opened)]), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2])))
