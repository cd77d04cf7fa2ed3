"""Messages from mobiles, and alert_notification: SMPP v3.4, 4.6 and 4.12."""

import pytest

from simulator import alphabet
from simulator.smsc import Address, Command, ShortMessage, SmscSimulator, Tag
from simulator.smsc.originals import Form

from .esme import Esme, parameter

FROM, TO = "96170123456", "4040"


async def test_a_message(esme: Esme, smsc: SmscSimulator) -> None:
    (delivery,) = smsc.originate("testUser", f"+{FROM}", TO, "Hi @ €")
    read = (await esme.take()).read
    assert (read.esm_class, read.data_coding) == (0, 0)
    assert (read.source_addr_ton, read.source_addr_npi) == (1, 1)
    assert (read.source_addr, read.destination_addr) == (FROM.encode(), TO.encode())
    assert read.dest_addr_ton == 3
    assert read.short_message == b"Hi \x00 \x1b\x65"
    await smsc.wait_for(lambda _: delivery.acknowledged)
    assert smsc.receipts == []


async def test_another_alphabet(esme: Esme, smsc: SmscSimulator) -> None:
    smsc.originate("testUser", "Bank", TO, "مرحبا")
    read = (await esme.take()).read
    assert (read.source_addr_ton, read.source_addr) == (5, b"Bank")
    assert read.data_coding == 8
    assert read.short_message.decode("utf-16-be") == "مرحبا"


async def test_another_default_alphabet(esme: Esme, smsc: SmscSimulator) -> None:
    smsc.settings.change({"default_alphabet": "latin-1"})
    smsc.originate("testUser", FROM, TO, "é")
    read = (await esme.take()).read
    assert (read.data_coding, read.short_message) == (0, b"\xe9")


@pytest.mark.parametrize("form", ["udh", "udh16", "sar"])
@pytest.mark.parametrize(
    ("text", "segments"), [("x" * 160, 1), ("x" * 306, 2), ("x" * 400, 3)]
)
async def test_segments(
    esme: Esme, smsc: SmscSimulator, form: Form, text: str, segments: int
) -> None:
    reference = 0x1122
    deliveries = smsc.originate(
        "testUser",
        FROM,
        TO,
        text,
        form=form,
        reference=reference,
    )
    segments += form == "udh16" and segments == 2
    assert len(deliveries) == segments
    whole = b""
    for number in range(1, segments + 1):
        pdu = await esme.take()
        data = pdu.read.short_message
        if segments > 1:
            place = bytes((segments, number))
            match form:
                case "udh":
                    assert data[:6] == b"\x05\x00\x03\x22" + place
                    data = data[6:]
                case "udh16":
                    assert data[:7] == b"\x06\x08\x04\x11\x22" + place
                    data = data[7:]
                case "sar":
                    assert pdu.read.sar_msg_ref_num == reference
                    assert pdu.read.sar_total_segments == segments
                    assert pdu.read.sar_segment_seqnum == number
            assert pdu.read.esm_class == (0 if form == "sar" else 0x40)
        whole += data
    assert whole == text.encode()


async def test_references_count_on(esme: Esme, smsc: SmscSimulator) -> None:
    for reference in (1, 2):
        smsc.originate("testUser", FROM, TO, "x" * 161)
        first, _ = (await esme.take()).read, await esme.take()
        assert first.short_message[3] == reference


async def test_no_character_is_split(esme: Esme, smsc: SmscSimulator) -> None:
    """Neither an escape and its character, nor a pair of surrogates."""
    smsc.originate("testUser", FROM, TO, "x" * 152 + "€" + "x" * 100)
    first, second = (await esme.take()).read, (await esme.take()).read
    assert first.short_message[6:] == b"x" * 152
    assert alphabet.decode(second.short_message[6:]) == "€" + "x" * 100
    smsc.originate("testUser", FROM, TO, "ж" * 66 + "🎉" + "ж" * 9)
    first, second = (await esme.take()).read, (await esme.take()).read
    assert first.short_message[6:].decode("utf-16-be") == "ж" * 66
    assert second.short_message[6:].decode("utf-16-be") == "🎉" + "ж" * 9


async def test_a_payload(esme: Esme, smsc: SmscSimulator) -> None:
    smsc.originate("testUser", FROM, TO, "x" * 200, form="payload")
    pdu = await esme.take()
    assert parameter(Tag.MESSAGE_PAYLOAD, b"x" * 200) in pdu.body
    assert pdu.read.short_message in {None, b""}


async def test_any_pdu(esme: Esme, smsc: SmscSimulator) -> None:
    message = ShortMessage(
        Address(1, 1, FROM), Address(0, 0, ""), b"\xff\xfe", data_coding=4, esm_class=8
    )
    smsc.deliver("testUser", message)
    read = (await esme.take()).read
    assert (read.short_message, read.data_coding) == (b"\xff\xfe", 4)
    assert read.esm_class == 8


async def test_they_wait_for_a_session(smsc: SmscSimulator) -> None:
    smsc.originate("testUser", FROM, TO, "Hi")
    assert smsc.deliveries.waiting("testUser") == 1
    async with Esme.connect(smsc) as esme:
        await esme.bind("receiver")
        assert (await esme.take()).read.short_message == b"Hi"


@pytest.mark.parametrize("availability", [None, 0, 2])
async def test_alert_notification(
    esme: Esme, smsc: SmscSimulator, availability: int | None
) -> None:
    async with Esme.connect(smsc) as transmitter:
        await transmitter.bind("transmitter")
        smsc.alert("testUser", FROM, TO, availability)
        alert = await esme.receive()
        assert alert.command == Command.ALERT_NOTIFICATION
        assert alert.read.source_addr == FROM.encode()
        assert alert.read.esme_addr == TO.encode()
        assert alert.read.ms_availability_status == availability
        assert await transmitter.is_silent(smsc)
