"""A client of the SMSC that sends exactly what it is given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import itertools
import struct
from typing import Any, NamedTuple, Self

from smpplib.command import Command as SmpplibPdu, factory
from smpplib.command_codes import get_command_name

from simulator.smsc import Command, CommandStatus, SmscSimulator

HEADER = struct.Struct(">4I")
RESPONSE = 0x80000000


class Pdu(NamedTuple):
    """A PDU as it came."""

    command: int
    status: int
    sequence: int
    body: bytes

    @property
    def read(self) -> Any:
        """The PDU as smpplib reads it."""
        name = get_command_name(self.command)
        pdu = factory(name, sequence=0, allow_unknown_opt_params=True)
        pdu.parse(raw(*self))
        return pdu

    @property
    def message_id(self) -> str:
        """The message_id of a response without an error."""
        assert self.status == CommandStatus.ESME_ROK
        return self.body.removesuffix(b"\0").decode()


def raw(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    """Return the octets of a PDU."""
    return HEADER.pack(16 + len(body), command, status, sequence) + body


def parameter(tag: int, value: bytes) -> bytes:
    """Return the octets of an optional parameter."""
    return struct.pack(">2H", tag, len(value)) + value


class _Numbers:
    """The sequence numbers, as smpplib asks for them."""

    def __init__(self) -> None:
        self.sequence = 0
        self._numbers = itertools.count(1)

    def next_sequence(self) -> int:
        self.sequence = next(self._numbers)
        return self.sequence


class Esme:
    """A connection to the SMSC, and nothing that happens by itself."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader = reader
        self.writer = writer
        self._numbers = _Numbers()

    @classmethod
    @asynccontextmanager
    async def connect(cls, smsc: SmscSimulator) -> AsyncIterator[Self]:
        """Connect, unbound."""
        esme = cls(*await asyncio.open_connection(smsc.host, smsc.port))
        try:
            yield esme
        finally:
            esme.writer.close()

    def pdu(self, name: str, **fields: object) -> SmpplibPdu:
        """Return a request that smpplib makes, with the next sequence number."""
        pdu = factory(name, client=self._numbers, **fields)
        for field, kind in pdu.params.items():
            if getattr(pdu, field, None) is None and kind.type is str:
                setattr(pdu, field, "")
        return pdu

    def send(self, name: str, **fields: object) -> int:
        """Send a request and return its sequence number."""
        pdu = self.pdu(name, **fields)
        self.writer.write(pdu.generate())
        return int(pdu.sequence)

    def send_raw(self, command: int, body: bytes = b"", sequence: int = 77) -> None:
        """Send a request of this body."""
        self.writer.write(raw(command, 0, sequence, body))

    async def receive(self) -> Pdu:
        """Return the next PDU; raises `EOFError` or `OSError` at the end."""
        header = HEADER.unpack(await self.reader.readexactly(16))
        length, command, status, sequence = header
        body = await self.reader.readexactly(length - 16)
        return Pdu(command, status, sequence, body)

    async def request(self, name: str, **fields: object) -> Pdu:
        """Send a request and return the next PDU, which is the response to it."""
        sequence = self.send(name, **fields)
        response = await self.receive()
        assert response.sequence == sequence
        return response

    async def request_raw(self, command: int, body: bytes = b"") -> Pdu:
        """Send a request of this body and return the next PDU, the response to it."""
        self.send_raw(command, body)
        response = await self.receive()
        assert response.sequence == 77
        return response

    async def bind(self, mode: str = "transceiver", **changes: object) -> Pdu:
        """Bind as the account of the tests."""
        fields: dict[str, object] = {"system_id": "testUser", "password": "12345"}
        return await self.request(f"bind_{mode}", **fields | changes)

    def send_submit(self, **changes: object) -> int:
        """Send the example of a submit_sm with changed fields."""
        return self.send("submit_sm", **example(**changes))

    async def submit(self, **changes: object) -> Pdu:
        """Send the example of a submit_sm with changed fields, and be answered."""
        return await self.request("submit_sm", **example(**changes))

    def answer(self, request: Pdu, status: int = 0) -> None:
        """Answer a deliver_sm, an enquire_link or an unbind."""
        body = b"\0" if request.command == Command.DELIVER_SM else b""
        response = raw(request.command | RESPONSE, status, request.sequence, body)
        self.writer.write(response)

    async def take(self) -> Pdu:
        """Return the next deliver_sm, answered."""
        delivery = await self.receive()
        assert delivery.command == Command.DELIVER_SM
        self.answer(delivery)
        return delivery

    async def is_closed(self) -> bool:
        """Read to the end of the connection; tell whether nothing else came."""
        return await self.reader.read() == b""

    async def is_silent(self, smsc: SmscSimulator) -> bool:
        """Tell whether nothing came, of all that is sent by now."""
        async with Esme.connect(smsc) as other:
            await other.request("enquire_link")
        # A reader tells what it holds to nobody who does not take it.
        buffer = self.reader._buffer  # type: ignore[attr-defined]
        return not buffer and not self.reader.at_eof()


def example(**changes: object) -> dict[str, object]:
    """Return the fields of a short message, with a receipt; some of them changed."""
    fields: dict[str, object] = {
        "source_addr_ton": 5,
        "source_addr": "Test",
        "dest_addr_ton": 1,
        "dest_addr_npi": 1,
        "destination_addr": "96170123456",
        "short_message": b"testing English message",
        "registered_delivery": 1,
    }
    return fields | changes
