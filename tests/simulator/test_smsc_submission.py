"""Taking messages: SMPP specification v3.4, clauses 4.4, 4.7 and 5.2."""

import re

import pytest

from simulator.smsc import (
    Account,
    Command,
    CommandStatus,
    ManualClock,
    MessageState,
    Part,
    SmscSimulator,
    Tag,
)

from .esme import Esme, example, parameter


def octets(**changes: bytes) -> dict[str, bytes]:
    """Return the parts of the body of the example that raw changes are made to."""
    parts = {
        "service_type": b"\0",
        "source": b"\x05\0Test\0",
        "destination": b"\x01\x0196170123456\0",
        "esm_class": b"\0",
        "protocol_id": b"\0",
        "priority_flag": b"\0",
        "schedule_delivery_time": b"\0",
        "validity_period": b"\0",
        "registered_delivery": b"\0",
        "replace_if_present_flag": b"\0",
        "data_coding": b"\0",
        "sm_default_msg_id": b"\0",
        "short_message": b"\x02Hi",
        "parameters": b"",
    }
    assert changes.keys() <= parts.keys()
    return parts | changes


async def test_a_message(esme: Esme, smsc: SmscSimulator, account: Account) -> None:
    assert (await esme.submit()).message_id == "2541524"
    (message,) = smsc.messages
    assert (message.source, message.destination) == ("Test", "96170123456")
    assert message.text == "testing English message"
    assert (message.user, message.session) == ("testUser", 1)
    assert not message.flash
    assert account.credit == 999


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("decimal", r"2541524"),
        ("padded", r"0002541524"),
        ("hex", r"26c7d4"),
        ("HEX", r"26C7D4"),
        ("padded_hex", r"000026c7d4"),
        ("uuid", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("zero", r"0"),
    ],
)
async def test_message_ids(
    esme: Esme, smsc: SmscSimulator, form: str, written: str
) -> None:
    smsc.settings.change({"id_form": form})
    message_id = (await esme.submit()).message_id
    assert re.fullmatch(written, message_id)
    assert smsc.messages.by_id(message_id) is smsc.messages[0]


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


async def test_doubles(esme: Esme, smsc: SmscSimulator) -> None:
    await esme.submit()
    await esme.submit(short_message=b"something else")
    await esme.submit()
    assert smsc.messages.doubles() == [smsc.messages[2]]


async def test_doubles_of_segments(esme: Esme, smsc: SmscSimulator) -> None:
    """A repeated segment is one whatever its reference, an equal next one is not."""
    for reference, number in ((1, 1), (1, 2), (9, 1)):
        data = bytes((5, 0, 3, reference, 2, number)) + b"same"
        await esme.submit(esm_class=0x40, short_message=data)
    assert smsc.messages.doubles() == [smsc.messages[2]]


