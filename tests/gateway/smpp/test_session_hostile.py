"""A session at a server that sends whatever it likes."""

import asyncio
from typing import override

from hypothesis import given, strategies as st

from gateway.providers.smpp import SmppLogin, SmppProvider
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.session import Session, State
from gateway.providers.smpp.timers import Timers

from .inbox import RecordingInbox
from .peer import HEADER, pdu

WORDS = st.one_of(st.sampled_from(Command), st.integers(0, 0xFFFFFFFF))
STATUSES = st.one_of(st.just(0), st.integers(0, 0xFFFFFFFF))
NUMBERS = st.one_of(st.integers(0, 4), st.integers(0, 0xFFFFFFFF))
TEXTS = st.sampled_from([b"", b"id:1 stat:DELIVRD err:000", b"\5\0\3\1\2\1text"])
TLVS = st.one_of(
    st.binary(max_size=20),
    st.sampled_from([b"\0\x1e\0\x021\0\4\x27\0\1\2", b"\2\x0c\0\2\0\1", b"\4\x27\0\0"]),
)
DELIVERIES = st.builds(
    lambda esm, coding, text, tlvs: (
        b"\0\1\1123\0\5\0Home\0"
        + bytes((esm, 0, 0, 0, 0, 0, 0, coding, 0, len(text)))
        + text
        + tlvs
    ),
    st.integers(0, 255),
    st.integers(0, 255),
    TEXTS,
    TLVS,
)
PDUS = st.builds(
    pdu, WORDS, NUMBERS, st.one_of(st.binary(max_size=80), DELIVERIES), STATUSES
)
STREAMS = st.lists(st.one_of(st.binary(max_size=40), PDUS), max_size=12)


class Sink(asyncio.Transport):
    """A transport to nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closing = False

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    @override
    def is_closing(self) -> bool:
        return self.closing

    @override
    def close(self) -> None:
        self.closing = True

    @override
    def abort(self) -> None:
        self.closing = True

    @override
    def pause_reading(self) -> None:
        """Nothing is read anyway."""

    @override
    def resume_reading(self) -> None:
        """Nothing is read anyway."""


@given(STREAMS, st.integers(1, 64))
def test_no_octets_raise_or_leave_a_request_without_an_end(
    stream: list[bytes], cut: int
) -> None:
    async def receive() -> None:
        login = SmppLogin(host="x", system_id="user", password="secret")
        provider = SmppProvider(login)
        provider._inbox = RecordingInbox()
        session = Session(Timers(), 10, provider._take, lambda _session: None)
        sink = Sink()
        session.connection_made(sink)
        session.state = State.BOUND
        asked = [
            asyncio.create_task(session.request(Command.QUERY_SM)) for _ in range(3)
        ]
        await asyncio.sleep(0)
        octets = b"".join(stream)
        for start in range(0, len(octets), cut):
            if not sink.closing:
                session.data_received(octets[start : start + cut])
        assert len(session._framer._rest) <= len(octets)
        session.connection_lost(None)
        await asyncio.gather(*asked, return_exceptions=True)
        assert session.state is State.CLOSED
        assert session.unanswered == 0
        # What it wrote is PDUs, whole.
        rest = sink.written
        while rest:
            length, *_ = HEADER.unpack_from(rest)
            assert HEADER.size <= length <= len(rest)
            rest = rest[length:]

    asyncio.run(receive())
