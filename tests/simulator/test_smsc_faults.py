"""Faults of the SMSC and the network between."""

from typing import Any

import pytest

from simulator.smsc import (
    Command,
    CommandStatus,
    Fault,
    FaultKind,
    ManualClock,
    SmscSimulator,
)

from .esme import Esme, Pdu

SUBMIT = Command.SUBMIT_SM


async def statuses(esme: Esme, count: int) -> list[int]:
    """Return the statuses of so many submissions."""
    responses = [await esme.submit(registered_delivery=0) for _ in range(count)]
    return [response.status for response in responses]


async def receive_all(esme: Esme) -> list[Pdu]:
    """Return all PDUs until the connection breaks or ends."""
    received = []
    while True:
        try:
            received.append(await esme.receive())
        except EOFError, ConnectionError:
            return received


class TestLatency:
    """Responses that take their time."""

    async def test_by_a_setting(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change({"latency": 0.5})
        sequences = [esme.send_submit(registered_delivery=0) for _ in range(3)]
        await smsc.wait_for(lambda s: s.messages_count == 3)
        smsc.settings.change({"latency": 0})
        clock.advance(0.4)
        assert await esme.is_silent(smsc)
        clock.advance(0.1)
        assert [(await esme.receive()).sequence for _ in sequences] == sequences

    async def test_by_a_fault(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.faults.add(Fault(kind=FaultKind.LATENCY, seconds=(1, 2), times=1))
        slow = esme.send("enquire_link")
        fast = await esme.request("enquire_link")
        assert fast.sequence != slow
        clock.advance(2)
        assert (await esme.receive()).sequence == slow

    async def test_a_bind(self, smsc: SmscSimulator, clock: ManualClock) -> None:
        """Nothing is delivered before the ESME knows that it is bound."""
        smsc.originate("testUser", "96170123456", "4040", "Hi")
        smsc.settings.change({"latency": 1})
        async with Esme.connect(smsc) as esme:
            esme.send("bind_receiver", system_id="testUser", password="12345")
            await smsc.wait_for(lambda s: len(s.bound("testUser")) == 1)
            clock.advance(1)
            assert (await esme.receive()).command == Command.BIND_RECEIVER_RESP
            assert (await esme.receive()).command == Command.DELIVER_SM


class TestStatuses:
    """Statuses that are forced."""

    async def test_some_times(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(
            Fault(kind=FaultKind.STATUS, status=CommandStatus.ESME_RSYSERR, times=2)
        )
        assert await statuses(esme, 3) == [8, 8, 0]
        assert smsc.messages_count == 1
        assert smsc.observation.refusals == {"ESME_RSYSERR": 2}

    async def test_every_third(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(Fault(kind=FaultKind.STATUS, status=0x58, every=3))
        assert await statuses(esme, 6) == [0, 0, 0x58, 0, 0, 0x58]

    async def test_bursts(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(Fault(kind=FaultKind.STATUS, status=0x14, every=4, burst=2))
        assert await statuses(esme, 8) == [0, 0, 0x14, 0x14] * 2

    @pytest.mark.parametrize("destination", ["*99", lambda number: "99" in number])
    async def test_of_a_destination(
        self, esme: Esme, smsc: SmscSimulator, destination: str
    ) -> None:
        smsc.faults.add(
            Fault(kind=FaultKind.STATUS, status=0x0B, destination=destination)
        )
        assert (await esme.submit()).status == 0
        assert (await esme.submit(destination_addr="96170123499")).status == 0x0B
        data = {"destination_addr": "96170123499", "message_payload": b"Hi"}
        assert (await esme.request("data_sm", **data)).status == 0x0B
        assert (await esme.request("enquire_link")).status == 0
        assert (await esme.request_raw(SUBMIT, b"?")).status == 2

    async def test_of_a_command(self, esme: Esme, smsc: SmscSimulator) -> None:
        fault = smsc.faults.add(
            Fault(kind=FaultKind.STATUS, status=8, command=Command.ENQUIRE_LINK)
        )
        assert (await esme.submit()).status == 0
        assert (await esme.request("enquire_link")).status == 8
        smsc.faults.remove(fault)
        assert (await esme.request("enquire_link")).status == 0

    async def test_of_a_message_that_is_taken(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.faults.add(Fault(kind=FaultKind.STATUS, status=8, taken=True, times=1))
        assert await statuses(esme, 2) == [8, 0]
        assert len(smsc.messages.doubles()) == 1


class TestNacks:
    """A generic_nack in the place of the response."""

    async def test_with_the_sequence_number(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.faults.add(Fault(kind=FaultKind.NACK, command=SUBMIT, times=1))
        response = await esme.submit()
        assert response.command == Command.GENERIC_NACK
        assert response.status == CommandStatus.ESME_RUNKNOWNERR
        assert smsc.messages_count == 0

    async def test_with_sequence_number_0(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.faults.add(Fault(kind=FaultKind.NACK, sequence=0, status=8, times=1))
        esme.send_submit()
        assert await esme.receive() == (Command.GENERIC_NACK, 8, 0, b"")


class TestAnswers:
    """Responses that are missing, too many or in disorder."""

    @pytest.mark.parametrize("taken", [True, False])
    async def test_none(self, esme: Esme, smsc: SmscSimulator, taken: bool) -> None:
        smsc.faults.add(
            Fault(kind=FaultKind.DROP, command=SUBMIT, taken=taken, times=1)
        )
        esme.send_submit()
        assert (await esme.submit()).status == 0
        assert smsc.messages_count == 1 + taken
        assert smsc.sessions[0].unanswered == 1

    async def test_none_ever(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(Fault(kind=FaultKind.DROP))
        for _ in range(3):
            esme.send_submit()
        esme.send("enquire_link")
        await smsc.wait_for(lambda s: s.sessions[0].unanswered == 4)
        smsc.faults.clear()
        assert await esme.is_silent(smsc)

    async def test_two(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(Fault(kind=FaultKind.TWICE, times=1))
        assert await esme.submit() == await esme.receive()
        assert smsc.messages_count == 1
        assert smsc.sessions[0].unanswered == 0

    async def test_out_of_order(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(Fault(kind=FaultKind.REORDER, hold=3))
        sequences = [esme.send_submit() for _ in range(6)]
        received = [(await esme.receive()).sequence for _ in sequences]
        assert received == sequences[2::-1] + sequences[:2:-1]

    async def test_out_of_order_for_a_time(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.faults.add(Fault(kind=FaultKind.REORDER, hold=3, seconds=1))
        sequences = [esme.send_submit(registered_delivery=0) for _ in range(2)]
        await smsc.wait_for(lambda s: s.messages_count == 2)
        clock.advance(1)
        received = [(await esme.receive()).sequence for _ in sequences]
        assert received == sequences[::-1]

    async def test_an_unknown_sequence_number(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.faults.add(Fault(kind=FaultKind.UNKNOWN_SEQUENCE, times=1))
        sequence = esme.send_submit()
        response = await esme.receive()
        assert response.message_id == "2541524"
        assert response.sequence > sequence + 1000

    async def test_a_stray_one_first(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(Fault(kind=FaultKind.STRAY, times=1))
        sequence = esme.send_submit()
        assert (await esme.receive()).sequence > sequence + 1000
        assert (await esme.receive()).sequence == sequence


class TestConnection:
    """A connection that breaks or makes no sense."""

    @pytest.mark.parametrize("taken", [True, False])
    async def test_a_reset(self, esme: Esme, smsc: SmscSimulator, taken: bool) -> None:
        """Whether the message was taken, its sender cannot know."""
        smsc.faults.add(
            Fault(kind=FaultKind.RESET, command=SUBMIT, taken=taken, times=1)
        )
        esme.send_submit()
        esme.send_submit()
        with pytest.raises(ConnectionResetError):
            await esme.receive()
        await smsc.wait_for(lambda s: not s.sessions)
        assert smsc.messages_count == taken
        assert smsc.messages.to("96170123456") == list(smsc.messages)

    async def test_a_reset_amid_a_pdu(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(Fault(kind=FaultKind.RESET_MIDWAY, command=SUBMIT, times=1))
        esme.send_submit()
        with pytest.raises((ConnectionResetError, EOFError)):
            await esme.receive()
        assert smsc.messages_count == 1

    async def test_a_reset_after_good_responses(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.faults.add(
            Fault(kind=FaultKind.RESET, command=SUBMIT, taken=False, every=3)
        )
        for _ in range(3):
            esme.send_submit()
        await smsc.wait_for(lambda s: not s.sessions)
        assert smsc.messages_count == 2
        assert len(await receive_all(esme)) <= 2

    async def test_a_reset_of_slow_writing(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.faults.add(Fault(kind=FaultKind.RESET, command=SUBMIT))
        smsc.settings.change({"write_size": 1})
        esme.send("enquire_link")
        esme.send_submit()
        with pytest.raises((ConnectionResetError, EOFError)):
            await esme.receive()
        await smsc.wait_for(lambda s: not s.sessions)

    async def test_garbage(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(Fault(kind=FaultKind.GARBAGE, times=1))
        esme.send_submit()
        octets = await esme.reader.readexactly(16)
        assert int.from_bytes(octets[:4]) > 1_000_000

    async def test_deafness(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.faults.add(Fault(kind=FaultKind.DEAF, times=1))
        assert (await esme.submit()).status == 0
        esme.send("enquire_link")
        assert await esme.is_silent(smsc)
        assert smsc.sessions[0].max_unanswered == 1


def test_nonsense() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Fault(kind=FaultKind.DROP, times=0)
    with pytest.raises(ValueError, match="no burst of 2 of every 1"):
        Fault(kind=FaultKind.DROP, burst=2)
    from_json: Any = "drop"
    assert Fault(kind=from_json).kind is FaultKind.DROP