async def test_data_sm(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    fields = example(message_payload=b"Hi")
    del fields["short_message"]
    response = await esme.request("data_sm", **fields)
    assert response.command == Command.DATA_SM_RESP
    assert response.message_id == "2541524"
    assert smsc.messages[0].text == "Hi"
    clock.advance(1)
    assert (await esme.take()).read.receipted_message_id == b"2541524"


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        pytest.param("RINVSERTYP", {"service_type": b"LONGER\0"}, id="service_type"),
        pytest.param("RINVSRCTON", {"source": b"\x07\0Test\0"}, id="source ton"),
        pytest.param("RINVSRCNPI", {"source": b"\x05\x02Test\0"}, id="source npi"),
        pytest.param("RINVSRCADR", {"source": b"\x01\x01Test\0"}, id="letters, ton 1"),
        pytest.param("RINVSRCADR", {"source": b"\x05\0TwelveLetter\0"}, id="12"),
        pytest.param("RINVSRCADR", {"source": b"\x01\x01" + b"1" * 21}, id="21 octets"),
        pytest.param("RINVDSTTON", {"destination": b"\x07\x01961701\0"}, id="to ton"),
        pytest.param("RINVDSTNPI", {"destination": b"\x01\x02961701\0"}, id="to npi"),
        *(
            pytest.param("RINVDSTADR", {"destination": destination}, id=f"{name} to")
            for name, destination in {
                "nothing": b"\x01\x01\0",
                "too short": b"\x01\x019617\0",
                "too long": b"\x01\x019617012345678901\0",
                "national": b"\x01\x0103123456\0",
                "a name": b"\x05\0Test\0",
                "letters": b"\x01\x01961x0123456\0",
                "21 octets": b"\x01\x01" + b"9" * 21,
            }.items()
        ),
        pytest.param("RINVESMCLASS", {"esm_class": b"\x04"}, id="a receipt"),
        pytest.param("RINVESMCLASS", {"esm_class": b"\x40"}, id="no header"),
        pytest.param(
            "RINVESMCLASS",
            {"esm_class": b"\x40", "short_message": b"\x03\x02\x00\x03"},
            id="a header cut",
        ),
        pytest.param(
            "RINVESMCLASS",
            {"esm_class": b"\x40", "short_message": b"\x06\x05\x00\x03\x01\x02\x03"},
            id="segment 3 of 2",
        ),
        pytest.param("RINVPRTFLG", {"priority_flag": b"\x04"}, id="priority"),
        pytest.param(
            "RINVSCHED", {"schedule_delivery_time": b"160510143000000\0"}, id="15"
        ),
        pytest.param(
            "RINVEXPIRY", {"validity_period": b"161310143000000+\0"}, id="month 13"
        ),
        pytest.param("RINVREGDLVFLG", {"registered_delivery": b"\x03"}, id="receipt 3"),
        pytest.param("RINVREGDLVFLG", {"registered_delivery": b"\x20"}, id="reserved"),
        pytest.param("RINVREPFLAG", {"replace_if_present_flag": b"\x02"}, id="replace"),
        pytest.param("RINVDFTMSGID", {"sm_default_msg_id": b"\x01"}, id="predefined"),
        pytest.param("RINVMSGLEN", {"short_message": b"\x09Hi"}, id="sm_length"),
        pytest.param(
            "RINVMSGLEN", {"data_coding": b"\x08", "short_message": b"\x01A"}, id="UCS2"
        ),
        pytest.param(
            "RINVMSGLEN",
            {
                "esm_class": b"\x40",
                "short_message": b"\xa0\x05\x00\x03\x01\x02\x01" + b"x" * 154,
            },
            id="a segment too long",
        ),
        pytest.param("RINVCMDLEN", {"short_message": b""}, id="cut"),
        pytest.param("RINVOPTPARSTREAM", {"parameters": b"\x02"}, id="parameter cut"),
        pytest.param(
            "RINVOPTPARSTREAM",
            {"parameters": b"\x02\x0c\x00\x03\x01\x01"},
            id="value cut",
        ),
        pytest.param(
            "ROPTPARNOTALLWD",
            {"parameters": parameter(Tag.MESSAGE_PAYLOAD, b"Hi")},
            id="two texts",
        ),
        pytest.param(
            "RMISSINGOPTPARAM",
            {"parameters": parameter(Tag.SAR_MSG_REF_NUM, b"\0\x01")},
            id="sar without the rest",
        ),
        *(
            pytest.param(
                status,
                {
                    "parameters": parameter(Tag.SAR_MSG_REF_NUM, reference)
                    + parameter(Tag.SAR_TOTAL_SEGMENTS, b"\x02")
                    + parameter(Tag.SAR_SEGMENT_SEQNUM, number)
                },
                id=f"sar {status}",
            )
            for status, reference, number in (
                ("RINVPARLEN", b"\x01", b"\x01"),
                ("RINVOPTPARAMVAL", b"\0\x01", b"\x03"),
                ("RINVOPTPARAMVAL", b"\0\x01", b"\x00"),
            )
        ),
    ],
)
async def test_what_is_refused(
    esme: Esme,
    smsc: SmscSimulator,
    account: Account,
    status: str,
    changes: dict[str, bytes],
) -> None:
    body = b"".join(octets(**changes).values())
    response = await esme.request_raw(Command.SUBMIT_SM, body)
    assert CommandStatus(response.status).name == f"ESME_{status}"
    assert (response.command, response.body) == (Command.SUBMIT_SM_RESP, b"")
    assert smsc.messages_count == 0
    assert account.credit == 1000
    assert smsc.observation.refusals == {f"ESME_{status}": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"source": b"\0\0\0"},
        {"source": b"\x01\x01+96170000000\0"},
        {"source": b"\x03\x004040\0"},
        {"destination": b"\0\x0103123456\0"},
        {"destination": b"\x01\x01+96170123456\0"},
        {"esm_class": b"\x03"},
        {"service_type": b"CMT\0"},
        {"short_message": b"\0"},
        {"parameters": parameter(0x1500, b"vendor's")},
    ],
)
async def test_what_is_not_refused(esme: Esme, changes: dict[str, bytes]) -> None:
    body = b"".join(octets(**changes).values())
    response = await esme.request_raw(Command.SUBMIT_SM, body)
    assert response.status == CommandStatus.ESME_ROK


async def test_a_reserved_data_coding(esme: Esme, smsc: SmscSimulator) -> None:
    assert (await esme.submit(data_coding=0x0C)).status == 0x0000_0104
    smsc.settings.change({"coding_status": "ESME_RSUBMITFAIL"})
    response = await esme.submit(data_coding=0x80)
    assert response.status == CommandStatus.ESME_RSUBMITFAIL


async def test_senders_not_allowed(esme: Esme, account: Account) -> None:
    account.senders = frozenset({"Home"})
    for source in ("Test", ""):
        response = await esme.submit(source_addr=source)
        assert response.status == CommandStatus.ESME_RINVSRCADR
    assert (await esme.submit(source_addr="Home")).status == CommandStatus.ESME_ROK


