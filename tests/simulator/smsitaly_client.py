"""A client of the SMS gate that sends exactly what it is given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from simulator.smsitaly import Field, SmsItalySimulator

LOGIN = "\x01testUser\x0212345\x04OKSEND\x05\x06"
LOGGED_IN = "+OK 01 1000 [ID ACCOUNT: 0000 STATUS: Active]"
BAD = "-ERR 100 [String Not Valid or Bad Command Request]"
STAMP = "10-05-16 02:00:00 Pm"
"""What the clock of the tests shows."""


class GateClient:
    """A connection to the gate, and nothing that happens by itself."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.greeting = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, gate: SmsItalySimulator) -> AsyncIterator[Self]:
        """Connect, and wait for nothing."""
        client = cls(*await asyncio.open_connection(gate.host, gate.port))
        try:
            yield client
        finally:
            client.writer.close()

    @classmethod
    @asynccontextmanager
    async def connect(cls, gate: SmsItalySimulator) -> AsyncIterator[Self]:
        """Connect, and be greeted."""
        async with cls.open(gate) as client:
            client.greeting = await client.receive()
            yield client

    def send(self, *lines: str) -> None:
        """Send lines by one write."""
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode("latin-1"))

    async def receive(self) -> str:
        """Return the next answer; raises `EOFError` or `OSError` at the end."""
        line = (await self.reader.readuntil(b"\r\n")).decode("latin-1")
        return line.removesuffix("\r\n")

    async def ask(self, line: str) -> str:
        """Send a line and return the next answer."""
        self.send(line)
        return await self.receive()

    async def log_in(self, user: str = "testUser", password: str = "12345") -> str:
        """Log in by commands and return the last answer."""
        assert await self.ask(f"Account={user}") == "+OK 01"
        return await self.ask(f"Password={password}")

    async def give(self, *lines: str) -> None:
        """Send commands that are all accepted."""
        for line in lines:
            assert (await self.ask(line)).startswith("+OK 01 ["), line

    async def give_message(self, *lines: str) -> None:
        """Give the mandatory fields of the specification's example, and others."""
        await self.give(*MESSAGE, *lines)

    async def rest(self) -> str:
        """Return what comes until the connection ends."""
        return (await self.reader.read()).decode("latin-1")

    async def is_closed(self) -> bool:
        """Read to the end of the connection; tell whether nothing else came."""
        return await self.reader.read() == b""


MESSAGE = (
    "CountryCode=+39",
    "GsmCode=333",
    "PhoneNumber=12345",
    "Sender=+3933300000",
    "TextMessage=Hello",
)
EXAMPLE = {
    "Sender": "+3933300000",
    "CountryCode": "+39",
    "GsmCode": "333",
    "PhoneNumber": "12345",
    "TextMessage": "Hello",
}


def data(**changes: str) -> str:
    """Return the string <Send Data> of the example, with changed fields."""
    assert set(changes) <= set(Field)
    fields = EXAMPLE | changes
    return "".join(f"\x03{fields.get(each, '')}" for each in Field) + _END


def login_and_data(
    user: str = "testUser", password: str = "12345", **changes: str
) -> str:
    """Return the string <Send Login & Data>."""
    return f"\x01{user}\x02{password}{data(**changes)}"


_END = "\x04OKSEND\x05\x06"
