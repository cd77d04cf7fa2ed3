"""Incoming messages of SMPP: which part of what a delivery is."""

from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st
import pytest

from gateway.model import Fragment, Place
from gateway.providers.smpp.incoming import read_fragment
from gateway.providers.smpp.pdus import (
    SAR_MSG_REF_NUM,
    SAR_SEGMENT_SEQNUM,
    SAR_TOTAL_SEGMENTS,
    Address,
    Delivery,
)
from gateway.providers.smpp.wire import PduError
from gateway.text import GSM

UDHI = 0x40
WIDE = 1 << 16
PLAIN = Delivery(
    source=Address(1, 1, "9613123456"),
    destination=Address(3, 0, "4040"),
    esm_class=0,
    data_coding=0,
    octets=b"Hi",
)


def delivery(**changes: Any) -> Delivery:
    return replace(PLAIN, **changes)


def with_header(header: bytes, text: bytes = b"Hi") -> Delivery:
    return delivery(esm_class=UDHI, octets=bytes((len(header),)) + header + text)


def sar(reference: int, total: int, number: int) -> dict[int, bytes]:
    return {
        SAR_MSG_REF_NUM: reference.to_bytes(2),
        SAR_TOTAL_SEGMENTS: bytes((total,)),
        SAR_SEGMENT_SEQNUM: bytes((number,)),
    }


def test_a_plain_message() -> None:
    assert read_fragment(PLAIN) == Fragment(
        sender="+9613123456", recipient="4040", octets=b"Hi", charset=GSM
    )


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        (Address(1, 1, "9613123456"), "+9613123456"),
        (Address(0, 1, "9613123456"), "9613123456"),
        (Address(2, 1, "03123456"), "03123456"),
        (Address(5, 0, "Bank"), "Bank"),
        (Address(1, 1, "+9613123456"), "+9613123456"),
        (Address(1, 1, ""), ""),
    ],
)
def test_who_sent_it(address: Address, sender: str) -> None:
    assert read_fragment(delivery(source=address)).sender == sender


@pytest.mark.parametrize(
    ("header", "place"),
    [
        (bytes((0, 3, 7, 2, 1)), Place(7, 2, 1)),
        (bytes((8, 4, 1, 7, 2, 1)), Place(WIDE + 0x0107, 2, 1)),
        # after an element that is none of ours, ports
        (bytes((5, 4, 0, 1, 0, 2, 0, 3, 7, 2, 2)), Place(7, 2, 2)),
        # one of one; number 0; more than there are; no parts; wrong length
        (bytes((0, 3, 7, 1, 1)), None),
        (bytes((0, 3, 7, 2, 0)), None),
        (bytes((0, 3, 7, 2, 3)), None),
        (bytes((0, 3, 7, 0, 0)), None),
        (bytes((0, 2, 7, 2)), None),
        # an element that is cut, and one without its length
        (bytes((0, 3, 7, 2)), None),
        (bytes((0,)), None),
    ],
)
def test_the_header_says_which_part_it_is(header: bytes, place: Place | None) -> None:
    read = read_fragment(with_header(header))
    assert (read.place, read.octets) == (place, b"Hi")


@pytest.mark.parametrize("octets", [b"", b"\0Hi", b"\xffHi", b"\x03Hi"])
def test_a_header_that_cannot_be_is_text(octets: bytes) -> None:
    read = read_fragment(delivery(esm_class=UDHI, octets=octets))
    assert (read.place, read.octets) == (None, octets)


def test_the_tlvs_say_which_part_it_is() -> None:
    read = read_fragment(delivery(tlvs=sar(7, 3, 2)))
    assert read.place == Place(WIDE + 7, 3, 2)


@pytest.mark.parametrize("missing", sar(7, 3, 2))
def test_all_three_tlvs_are_needed(missing: int) -> None:
    tlvs = sar(7, 3, 2)
    del tlvs[missing]
    assert read_fragment(delivery(tlvs=tlvs)).place is None


def test_a_tlv_of_a_wrong_length_is_an_error() -> None:
    with pytest.raises(PduError):
        read_fragment(delivery(tlvs={SAR_MSG_REF_NUM: b"\0"}))


@given(octets=st.binary(max_size=40), data_coding=st.integers(0, 255))
def test_any_header_is_read(octets: bytes, data_coding: int) -> None:
    read = read_fragment(
        delivery(esm_class=UDHI, octets=octets, data_coding=data_coding)
    )
    assert octets.endswith(read.octets)
