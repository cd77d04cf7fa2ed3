"""Receipts that are early, late, never, doubled or out of order."""

import pytest

from simulator.smsc import Command, ManualClock, MessageState, SmscSimulator

from .esme import Esme
from .receipts import TIMES, receipt


async def test_before_the_response(esme: Esme, smsc: SmscSimulator) -> None:
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
    esme: Esme, smsc: SmscSimulator
) -> None:
    smsc.settings.change({"receipt_timing": "early"})
    async with Esme.connect(smsc) as transmitter:
        await transmitter.bind("transmitter")
        smsc.settings.change({"latency": 1})
        transmitter.send_submit()
        assert (await esme.take()).read.receipted_message_id == b"2541524"
        smsc.settings.change({"latency": 0})
        assert await transmitter.is_silent(smsc)


async def test_late(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    smsc.settings.change({"receipt_delay": 60})
    await esme.submit()
    clock.advance(60)
    assert await esme.is_silent(smsc)
    clock.advance(0.2)
    assert TIMES.encode() in (await esme.take()).read.short_message


async def test_never(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    smsc.settings.change({"receipt_timing": "never"})
    await esme.submit()
    clock.advance(86_400)
    assert await esme.is_silent(smsc)


async def test_twice(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    smsc.settings.change({"receipt_copies": 2})
    first = await receipt(esme, clock)
    second = await esme.take()
    assert first.body == second.body
    assert first.sequence != second.sequence


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
async def test_out_of_order(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock, order: str
) -> None:
    smsc.settings.change({"receipt_order": order})
    ids = [(await esme.submit()).message_id for _ in range(9)]
    clock.advance(1)
    reads = [(await esme.take()).read for _ in ids]
    received = [read.receipted_message_id.decode() for read in reads]
    assert sorted(received) == ids
    assert received != ids
    assert order == "shuffled" or received == ids[::-1]
