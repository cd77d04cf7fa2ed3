"""Delivery receipts: SMPP specification v3.4, 4.6, 5.2.12, 5.2.17 and appendix B."""

import pytest

from simulator.smsc import Command, ManualClock, MessageState, SmscSimulator

from .esme import Esme
from .receipts import TIMES, receipt


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
