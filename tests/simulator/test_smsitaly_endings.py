"""Faults of the connection to the gate: how it ends, how it begins."""

from typing import Any

import pytest

from simulator.smsitaly import Fault, FaultKind, SmsItalySimulator

from .smsitaly_client import LOGGED_IN, STAMP, GateClient, data

CLOSED = " - [Connection Closed]"
SENT = f"+OK 01 999 [SMS SEND MESSAGE TO: +3933312345 - {STAMP}]"
DATA = "<Send Data>"


class TestTheEndOfTheConnection:
    """Connections that end at a line."""

    @pytest.mark.parametrize("taken", [True, False])
    async def test_before_the_answer(
        self, client: GateClient, gate: SmsItalySimulator, taken: bool
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.DROP, command=DATA, taken=taken))
        client.send(data())
        assert await client.is_closed()
        assert gate.messages_count == taken
        assert gate.observation.sessions[0].reason == "drop"

    @pytest.mark.parametrize("taken", [True, False])
    async def test_by_a_reset(
        self, client: GateClient, gate: SmsItalySimulator, taken: bool
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.RESET, command=DATA, taken=taken))
        client.send(data())
        with pytest.raises(ConnectionResetError):
            await client.receive()
        assert gate.messages_count == taken

    async def test_amid_the_answer(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.MIDWAY, command=DATA))
        client.send(data())
        assert await client.rest() == SENT[: (len(SENT) + 2) // 2]
        assert gate.messages_count == 1

    async def test_after_the_answer(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.HANG_UP, command=DATA))
        client.send(data())
        assert await client.rest() == f"{SENT}\r\n"

    async def test_by_a_shutdown_after_the_answer(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.SHUTDOWN, command=DATA))
        client.send(data())
        shut_down = "-ERR 102 [Shut Down by Server]\r\n"
        assert await client.rest() == f"{SENT}\r\n{shut_down}"
        assert gate.observation.sessions[0].reason == "-ERR 102"

    async def test_after_each_third_line(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        gate.faults.add(Fault(kind=FaultKind.DROP, every=3))
        client.send("Sender=A", "Sender=B", "Sender=C", "Sender=D")
        assert (await client.rest()).split("\r\n") == [
            "+OK 01 [SENDER: A]",
            "+OK 01 [SENDER: B]",
            "",
        ]


class TestTheGreeting:
    """Connections that do not begin as they should."""

    @staticmethod
    def fault(kind: FaultKind, **fields: Any) -> Fault:
        """Return a fault of the greeting."""
        return Fault(kind=kind, command="Connection", times=1, **fields)

    async def test_denied(self, gate: SmsItalySimulator) -> None:
        gate.faults.add(self.fault(FaultKind.ERROR, code=79))
        async with GateClient.connect(gate) as client:
            assert client.greeting == f"-ERR 79 [Permission Denied!]{CLOSED}"
            assert await client.is_closed()

    async def test_none(self, gate: SmsItalySimulator) -> None:
        gate.faults.add(self.fault(FaultKind.SILENCE))
        async with GateClient.open(gate) as client:
            assert await client.log_in() == LOGGED_IN

    @pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.RESET])
    async def test_an_end(self, gate: SmsItalySimulator, kind: FaultKind) -> None:
        gate.faults.add(self.fault(kind))
        async with GateClient.open(gate) as client:
            with pytest.raises((EOFError, ConnectionError)):
                await client.receive()

    async def test_no_other_fault_is_of_it(self, gate: SmsItalySimulator) -> None:
        gate.faults.add(Fault(kind=FaultKind.DROP))
        async with GateClient.connect(gate) as client:
            assert client.greeting.startswith("+OK 01 ")
