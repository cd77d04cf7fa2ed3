"""PDUs and their octets, and the link: SMPP specification v3.4, 3.2, 4.3, 4.11, 7.2."""

import struct

import pytest

from simulator.smsc import Command, CommandStatus, ManualClock, SmscSimulator

from .esme import HEADER, Esme, raw


async def test_a_pdu_in_pieces(esme: Esme, smsc: SmscSimulator) -> None:
    octets = esme.pdu("enquire_link").generate()
    for index, _ in enumerate(octets):
        esme.writer.write(octets[index : index + 1])
        await esme.writer.drain()
        assert await esme.is_silent(smsc) is (index + 1 < len(octets))
    assert (await esme.receive()).command == Command.ENQUIRE_LINK_RESP


async def test_many_pdus_in_one_piece(esme: Esme, smsc: SmscSimulator) -> None:
    sequences = [esme.send_submit() for _ in range(50)]
    assert [(await esme.receive()).sequence for _ in range(50)] == sequences
    assert smsc.messages_count == 50


@pytest.mark.parametrize("command", [0x0000_0021, 0x0000_0099, Command.DELIVER_SM])
async def test_unknown_commands(esme: Esme, command: int) -> None:
    response = await esme.request_raw(command, b"what?")
    assert response.command == Command.GENERIC_NACK
    assert response.status == CommandStatus.ESME_RINVCMDID
    assert (await esme.request("enquire_link")).status == CommandStatus.ESME_ROK


@pytest.mark.parametrize("length", [0, 4, 15, 70_001, 0xFFFF_FFFF])
class TestBadLength:
    """A command_length that no PDU has."""

    async def test_the_nack_and_the_close(self, esme: Esme, length: int) -> None:
        esme.writer.write(HEADER.pack(length, Command.ENQUIRE_LINK, 0, 9))
        assert await esme.receive() == (
            Command.GENERIC_NACK,
            CommandStatus.ESME_RINVCMDLEN,
            9,
            b"",
        )
        assert await esme.is_closed()

    async def test_without_a_sequence_number(self, esme: Esme, length: int) -> None:
        esme.writer.write(struct.pack(">I", length))
        assert (await esme.receive()).sequence == 0
        assert await esme.is_closed()

    async def test_a_silence(
        self, esme: Esme, smsc: SmscSimulator, length: int
    ) -> None:
        smsc.settings.change({"after_bad_length": "silent"})
        esme.writer.write(HEADER.pack(length, Command.ENQUIRE_LINK, 0, 9))
        esme.send("enquire_link")
        assert await esme.is_silent(smsc)


async def test_what_comes_before_a_bad_length_is_answered(esme: Esme) -> None:
    octets = esme.pdu("enquire_link").generate()
    esme.writer.write(octets + HEADER.pack(3, 0, 0, 0))
    assert (await esme.receive()).command == Command.ENQUIRE_LINK_RESP
    assert (await esme.receive()).command == Command.GENERIC_NACK


@pytest.mark.parametrize("command", [Command.ENQUIRE_LINK, Command.UNBIND])
async def test_a_body_where_there_is_none(esme: Esme, command: Command) -> None:
    response = await esme.request_raw(command, b"\0")
    assert response.status == CommandStatus.ESME_RINVCMDLEN


async def test_responses_that_were_not_asked_for(
    esme: Esme, smsc: SmscSimulator
) -> None:
    esme.writer.write(raw(Command.DELIVER_SM_RESP, 0, 5, b"\0"))
    esme.writer.write(raw(Command.GENERIC_NACK, CommandStatus.ESME_RINVCMDID, 0))
    await smsc.wait_for(lambda s: s.observation.strays == 2)
    assert (await esme.request("enquire_link")).status == CommandStatus.ESME_ROK


