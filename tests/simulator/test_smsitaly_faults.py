"""Faults of the answers of the gate."""

import random
from typing import Any

import pytest

from simulator.smsitaly import Fault, FaultKind, ManualClock, SmsItalySimulator
from simulator.smsitaly.troubles import pieces

from .smsitaly_client import BAD, LOGGED_IN, STAMP, GateClient, data

CLOSED = " - [Connection Closed]"
SENT = f"+OK 01 999 [SMS SEND MESSAGE TO: +3933312345 - {STAMP}]"
DATA = "<Send Data>"


class TestErrors:
    """Negative answers that are forced."""

    @pytest.mark.parametrize(
        ("code", "line", "ends"),
        [
            (72, "-ERR 72 [Dcs Not Valid]", False),
            (86, "-ERR 86 [Recipient Locked From Account!]", False),
            (89, f"-ERR 89 [Account Not Valid]{CLOSED}", True),
            (99, f"-ERR 99 [Credit Not Available!]{CLOSED}", True),
            (100, BAD, False),
            (101, f"-ERR 101 [Too many sessions]{CLOSED}", True),
            (102, "-ERR 102 [Shut Down by Server]", True),
        ],
    )
    async def test_of_a_line(
        self,
        client: GateClient,
        gate: SmsItalySimulator,
        code: int,
        line: str,
        ends: bool,
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.ERROR, code=code, command=DATA, times=1))
        assert await client.ask(data()) == line
        assert gate.messages_count == 0
        if ends:
            assert await client.is_closed()
        else:
            assert await client.ask(data()) == SENT

    @pytest.mark.parametrize("ends", [True, False])
    async def test_that_end_or_not(
        self, client: GateClient, gate: SmsItalySimulator, ends: bool
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.ERROR, code=86, ends=ends))
        locked = "-ERR 86 [Recipient Locked From Account!]"
        assert await client.ask("Sender=A") == locked + (CLOSED if ends else "")

    async def test_of_a_message_that_is_taken(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.ERROR, code=102, taken=True))
        assert (await client.ask(data())).startswith("-ERR 102 ")
        assert gate.messages_count == 1

    async def test_a_session_that_lingers(self, gate: SmsItalySimulator) -> None:
        gate.faults.add(
            Fault(kind=FaultKind.ERROR, code=101, command="Password", times=1)
        )
        async with GateClient.connect(gate) as client:
            assert await client.log_in() == f"-ERR 101 [Too many sessions]{CLOSED}"
        async with GateClient.connect(gate) as client:
            assert await client.log_in() == LOGGED_IN

    @pytest.mark.parametrize(
        "destination", ["+39*46", lambda number: number.endswith("46")]
    )
    async def test_of_a_recipient(
        self, client: GateClient, gate: SmsItalySimulator, destination: str
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.ERROR, code=86, destination=destination))
        assert await client.ask(data()) == SENT
        # The country code is that of the first message.
        answer = await client.ask(data(CountryCode="", PhoneNumber="12346"))
        assert answer.startswith("-ERR 86 ")
        await client.give("PhoneNumber=12346")
        assert (await client.ask("SendSMS=OKSEND")).startswith("-ERR 86 ")

    async def test_at_random(self, client: GateClient, gate: SmsItalySimulator) -> None:
        gate.faults.add(Fault(kind=FaultKind.ERROR, code=100, chance=0.5))
        got = [(await client.ask("Sender=A"))[:3] for _ in range(40)]
        assert set(got) == {"+OK", "-ER"}


