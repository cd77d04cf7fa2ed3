"""Receipts in all their spellings, times, and texts of every coding."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st
import pytest

from gateway.model import State
from gateway.providers.smpp.data_coding import decode
from gateway.providers.smpp.pdus import Address, Delivery
from gateway.providers.smpp.receipts import read_receipt
from gateway.providers.smpp.times import absolute, validity
from gateway.providers.smpp.wire import PduError

FULL = (
    "id:2541524 sub:001 dlvrd:001 submit date:2611211200 done date:2611211201 "
    "stat:DELIVRD err:000 text:Fire"
)
AMS = (
    "id:2541524 sub:001 submit date:2611211200 done date:2611211201 mcc:415 mnc:01 "
    "stat:UNDELIV err:042"
)


def delivery(text: str | bytes = "", coding: int = 0, **tlvs: bytes) -> Delivery:
    return Delivery(
        source=Address(1, 1, "9613123456"),
        destination=Address(5, 0, "Home"),
        esm_class=4,
        data_coding=coding,
        octets=text if isinstance(text, bytes) else text.encode("ascii"),
        tlvs={int(tag.removeprefix("t"), 16): value for tag, value in tlvs.items()},
    )


@pytest.mark.parametrize(
    ("text", "id_", "state", "error"),
    [
        (FULL, "2541524", State.DELIVERED, None),
        (AMS, "2541524", State.UNDELIVERABLE, "042"),
        ("id:0 stat:EXPIRED err:null", "0", State.EXPIRED, None),
        ("ID: 0A1b STAT: REJECTD ERR: 12", "0A1b", State.REJECTED, "12"),
        ("stat:ACCEPTD id:7", "7", State.ACCEPTED, None),
        ("id:7 stat:ENROUTE", "7", State.ENROUTE, None),
        ("id:7 stat:ATES", "7", State.ENROUTE, None),
        ("id:7 stat:DELETED err:0F1", "7", State.DELETED, "0F1"),
        ("id:7 status:Delivered error:0", "7", State.DELIVERED, None),
        ("id:7 stat:NONSENSE", "7", State.UNKNOWN, None),
        ("id:7 submit date:2611211200", "7", State.UNKNOWN, None),
        ("id:7,sub:001,stat:DELIVRD,err:012,text:", "7", State.DELIVERED, "012"),
        ("id:7;stat:DELIVRD;err:000", "7", State.DELIVERED, None),
        ('id:"7" stat:"UNDELIV" err:"9"', "7", State.UNDELIVERABLE, "9"),
        ("id:_@$[]{}\\^~| stat:DELIVRD", "_@$[]{}\\^~|", State.DELIVERED, None),
        (f"id:{'x' * 66} stat:DELIVRD", "x" * 66, State.DELIVERED, None),
        (
            "id:f81d4fae-7dec-11d0-a765-00a0c91e6bf6 stat:DELIVRD",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            State.DELIVERED,
            None,
        ),
    ],
)
def test_the_text_of_a_receipt(
    text: str, id_: str, state: State, error: str | None
) -> None:
    for coding in (0, 1, 3):
        receipt = read_receipt(delivery(text, coding))
        assert receipt is not None
        assert (receipt.provider_id, receipt.state) == (id_, state)
        assert receipt.error_code == error
        assert receipt.recipient == "9613123456"
        assert receipt.raw == text


def test_the_tlvs_speak_first() -> None:
    receipt = read_receipt(delivery(FULL, t001E=b"99\0", t0427=b"\x05"))
    assert receipt is not None
    assert (receipt.provider_id, receipt.state) == ("99", State.UNDELIVERABLE)


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (1, State.ENROUTE),
        (2, State.DELIVERED),
        (3, State.EXPIRED),
        (4, State.DELETED),
        (5, State.UNDELIVERABLE),
        (6, State.ACCEPTED),
        (7, State.UNKNOWN),
        (8, State.REJECTED),
        (99, State.UNKNOWN),
    ],
)
def test_every_state_of_the_tlv(number: int, state: State) -> None:
    receipt = read_receipt(delivery(t001E=b"99", t0427=bytes((number,))))
    assert receipt is not None
    assert receipt.state is state


@pytest.mark.parametrize("number", [0, 99])
def test_a_state_that_is_none_leaves_it_to_the_text(number: int) -> None:
    receipt = read_receipt(delivery(FULL, t0427=bytes((number,))))
    assert receipt is not None
    assert receipt.state is State.DELIVERED


def test_a_receipt_without_a_text_is_kept_as_its_tlvs() -> None:
    receipt = read_receipt(delivery(t001E=b"99\0", t0427=b"\x05", t1403=b"v"))
    assert receipt is not None
    assert receipt.raw == "0x001E=393900 0x0427=05 0x1403=76"


@pytest.mark.parametrize(
    ("named", "other"),
    [
        (b"internal-99\0", "2541524"),
        (b"2541524\0", None),
        (b"26C7D4\0", None),  # the same in hexadecimal
        (b"\0", None),
    ],
)
def test_the_id_of_the_text_is_kept_beside_another_one(
    named: bytes, other: str | None
) -> None:
    receipt = read_receipt(delivery(FULL, t001E=named))
    assert receipt is not None
    assert receipt.other_id == other


def test_its_tlvs_make_a_receipt_of_what_does_not_call_itself_one() -> None:
    tlvs = {"t001E": b"99\0", "t0427": b"\x02"}
    assert replace(delivery(FULL, **tlvs), esm_class=0).is_receipt
    assert not replace(delivery(FULL), esm_class=0).is_receipt


def test_the_network_error_stands_in_for_one_of_the_text() -> None:
    network = b"\x03\x01\x02"
    receipt = read_receipt(delivery("id:7 stat:UNDELIV", t0423=network))
    assert receipt is not None
    assert receipt.error_code == "258"
    receipt = read_receipt(delivery("id:7 stat:UNDELIV err:5", t0423=network))
    assert receipt is not None
    assert receipt.error_code == "5"


def test_a_receipt_that_names_no_message_is_none() -> None:
    assert read_receipt(delivery("hello")) is None


def test_a_tlv_of_a_wrong_length_is_refused() -> None:
    with pytest.raises(PduError, match="0x0427"):
        read_receipt(delivery(FULL, t0427=b"\0\x02"))


@given(st.binary(max_size=300), st.integers(0, 255))
def test_any_octets_of_any_coding_are_read(octets: bytes, coding: int) -> None:
    assert isinstance(decode(octets, coding), str)
    read_receipt(delivery(octets, coding))


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        (b"\x00\x1b\x65 a", 0x00, "@€ a"),
        (b"Fire", 0x01, "Fire"),
        (b"\xe9t\xe9", 0x03, "été"),
        ("пожар".encode("iso8859-5"), 0x06, "пожар"),
        ("אש".encode("iso8859-8"), 0x07, "אש"),
        ("огонь 😀".encode("utf-16-be"), 0x08, "огонь 😀"),
        (b"\xd8\x3d", 0x08, "\ufffd"),
        ("火".encode("shift_jis"), 0x05, "火"),
        ("불".encode("euc_kr"), 0x0E, "불"),
        (b"\xff\x00", 0x04, "ÿ\0"),
        # GSM 03.38: flash, message class, message waiting.
        (b"\x00", 0x10, "@"),
        ("ж".encode("utf-16-be"), 0x18, "ж"),
        (b"\x00", 0xF0, "@"),
        (b"\xe9", 0xF5, "é"),
        ("ж".encode("utf-16-be"), 0xE0, "ж"),
        (b"\x00", 0xC8, "@"),
        (b"\xe9", 0x14, "é"),
    ],
)
def test_a_text_of_every_coding(octets: bytes, coding: int, text: str) -> None:
    assert decode(octets, coding) == text


NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_absolute_times_are_in_utc_and_never_early() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    assert absolute(datetime(2026, 11, 21, 17, 30, tzinfo=zone)) == "261121120000000+"
    assert absolute(NOW + timedelta(milliseconds=1)) == "261121120001000+"


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(seconds=1), "000000000001000R"),
        (timedelta(hours=24), "000001000000000R"),
        (timedelta(days=3, hours=4, minutes=5, seconds=5.5), "000003040506000R"),
        (timedelta(days=31), "000031000000000R"),
        (timedelta(days=32), "261223120000000+"),
        (timedelta(seconds=-1), "261121115959000+"),
    ],
)
def test_a_validity_is_a_span_where_it_can_be(span: timedelta, written: str) -> None:
    assert validity(NOW + span, NOW) == written