class TestEnquireLink:
    """Asking whether the other side is there."""

    async def test_by_the_esme(self, esme: Esme) -> None:
        response = await esme.request("enquire_link")
        assert response[:2] == (Command.ENQUIRE_LINK_RESP, CommandStatus.ESME_ROK)

    async def test_before_a_bind(self, smsc: SmscSimulator) -> None:
        async with Esme.connect(smsc) as esme:
            response = await esme.request("enquire_link")
            assert response.status == CommandStatus.ESME_RINVBNDSTS
            smsc.settings.change({"unbound_enquiry": "answer"})
            response = await esme.request("enquire_link")
            assert response.status == CommandStatus.ESME_ROK

    async def test_by_the_smsc(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.sessions[0].enquire()
        request = await esme.receive()
        assert request.command == Command.ENQUIRE_LINK
        esme.answer(request)
        await smsc.wait_for(
            lambda s: s.observation.counts[Command.ENQUIRE_LINK_RESP] == 1
        )
        assert smsc.observation.strays == 0

    async def test_when_the_esme_is_idle(
        self, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change({"enquire_link_after": 10})
        async with Esme.connect(smsc) as esme:
            await esme.bind()
            clock.advance(6)
            await esme.request("enquire_link")
            clock.advance(9)
            assert await esme.is_silent(smsc)
            clock.advance(1)
            request = await esme.receive()
            assert request.command == Command.ENQUIRE_LINK
            esme.answer(request)
            await smsc.wait_for(
                lambda s: s.observation.counts[Command.ENQUIRE_LINK_RESP] == 1
            )
            smsc.settings.change({"response_timeout": 5})
            clock.advance(10)
            assert (await esme.receive()).command == Command.ENQUIRE_LINK
            clock.advance(5)
            assert await esme.is_closed()


class TestOctets:
    """How the SMSC reads and writes."""

    async def test_writing_octet_by_octet(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.settings.change({"write_size": 1})
        assert (await esme.submit()).message_id == "2541524"
        esme.send("enquire_link")
        smsc.originate("testUser", "96170123456", "4040", "Hi")
        received = {(await esme.receive()).command for _ in range(2)}
        assert received == {Command.ENQUIRE_LINK_RESP, Command.DELIVER_SM}
        await esme.request("unbind")
        assert await esme.is_closed()

    async def test_writing_whole_again(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.settings.change({"write_size": 1})
        await esme.submit()
        smsc.settings.change({"write_size": 0})
        assert (await esme.submit()).message_id == "2541525"

    async def test_never_reading(self, smsc: SmscSimulator) -> None:
        smsc.settings.change({"reads": False})
        async with Esme.connect(smsc) as esme:
            await smsc.wait_for(lambda s: len(s.sessions) == 1)
            esme.send("enquire_link")
            smsc.settings.change({"reads": True})
            assert await esme.is_silent(smsc)
            assert smsc.observation.counts[Command.ENQUIRE_LINK] == 1


class TestObservation:
    """What can be seen of the PDUs."""

    async def test_the_pdus(self, esme: Esme, smsc: SmscSimulator) -> None:
        await esme.submit()
        bind, submit = smsc.observation.pdus
        assert bind.command == Command.BIND_TRANSCEIVER
        assert submit.command == Command.SUBMIT_SM
        assert (submit.session, submit.sequence) == (1, 2)
        assert b"testing English message" in submit.body
        assert bind.arrived <= submit.arrived
        assert smsc.observation.counts == {
            Command.BIND_TRANSCEIVER: 1,
            Command.SUBMIT_SM: 1,
        }

    async def test_the_window(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change({"latency": 1})
        for _ in range(3):
            esme.send_submit()
        await smsc.wait_for(lambda s: s.messages_count == 3)
        assert smsc.sessions[0].unanswered == 3
        clock.advance(1)
        for _ in range(3):
            await esme.receive()
        esme.send_submit()
        await smsc.wait_for(lambda s: s.messages_count == 4)
        assert smsc.sessions[0].unanswered == 1
        assert smsc.sessions[0].max_unanswered == 3
        assert smsc.observation.max_unanswered == 3

    async def test_waiting_in_vain(self, smsc: SmscSimulator) -> None:
        with pytest.raises(TimeoutError):
            await smsc.wait_for(lambda s: s.messages_count == 1, within=0.01)

    async def test_a_reset(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        await esme.submit()
        smsc.reset()
        assert smsc.messages_count == 0
        assert not smsc.observation.pdus
        clock.advance(1)
        assert (await esme.submit()).message_id == "2541524"
        assert smsc.deliveries.sent == []
