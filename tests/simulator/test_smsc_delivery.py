"""A delivery until the ESME has taken it."""

import pytest

from simulator.smsc import Command, CommandStatus, ManualClock, SmscSimulator

from .esme import HEADER, Esme


async def test_it_waits_for_a_session_that_receives(
    smsc: SmscSimulator, clock: ManualClock
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
    smsc: SmscSimulator, clock: ManualClock
) -> None:
    smsc.accounts["other"] = type(smsc.accounts["testUser"])("other", "pw")
    async with Esme.connect(smsc) as sender, Esme.connect(smsc) as other:
        await sender.bind("transmitter")
        await other.bind("receiver", system_id="other", password="pw")
        await sender.submit()
        clock.advance(1)
        assert await other.is_silent(smsc)


async def test_another_attempt_when_it_is_refused(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
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
    esme: Esme, smsc: SmscSimulator, clock: ManualClock, status: str
) -> None:
    await esme.submit()
    clock.advance(1)
    esme.answer(await esme.receive(), CommandStatus[status])
    await smsc.wait_for(lambda s: s.receipts[0].status is not None)
    clock.advance(1000)
    assert await esme.is_silent(smsc)


async def test_another_attempt_when_it_is_unanswered(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
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
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
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
    esme: Esme, smsc: SmscSimulator, clock: ManualClock, ending: str
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


async def test_the_window(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    smsc.settings.change({"deliver_window": 2})
    for _ in range(3):
        await esme.submit()
    clock.advance(1)
    first, _ = await esme.receive(), await esme.receive()
    assert await esme.is_silent(smsc)
    esme.answer(first)
    assert (await esme.receive()).command == Command.DELIVER_SM


async def test_a_generic_nack_is_a_refusal(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
) -> None:
    await esme.submit()
    clock.advance(1)
    sequence = (await esme.receive()).sequence
    esme.writer.write(HEADER.pack(16, Command.GENERIC_NACK, 3, sequence))
    await smsc.wait_for(lambda s: s.receipts[0].status == 3)
