"""What a message says: SMPP specification v3.4, clauses 5.2.12, 5.2.19 and 5.3.2."""

import pytest

from simulator.smsc import Account, Part, SmscSimulator

from .esme import Esme


@pytest.mark.parametrize(
    ("data_coding", "content", "text"),
    [
        (0x00, b"\x00\x1b\x65\x1b\x14 \x7f", "@€^ à"),
        (0x01, b"ascii", "ascii"),
        (0x03, "£ä".encode("latin-1"), "£ä"),
        (0x04, b"\x00\xff", "\x00\xff"),
        (0x08, "رسالة 🎉".encode("utf-16-be"), "رسالة 🎉"),
        (0x18, "é".encode("utf-16-be"), "é"),
        (0xF0, b"\x05", "é"),
    ],
)
async def test_texts(
    esme: Esme, smsc: SmscSimulator, data_coding: int, content: bytes, text: str
) -> None:
    await esme.submit(data_coding=data_coding, short_message=content)
    assert smsc.messages[0].text == text


async def test_what_the_default_alphabet_is(esme: Esme, smsc: SmscSimulator) -> None:
    smsc.settings.change({"default_alphabet": "latin-1"})
    await esme.submit(short_message=b"\xe9")
    assert smsc.messages[0].text == "é"


@pytest.mark.parametrize("data_coding", [0x10, 0x18, 0xF0])
async def test_flash_by_class(
    esme: Esme, smsc: SmscSimulator, data_coding: int
) -> None:
    await esme.submit(data_coding=data_coding, short_message=b"\0A")
    assert smsc.messages[0].flash


async def test_flash_by_parameter(esme: Esme, smsc: SmscSimulator) -> None:
    await esme.submit(dest_addr_subunit=1)
    assert smsc.messages[0].flash


class TestLongMessages:
    """Texts of several segments."""

    @pytest.mark.parametrize(
        ("header", "reference"),
        [(b"\x05\x00\x03\x11", 0x11), (b"\x06\x08\x04\x11\x22", 0x1122)],
    )
    async def test_segments_with_headers(
        self,
        esme: Esme,
        smsc: SmscSimulator,
        account: Account,
        header: bytes,
        reference: int,
    ) -> None:
        for number, text in ((2, b"two"), (1, b"one ")):
            data = header + bytes((2, number)) + text
            await esme.submit(esm_class=0x40, short_message=data)
        assert smsc.messages[0].data.part == Part(reference, 2, 2)
        assert [each.text for each in smsc.messages] == ["two", "one "]
        assert smsc.messages.whole_texts() == [("Test", "96170123456", "one two")]
        assert account.credit == 998

    async def test_segments_with_sar_parameters(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        for number, text in ((1, b"one "), (2, b"two")):
            await esme.submit(
                short_message=text,
                sar_msg_ref_num=0x1122,
                sar_total_segments=2,
                sar_segment_seqnum=number,
            )
        assert smsc.messages[1].data.part == Part(0x1122, 2, 2)
        assert smsc.messages.whole_texts() == [("Test", "96170123456", "one two")]

    async def test_a_payload(
        self, esme: Esme, smsc: SmscSimulator, account: Account
    ) -> None:
        await esme.submit(short_message=None, message_payload=b"x" * 1000)
        assert smsc.messages[0].text == "x" * 1000
        assert account.credit == 1000 - 7

    async def test_a_short_message_for_two_segments(
        self, esme: Esme, smsc: SmscSimulator, account: Account
    ) -> None:
        await esme.submit(short_message=b"x" * 161)
        assert smsc.messages[0].data.parts == 2
        assert account.credit == 998

    async def test_other_headers_are_no_segments(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        data = bytes.fromhex("060504000000014f4b")[:7] + b"OK"
        await esme.submit(esm_class=0x40, short_message=data)
        assert smsc.messages[0].data.part is None
        assert smsc.messages.whole_texts() == [("Test", "96170123456", "OK")]
