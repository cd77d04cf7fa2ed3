"""What we encode, smpplib and our own reader read back; what cannot be is refused."""

from typing import Any

from hypothesis import given, strategies as st
import pytest
from smpplib import command as library, consts

from gateway.errors import InputError
from gateway.model import Encoding
from gateway.providers.smpp.addresses import Numbering, address_of
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.data_coding import DataCoding
from gateway.providers.smpp.encode import (
    Bind,
    SubmitTemplate,
    cancel_sm,
    header,
    query_sm,
    replace_sm,
    response,
)
from gateway.providers.smpp.pdus import Address
from gateway.providers.smpp.user_data import LongText, UserData, user_data
from gateway.providers.smpp.wire import Body, Framer

from ..helpers import refused

HOME = address_of("Home")
ALICE = address_of("+9613123456")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=500)


def parse(octets: bytes) -> Any:
    """Read a PDU as smpplib does."""
    [pdu] = Framer().feed(octets)
    parsed = library.factory(
        {each.value: each.name.lower() for each in Command}[int.from_bytes(pdu[4:8])],
        client=_Client(),
    )
    parsed.parse(pdu)
    return parsed


class _Client:
    sequence = 0

    def next_sequence(self) -> int:
        return 0


def submit(data: UserData, **more: Any) -> bytes:
    return SubmitTemplate.encode(HOME, data, **more).stamp(7, ALICE, 42)


@pytest.mark.parametrize(
    ("number", "ton", "npi", "digits"),
    [
        ("+9613123456", 1, 1, "9613123456"),
        ("9613123456", 1, 1, "9613123456"),
        ("Home", 5, 0, "Home"),
        ("1234", 3, 0, "1234"),
    ],
)
def test_the_type_of_a_number_is_worked_out(
    number: str, ton: int, npi: int, digits: str
) -> None:
    assert address_of(number) == Address(ton, npi, digits)
    assert address_of(number, Numbering(0, 1)) == Address(0, 1, digits)


def test_a_bind_is_read_back() -> None:
    for command in (
        Command.BIND_TRANSMITTER,
        Command.BIND_RECEIVER,
        Command.BIND_TRANSCEIVER,
    ):
        body = Bind(system_id="user", password="secret12").encode(command)
        read = parse(header(command, 1, length=len(body)) + body)
        assert (read.system_id, read.password, read.system_type) == (
            b"user",
            b"secret12",
            b"",
        )
        assert read.interface_version == 0x34


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("system_id", "x" * 16),
        ("password", "x" * 9),
        ("password", "se\0cret"),
        ("system_type", "é"),
        ("address_range", "1" * 41),
    ],
)
def test_a_bind_that_would_be_cut_is_refused(field: str, value: str) -> None:
    fields = {"system_id": "user", "password": "secret", field: value}
    with pytest.raises(InputError) as error:
        Bind(**fields).encode(Command.BIND_TRANSCEIVER)
    assert error.value.field == field


def test_every_field_of_a_submit() -> None:
    [data] = user_data("Fire", Encoding.AUTO, flash=False, long_text=LongText.UDH)
    read = parse(submit(data, schedule="261121120000000+", validity="000001000000000R"))
    assert (read.sequence, read.status) == (7, 0)
    assert (read.source_addr_ton, read.source_addr_npi, read.source_addr) == (
        5,
        0,
        b"Home",
    )
    assert (read.dest_addr_ton, read.dest_addr_npi) == (1, 1)
    assert read.destination_addr == b"9613123456"
    assert (read.esm_class, read.data_coding, read.registered_delivery) == (0, 0, 1)
    assert read.schedule_delivery_time == b"261121120000000+"
    assert read.validity_period == b"000001000000000R"
    assert read.short_message == b"Fire"


@pytest.mark.parametrize(
    ("text", "flash", "coding"),
    [
        ("Fire", False, 0),
        ("Fire", True, 0x10),
        ("огонь", False, 8),
        ("огонь", True, 0x18),
    ],
)
def test_the_coding_of_a_text(text: str, flash: bool, coding: int) -> None:
    [data] = user_data(text, Encoding.AUTO, flash=flash, long_text=LongText.UDH)
    assert parse(submit(data)).data_coding == coding


def test_parts_have_a_header_with_their_reference() -> None:
    parts = user_data("a" * 400, Encoding.AUTO, flash=False, long_text=LongText.UDH)
    assert len(parts) == 3
    for number, data in enumerate(parts, start=1):
        read = parse(submit(data))
        assert read.esm_class == consts.SMPP_GSMFEAT_UDHI
        assert read.short_message[:6] == bytes((5, 0, 3, 42, 3, number))
        assert len(read.short_message) <= 159


def test_or_have_the_tlvs() -> None:
    parts = user_data("a" * 400, Encoding.AUTO, flash=False, long_text=LongText.SAR)
    for number, data in enumerate(parts, start=1):
        read = parse(submit(data))
        assert read.esm_class == 0
        assert (
            read.sar_msg_ref_num,
            read.sar_total_segments,
            read.sar_segment_seqnum,
        ) == (42, 3, number)


def test_or_go_whole() -> None:
    text = "а" * 400
    [data] = user_data(text, Encoding.AUTO, flash=False, long_text=LongText.PAYLOAD)
    read = parse(submit(data))
    assert (read.sm_length, read.message_payload) == (0, text.encode("utf-16-be"))