async def test_an_account_that_expires_while_it_is_bound(
    esme: Esme, account: Account
) -> None:
    account.expired = True
    assert (await esme.submit()).status == CommandStatus.ESME_RSUBMITFAIL


async def test_too_little_credit(
    esme: Esme, smsc: SmscSimulator, account: Account
) -> None:
    account.credit = account.price
    assert (await esme.submit()).status == CommandStatus.ESME_ROK
    assert (await esme.submit()).status == CommandStatus.ESME_RSUBMITFAIL
    smsc.settings.change({"credit_status": 0x0000_0400})
    assert (await esme.submit()).status == 0x0000_0400
    assert smsc.messages_count == 1


async def test_a_rate(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    smsc.settings.change({"rate": 2})

    async def statuses() -> list[int]:
        responses = [await esme.submit(registered_delivery=0) for _ in range(3)]
        return [response.status for response in responses]

    throttled = CommandStatus.ESME_RTHROTTLED
    assert await statuses() == [0, 0, throttled]
    clock.advance(0.5)
    assert await statuses() == [0, throttled, throttled]
    clock.advance(60)
    smsc.settings.change({"rate_status": "ESME_RMSGQFUL"})
    assert await statuses() == [0, 0, CommandStatus.ESME_RMSGQFUL]


class TestTimes:
    """Clauses 5.2.15, 5.2.16 and 7.1.1; it is 2016-05-10 14:00:00 in UTC."""

    @pytest.mark.parametrize(
        ("written", "seconds"),
        [
            pytest.param("160510142200000+", 22 * 60, id="UTC"),
            pytest.param("160510195200022+", 22 * 60, id="+05:30"),
            pytest.param("160510103000014-", 0, id="-03:30, now"),
            pytest.param("160510110000014-", 30 * 60, id="-03:30"),
            pytest.param("160510140000500+", 0.5, id="tenths"),
            pytest.param("160510135959000+", -1, id="past"),
            pytest.param("000000002200000R", 22 * 60, id="relative minutes"),
            pytest.param("000001000000000R", 86_400, id="a day"),
            pytest.param("000100000000000R", 31 * 86_400, id="a month"),
            pytest.param("010000000000000R", 365 * 86_400, id="a year"),
            pytest.param("000000000000000R", 0, id="no time"),
            pytest.param("000000002200001R", None, id="relative, with quarters"),
            pytest.param("160510142200049+", None, id="over 12 hours from UTC"),
            pytest.param("160532142200000+", None, id="32 May"),
            pytest.param("160510142200000Z", None, id="no sign"),
            pytest.param("2016-05-10 14:30", None, id="another form"),
        ],
    )
    async def test_how_they_are_read(
        self,
        esme: Esme,
        smsc: SmscSimulator,
        clock: ManualClock,
        written: str,
        seconds: float | None,
    ) -> None:
        good = seconds is not None and seconds > 0
        scheduled = await esme.submit(schedule_delivery_time=written)
        valid = await esme.submit(validity_period=written)
        if good:
            assert (scheduled.status, valid.status) == (0, 0)
            assert seconds is not None
            assert smsc.messages[0].sent == clock.now() + seconds
            assert smsc.messages[1].expires == clock.now() + seconds
        else:
            assert scheduled.status == CommandStatus.ESME_RINVSCHED
            assert valid.status == CommandStatus.ESME_RINVEXPIRY

    async def test_a_scheduled_message(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        await esme.submit(schedule_delivery_time="160510142200000+")
        message = smsc.messages[0]
        clock.advance(22 * 60)
        assert message.stage(clock.now()).state is MessageState.ENROUTE
        clock.advance(0.2)
        assert message.stage(clock.now()).state is MessageState.DELIVERED

    async def test_the_end_of_the_validity(
        self, esme: Esme, clock: ManualClock
    ) -> None:
        await esme.submit(
            destination_addr="96170123407", validity_period="000000001000000R"
        )
        clock.advance(600)
        assert (await esme.take()).read.message_state == MessageState.EXPIRED

    async def test_a_validity_that_ends_before_the_schedule(self, esme: Esme) -> None:
        response = await esme.submit(
            schedule_delivery_time="000000002000000R",
            validity_period="000000001000000R",
        )
        assert response.status == CommandStatus.ESME_RINVEXPIRY


async def test_replace_if_present(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
) -> None:
    """Clause 5.2.18: the same addresses and service_type, and not yet sent."""
    flag = {"replace_if_present_flag": 1, "registered_delivery": 0}
    ids = [
        (await esme.submit(**flag)).message_id,
        (await esme.submit(**flag, short_message=b"newer")).message_id,
        (await esme.submit(**flag, service_type="CMT")).message_id,
        (await esme.submit(**flag, source_addr="Other")).message_id,
    ]
    assert ids == ["2541524", "2541524", "2541525", "2541526"]
    assert smsc.messages[0].text == "newer"
    clock.advance(1)
    assert (await esme.submit(**flag)).message_id == "2541527"