class TestAnswers:
    """Answers that come late, otherwise, or not at all."""

    async def test_late(
        self, client: GateClient, gate: SmsItalySimulator, clock: ManualClock
    ) -> None:
        """Those to later lines come after them."""
        gate.faults.add(Fault(kind=FaultKind.LATENCY, seconds=2, times=1))
        client.send("Sender=A", "Sender=B")
        await gate.wait_for(lambda s: s.observation.counts["Sender"] == 1)
        clock.advance(1.9)
        assert gate.observation.counts["Sender"] == 1
        clock.advance(0.1)
        assert await client.receive() == "+OK 01 [SENDER: A]"
        assert await client.receive() == "+OK 01 [SENDER: B]"

    async def test_late_by_a_setting(
        self, client: GateClient, gate: SmsItalySimulator, clock: ManualClock
    ) -> None:
        gate.settings.change({"latency": 0.5})
        client.send(data())
        await gate.wait_for(lambda s: s.messages_count == 1)
        clock.advance(0.5)
        assert await client.receive() == SENT

    async def test_none(self, client: GateClient, gate: SmsItalySimulator) -> None:
        gate.faults.add(Fault(kind=FaultKind.SILENCE, command=DATA))
        client.send(data())
        assert await client.ask("SmsQuery=Balance") == "+OK 01 [999]"
        assert gate.messages_count == 1

    @pytest.mark.parametrize("size", [0, 1, 7])
    async def test_in_pieces(
        self, client: GateClient, gate: SmsItalySimulator, size: int
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.SPLIT, size=size))
        client.send(data(), "SmsQuery=Balance")
        assert await client.receive() == SENT
        assert await client.receive() == "+OK 01 [999]"

    async def test_in_pieces_to_the_end(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.SPLIT))
        gate.accounts.clear()
        client.send(data())
        assert await client.rest() == f"-ERR 89 [Account Not Valid]{CLOSED}\r\n"

    @pytest.mark.parametrize(("size", "count"), [(1, 10), (4, 3), (20, 1)])
    def test_pieces(self, size: int, count: int) -> None:
        cut = pieces(b"0123456789", size, random.Random(0))
        assert (b"".join(cut), len(cut)) == (b"0123456789", count)

    async def test_joined(self, client: GateClient, gate: SmsItalySimulator) -> None:
        gate.faults.add(Fault(kind=FaultKind.JOIN, hold=3))
        client.send("Sender=A", "Sender=B")
        await gate.wait_for(lambda s: s.observation.counts["Sender"] == 2)
        (session,) = gate.sessions
        assert len(session.held) == 2
        client.send("Sender=C")
        got = [await client.receive() for _ in range(3)]
        assert got == [f"+OK 01 [SENDER: {each}]" for each in "ABC"]

    async def test_joined_for_some_time(
        self, client: GateClient, gate: SmsItalySimulator, clock: ManualClock
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.JOIN, hold=3, seconds=1))
        client.send("Sender=A", "Sender=B")
        await gate.wait_for(lambda s: s.observation.counts["Sender"] == 2)
        clock.advance(1)
        got = [await client.receive() for _ in range(2)]
        assert got == ["+OK 01 [SENDER: A]", "+OK 01 [SENDER: B]"]

    async def test_twice(self, client: GateClient, gate: SmsItalySimulator) -> None:
        gate.faults.add(Fault(kind=FaultKind.TWICE, times=1))
        client.send(data())
        assert [await client.receive(), await client.receive()] == [SENT, SENT]
        assert gate.messages_count == 1

    async def test_garbage(self, client: GateClient, gate: SmsItalySimulator) -> None:
        gate.faults.add(Fault(kind=FaultKind.GARBAGE, times=1))
        assert not (await client.ask(data())).startswith(("+OK", "-ERR"))
        gate.faults.add(Fault(kind=FaultKind.GARBAGE, answer="+OK"))
        assert await client.ask("Sender=A") == "+OK"

    async def test_a_flood(self, client: GateClient, gate: SmsItalySimulator) -> None:
        gate.faults.add(Fault(kind=FaultKind.FLOOD, size=100_000))
        client.send(data())
        assert await client.reader.readexactly(100_000) == b"x" * 100_000


@pytest.mark.parametrize(
    "fields",
    [
        {"command": "Nothing"},
        {"code": 1},
        {"every": 2, "burst": 3},
        {"times": 0},
        {"kind": "nothing"},
    ],
)
def test_what_is_no_fault(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Fault(**{"kind": FaultKind.DROP} | fields)