def test_a_template_serves_many_recipients() -> None:
    [data] = user_data("Fire", Encoding.AUTO, flash=False, long_text=LongText.UDH)
    template = SubmitTemplate.encode(HOME, data)
    for number in ("+9613123456", "+1" + "2" * 14, "1234"):
        read = parse(template.stamp(9, address_of(number)))
        assert read.destination_addr.decode() == number.removeprefix("+")
        assert read.short_message == b"Fire"


@pytest.mark.parametrize("digits", ["1" * 21, "12\x003", "é"])
def test_a_destination_that_would_be_cut_is_refused(digits: str) -> None:
    [data] = user_data("Fire", Encoding.AUTO, flash=False, long_text=LongText.UDH)
    template = SubmitTemplate.encode(HOME, data)
    with pytest.raises(InputError, match="destination_addr"):
        template.stamp(1, Address(1, 1, digits))


def test_a_text_fills_a_short_message_and_no_more() -> None:
    full = UserData(b"x" * 254, DataCoding.DEFAULT)
    assert parse(submit(full)).short_message == full.octets
    assert replace_sm("1", HOME, full).endswith(b"\xfe" + full.octets)
    for length in (255, 256):
        data = UserData(b"x" * length, DataCoding.DEFAULT)
        with refused("message", "message_octets", count=length, most=254):
            SubmitTemplate.encode(HOME, data)
        with refused("message", "message_octets", count=length, most=254):
            replace_sm("1", HOME, data)


@pytest.mark.parametrize(
    ("field", "name"),
    [("schedule", "schedule_delivery_time"), ("validity", "validity_period")],
)
@pytest.mark.parametrize("time", ["1" * 17, "2611\0", "é"])
def test_a_time_that_would_be_cut_is_refused(field: str, name: str, time: str) -> None:
    data = UserData(b"x", DataCoding.DEFAULT)
    with pytest.raises(InputError, match=name):
        SubmitTemplate.encode(HOME, data, **{field: time})
    with pytest.raises(InputError, match=name):
        replace_sm("1", HOME, data, **{field: time})


def test_a_misspelt_field_is_no_field() -> None:
    # A type checker would see it too.
    data = UserData(b"x", 0, optional={"sar_mgs_ref_num": 1})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="SUBMIT_SM has no field sar_mgs_ref_num"):
        SubmitTemplate.encode(HOME, data)


def test_a_query_is_read_back() -> None:
    body = query_sm("0A1b", HOME)
    read = parse(header(Command.QUERY_SM, 1, length=len(body)) + body)
    assert (read.message_id, read.source_addr) == (b"0A1b", b"Home")


def test_a_cancel_has_all_its_fields() -> None:
    body = Body(cancel_sm("id", HOME, ALICE))
    assert body.c_octets("service_type", 6) == b""
    assert body.c_octets("message_id", 65) == b"id"
    assert (body.integer("ton"), body.integer("npi")) == (5, 0)
    assert body.c_octets("source_addr", 21) == b"Home"
    assert (body.integer("ton"), body.integer("npi")) == (1, 1)
    assert body.c_octets("destination_addr", 21) == b"9613123456"
    assert body.is_at_end


def test_a_replace_has_all_its_fields() -> None:
    [data] = user_data("New", Encoding.AUTO, flash=False, long_text=LongText.UDH)
    body = Body(replace_sm("id", HOME, data, validity="000001000000000R"))
    assert body.c_octets("message_id", 65) == b"id"
    assert body.octets("ton, npi", 2) == b"\x05\0"
    assert body.c_octets("source_addr", 21) == b"Home"
    assert body.c_octets("schedule_delivery_time", 17) == b""
    assert body.c_octets("validity_period", 17) == b"000001000000000R"
    assert body.octets("registered_delivery, sm_default_msg_id", 2) == b"\x01\0"
    assert body.octets("short_message", body.integer("sm_length")) == b"New"
    assert body.is_at_end


def test_responses() -> None:
    assert parse(response(Command.ENQUIRE_LINK, 5)).sequence == 5
    read = parse(response(Command.DELIVER_SM, 6, consts.SMPP_ESME_RX_T_APPN))
    assert (read.command, read.sequence) == ("deliver_sm_resp", 6)
    assert (read.status, read.message_id) == (consts.SMPP_ESME_RX_T_APPN, b"")


def test_an_encoding_that_cannot_carry_the_text_is_refused() -> None:
    with refused("encoding", "encoding_unfit", encoding="gsm"):
        user_data("огонь", Encoding.GSM, flash=False, long_text=LongText.UDH)
    [data] = user_data("Fire", Encoding.UNICODE, flash=False, long_text=LongText.UDH)
    assert data.octets == "Fire".encode("utf-16-be")
    [data] = user_data("Fire", Encoding.SPECIAL, flash=False, long_text=LongText.UDH)
    assert data.octets == b"Fire"


@given(TEXTS, st.sampled_from(LongText), st.booleans())
def test_any_text_fits_its_pdus_and_is_read_back(
    text: str, long_text: LongText, flash: bool
) -> None:
    parts = user_data(text, Encoding.AUTO, flash=flash, long_text=long_text)
    for data in parts:
        read = parse(submit(data))
        octets = read.short_message or read.message_payload
        if "sar_msg_ref_num" in data.optional:
            assert read.sar_msg_ref_num == 42
        if read.esm_class == consts.SMPP_GSMFEAT_UDHI:
            assert len(octets) <= (140 if read.data_coding & 8 else 159)
            assert octets[3] == 42
            octets = octets[:3] + b"\0" + octets[4:]
        assert octets == (data.octets or data.optional["message_payload"])
