"""Receipts in the forms that SMSCs were seen to send."""

import pytest

from simulator.smsc import ManualClock, SmscSimulator, Tag

from .esme import Esme, parameter
from .receipts import TIMES, receipt


async def text(esme: Esme, clock: ManualClock, **changes: object) -> str:
    """Return the text of the receipt of a message."""
    read = (await receipt(esme, clock, **changes)).read
    return str(read.short_message.decode())


async def test_the_text_of_appendix_b(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
) -> None:
    smsc.settings.change({"receipt_text": "appendix_b", "receipt_network": False})
    assert await text(esme, clock, short_message=b"x" * 30) == (
        f"id:2541524 sub:001 dlvrd:001 {TIMES} stat:DELIVRD err:000 text:{'x' * 20}"
    )


async def test_a_short_text(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
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
    esme: Esme, smsc: SmscSimulator, clock: ManualClock, terminated: bool
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
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
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
