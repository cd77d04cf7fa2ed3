"""Delivery receipts: SMPP specification v3.4, 4.6, 5.2.12, 5.2.17 and appendix B."""

import pytest

from simulator.smsc import (
    Command,
    CommandStatus,
    ManualClock,
    MessageState,
    SmscSimulator,
    Tag,
)

from .esme import HEADER, Esme, Pdu, parameter

TIMES = "submit date:1605101400 done date:1605101400"


async def receipt(esme: Esme, clock: ManualClock, **changes: object) -> Pdu:
    """Return the receipt of a message."""
    await esme.submit(**changes)
    clock.advance(0.2)
    return await esme.take()


async def text(esme: Esme, clock: ManualClock, **changes: object) -> str:
    """Return the text of the receipt of a message."""
    read = (await receipt(esme, clock, **changes)).read
    return str(read.short_message.decode())


async def test_a_receipt(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    delivery = await receipt(esme, clock)
    assert (delivery.command, delivery.status) == (Command.DELIVER_SM, 0)
    assert 1 <= delivery.sequence <= 0x7FFFFFFF
    read = delivery.read
    assert (read.esm_class, read.data_coding) == (0x04, 0)
    assert (read.source_addr_ton, read.source_addr_npi) == (1, 1)
    assert (read.source_addr, read.destination_addr) == (b"96170123456", b"Test")
    assert read.receipted_message_id == b"2541524"
    assert read.message_state == MessageState.DELIVERED
    assert read.short_message.decode() == (
        f"id:2541524 sub:001 {TIMES} mcc:415 mnc:03 stat:DELIVRD err:000"
    )
    await smsc.wait_for(lambda s: s.deliveries.acknowledged == 1)
    (sent,) = smsc.receipts
    assert sent.message is smsc.messages[0]
    assert sent.state is MessageState.DELIVERED
    assert (sent.attempts, sent.acknowledged) == (1, True)


@pytest.mark.parametrize(
    ("ending", "state", "word", "error"),
    [
        ("01", MessageState.UNDELIVERABLE, "UNDELIV", "001"),
        ("02", MessageState.EXPIRED, "EXPIRED", "002"),
        ("03", MessageState.REJECTED, "REJECTD", "003"),
        ("04", MessageState.DELETED, "DELETED", "004"),
        ("05", MessageState.UNKNOWN, "UNKNOWN", "005"),
        ("06", MessageState.ACCEPTED, "ACCEPTD", "000"),
        ("08", MessageState.DELIVERED, "DELIVRD", "000"),
    ],
)
async def test_states_by_the_end_of_the_number(
    esme: Esme, clock: ManualClock, ending: str, state: int, word: str, error: str
) -> None:
    delivery = await receipt(esme, clock, destination_addr=f"961701234{ending}")
    assert delivery.read.message_state == state
    assert f"stat:{word} err:{error}".encode() in delivery.read.short_message
    number = delivery.read.network_error_code
    assert number == (None if error == "000" else b"\x03\0" + bytes((int(error),)))


async def test_a_message_that_stays_en_route(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
) -> None:
    await esme.submit(destination_addr="96170123407")
    clock.advance(86_400)
    assert smsc.deliveries.sent == []


async def test_a_script(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    smsc.settings.change({"script": [[1, "ACCEPTD"], [3, "DELIVERED"], [4, 5]]})
    await esme.submit()
    clock.advance(1)
    assert (await esme.take()).read.message_state == MessageState.ACCEPTED
    clock.advance(2)
    assert (await esme.take()).read.message_state == MessageState.DELIVERED
    clock.advance(10)
    assert await esme.is_silent(smsc)


async def test_a_state_by_hand(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
) -> None:
    await esme.submit()
    smsc.set_state("2541524", "REJECTED")
    assert (await esme.take()).read.message_state == MessageState.REJECTED
    clock.advance(1)
    assert await esme.is_silent(smsc)
    with pytest.raises(KeyError):
        smsc.set_state("1", "REJECTED")


@pytest.mark.parametrize(
    ("wanted", "ending", "states"),
    [
        (0x00, "08", []),
        (0x01, "08", [MessageState.DELIVERED]),
        (0x01, "01", [MessageState.UNDELIVERABLE]),
        (0x02, "08", []),
        (0x02, "01", [MessageState.UNDELIVERABLE]),
        (0x10, "09", [MessageState.ENROUTE]),
        (0x11, "09", [MessageState.ENROUTE, MessageState.DELIVERED]),
    ],
)
async def test_which_receipts_are_wanted(
    esme: Esme,
    smsc: SmscSimulator,
    clock: ManualClock,
    wanted: int,
    ending: str,
    states: list[MessageState],
) -> None:
    """Clause 5.2.17; an intermediate notification has an esm_class of its own."""
    smsc.settings.change(
        {
            "rules": {
                "01": [[1, "UNDELIV"]],
                "09": [[1, "ENROUTE"], [2, "DELIVRD"]],
            }
        }
    )
    await esme.submit(registered_delivery=wanted, destination_addr=f"961701234{ending}")
    clock.advance(5)
    for state in states:
        read = (await esme.take()).read
        assert read.message_state == state
        assert read.esm_class == (0x20 if state is MessageState.ENROUTE else 0x04)
    assert await esme.is_silent(smsc)


class TestForms:
    """What SMSCs were seen to send."""

    async def test_the_text_of_appendix_b(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change({"receipt_text": "appendix_b", "receipt_network": False})
        assert await text(esme, clock, short_message=b"x" * 30) == (
            f"id:2541524 sub:001 dlvrd:001 {TIMES} stat:DELIVRD err:000 text:{'x' * 20}"
        )

    async def test_a_short_text(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change(
            {
                "receipt_text": "short",
                "receipt_network": False,
                "receipt_error": "null",
                "receipt_seconds": True,
            }
        )
        assert await text(esme, clock) == (
            "id:2541524 submit date:160510140000 done date:160510140000 "
            "stat:DELIVRD err:null"
        )

    @pytest.mark.parametrize(
        ("content", "has_text", "has_parameters"),
        [("both", True, True), ("text", True, False), ("parameters", False, True)],
    )
    async def test_text_and_parameters(
        self,
        esme: Esme,
        smsc: SmscSimulator,
        clock: ManualClock,
        content: str,
        has_text: bool,
        has_parameters: bool,
    ) -> None:
        smsc.settings.change({"receipt_content": content})
        read = (await receipt(esme, clock)).read
        assert bool(read.short_message) is has_text
        assert (read.receipted_message_id is not None) is has_parameters

    @pytest.mark.parametrize("terminated", [True, False])
    async def test_the_end_of_the_id(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock, terminated: bool
    ) -> None:
        smsc.settings.change({"receipt_id_terminated": terminated})
        value = b"2541524\0" if terminated else b"2541524"
        body = (await receipt(esme, clock)).body
        assert parameter(Tag.RECEIPTED_MESSAGE_ID, value) in body

    @pytest.mark.parametrize(
        ("submitted", "receipted", "ids"),
        [
            ("hex", "decimal", ("26c7d4", "2541524")),
            ("decimal", "HEX", ("2541524", "26C7D4")),
            ("padded", "decimal", ("0002541524", "2541524")),
            ("padded_hex", None, ("000026c7d4", "000026c7d4")),
            ("zero", "decimal", ("0", "2541524")),
        ],
    )
    async def test_ids_of_two_forms(
        self,
        esme: Esme,
        smsc: SmscSimulator,
        clock: ManualClock,
        submitted: str,
        receipted: str | None,
        ids: tuple[str, str],
    ) -> None:
        smsc.settings.change({"id_form": submitted, "receipt_id_form": receipted})
        message_id = (await esme.submit()).message_id
        clock.advance(1)
        read = (await esme.take()).read
        assert (message_id, read.receipted_message_id.decode()) == ids
        assert read.short_message.startswith(b"id:" + ids[1].encode() + b" ")

    async def test_other_fields(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change(
            {
                "receipt_coding": 1,
                "receipt_service_type": "DLVRRCT",
                "receipt_addresses": "as_submitted",
                "receipt_vendor_parameters": True,
            }
        )
        delivery = await receipt(esme, clock)
        read = delivery.read
        assert read.data_coding == 1
        assert read.service_type == b"DLVRRCT"
        assert (read.source_addr, read.destination_addr) == (b"Test", b"96170123456")
        assert parameter(0x0428, b"\0") in delivery.body
        assert parameter(0x1403, b"41501\0") in delivery.body

    @pytest.mark.parametrize(
        ("sequence", "numbers"),
        [
            ("counted", [1, 2]),
            ("zero", [0, 0]),
            ("high", [0x80000000, 0x80000001]),
        ],
    )
    async def test_sequence_numbers(
        self,
        esme: Esme,
        smsc: SmscSimulator,
        clock: ManualClock,
        sequence: str,
        numbers: list[int],
    ) -> None:
        smsc.settings.change({"deliver_sequence": sequence})
        for _ in numbers:
            await esme.submit()
        clock.advance(1)
        assert [(await esme.take()).sequence for _ in numbers] == numbers
        await smsc.wait_for(lambda s: s.deliveries.acknowledged == 2)


class TestTiming:
    """Receipts that are early, late, never, doubled or out of order."""

    async def test_before_the_response(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.settings.change({"receipt_timing": "early"})
        sequence = esme.send_submit(destination_addr="96170123401")
        early = await esme.take()
        response = await esme.receive()
        assert (response.command, response.sequence) == (
            Command.SUBMIT_SM_RESP,
            sequence,
        )
        assert early.read.receipted_message_id.decode() == response.message_id
        assert early.read.message_state == MessageState.UNDELIVERABLE

    async def test_before_the_response_in_another_session(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.settings.change({"receipt_timing": "early"})
        async with Esme.connect(smsc) as transmitter:
            await transmitter.bind("transmitter")
            smsc.settings.change({"latency": 1})
            transmitter.send_submit()
            assert (await esme.take()).read.receipted_message_id == b"2541524"
            smsc.settings.change({"latency": 0})
            assert await transmitter.is_silent(smsc)

    async def test_late(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change({"receipt_delay": 60})
        await esme.submit()
        clock.advance(60)
        assert await esme.is_silent(smsc)
        clock.advance(0.2)
        assert TIMES.encode() in (await esme.take()).read.short_message

    async def test_never(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change({"receipt_timing": "never"})
        await esme.submit()
        clock.advance(86_400)
        assert await esme.is_silent(smsc)

    async def test_twice(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change({"receipt_copies": 2})
        first = await receipt(esme, clock)
        second = await esme.take()
        assert first.body == second.body
        assert first.sequence != second.sequence

    @pytest.mark.parametrize("order", ["reversed", "shuffled"])
    async def test_out_of_order(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock, order: str
    ) -> None:
        smsc.settings.change({"receipt_order": order})
        ids = [(await esme.submit()).message_id for _ in range(9)]
        clock.advance(1)
        reads = [(await esme.take()).read for _ in ids]
        received = [read.receipted_message_id.decode() for read in reads]
        assert sorted(received) == ids
        assert received != ids
        assert order == "shuffled" or received == ids[::-1]


class TestDelivery:
    """Until the ESME has taken it."""

    async def test_it_waits_for_a_session_that_receives(
        self, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        async with Esme.connect(smsc) as sender, Esme.connect(smsc) as receiver:
            await sender.bind("transmitter")
            await sender.submit()
            clock.advance(1)
            assert smsc.deliveries.waiting("testUser") == 1
            await receiver.bind("receiver")
            assert (await receiver.take()).read.receipted_message_id == b"2541524"
            assert await sender.is_silent(smsc)

    async def test_it_waits_for_a_session_of_the_account(
        self, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.accounts["other"] = type(smsc.accounts["testUser"])("other", "pw")
        async with Esme.connect(smsc) as sender, Esme.connect(smsc) as other:
            await sender.bind("transmitter")
            await other.bind("receiver", system_id="other", password="pw")
            await sender.submit()
            clock.advance(1)
            assert await other.is_silent(smsc)

    async def test_another_attempt_when_it_is_refused(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        await esme.submit()
        clock.advance(1)
        first = await esme.receive()
        esme.answer(first, CommandStatus.ESME_RX_T_APPN)
        await smsc.wait_for(lambda s: s.receipts[0].status is not None)
        clock.advance(0.9)
        assert await esme.is_silent(smsc)
        clock.advance(0.1)
        second = await esme.take()
        assert second.body == first.body
        await smsc.wait_for(lambda s: s.deliveries.acknowledged == 1)
        assert len(smsc.receipts) == 1
        assert smsc.receipts[0].attempts == 2

    @pytest.mark.parametrize("status", ["ESME_RX_P_APPN", "ESME_RX_R_APPN"])
    async def test_no_other_attempt_when_it_is_refused_for_good(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock, status: str
    ) -> None:
        await esme.submit()
        clock.advance(1)
        esme.answer(await esme.receive(), CommandStatus[status])
        await smsc.wait_for(lambda s: s.receipts[0].status is not None)
        clock.advance(1000)
        assert await esme.is_silent(smsc)

    async def test_another_attempt_when_it_is_unanswered(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change({"deliver_pauses": [2], "deliver_timeout": 5})
        await esme.submit()
        clock.advance(1)
        first = await esme.receive()
        clock.advance(6)
        assert await esme.is_silent(smsc)
        clock.advance(1)
        assert (await esme.receive()).body == first.body
        clock.advance(1000)
        assert await esme.is_silent(smsc)
        assert smsc.receipts[0].attempts == 2

    async def test_a_late_answer_was_not_asked_for(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        await esme.submit()
        clock.advance(1)
        first = await esme.receive()
        clock.advance(10)
        esme.answer(first)
        await smsc.wait_for(lambda s: s.observation.strays == 1)
        assert smsc.deliveries.acknowledged == 0

    @pytest.mark.parametrize("ending", ["close", "unbind"])
    async def test_another_session_gets_what_one_has_not_answered(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock, ending: str
    ) -> None:
        ids = [(await esme.submit()).message_id for _ in range(3)]
        clock.advance(1)
        for _ in ids:
            await esme.receive()
        if ending == "close":
            esme.writer.close()
        else:
            await esme.request("unbind")
        await smsc.wait_for(lambda s: s.deliveries.waiting("testUser") == 3)
        async with Esme.connect(smsc) as other:
            await other.bind("receiver")
            reads = [(await other.take()).read for _ in ids]
            assert [read.receipted_message_id.decode() for read in reads] == ids

    async def test_the_window(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.settings.change({"deliver_window": 2})
        for _ in range(3):
            await esme.submit()
        clock.advance(1)
        first, _ = await esme.receive(), await esme.receive()
        assert await esme.is_silent(smsc)
        esme.answer(first)
        assert (await esme.receive()).command == Command.DELIVER_SM

    async def test_a_generic_nack_is_a_refusal(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        await esme.submit()
        clock.advance(1)
        sequence = (await esme.receive()).sequence
        esme.writer.write(HEADER.pack(16, Command.GENERIC_NACK, 3, sequence))
        await smsc.wait_for(lambda s: s.receipts[0].status == 3)
