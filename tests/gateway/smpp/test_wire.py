"""The bytes of SMPP: streams cut anywhere, and bodies that are not what they should be."""

from hypothesis import given, strategies as st
import pytest
from smpplib import consts

from gateway.providers.smpp.wire import (
    HEADER,
    LONGEST_PDU,
    Body,
    Framer,
    LengthError,
    PduError,
    c_octets_of,
    integer_of,
)


def pdu(body: bytes = b"", sequence: int = 1) -> bytes:
    return HEADER.pack(16 + len(body), 0x15, 0, sequence) + body


bodies = st.lists(st.binary(max_size=40), max_size=8)


@given(bodies, st.data())
def test_a_stream_is_cut_into_its_pdus_however_it_arrives(
    contents: list[bytes], data: st.DataObject
) -> None:
    pdus = [pdu(body, number) for number, body in enumerate(contents)]
    stream = b"".join(pdus)
    framer = Framer()
    found: list[bytes] = []
    position = 0
    while position < len(stream):
        size = data.draw(st.integers(1, len(stream) - position))
        found += framer.feed(stream[position : position + size])
        position += size
    assert found == pdus


@pytest.mark.parametrize("length", [0, 15, LONGEST_PDU + 1, 2**31, 2**32 - 1])
def test_a_length_that_cannot_be_ends_the_stream(length: int) -> None:
    framer = Framer()
    pdus = framer.feed(pdu(b"good") + length.to_bytes(4) + b"rest")
    assert next(pdus) == pdu(b"good")
    with pytest.raises(LengthError, match=f"command_length {length},") as error:
        next(pdus)
    assert error.value.status == consts.SMPP_ESME_RINVCMDLEN


def test_a_length_is_known_to_be_wrong_before_the_pdu_is_there() -> None:
    with pytest.raises(LengthError):
        list(Framer().feed(b"\x80\0\0\0"))


def test_the_longest_pdu_is_read() -> None:
    longest = pdu(b"x" * (LONGEST_PDU - 16))
    framer = Framer()
    assert list(framer.feed(longest[:-1])) == []
    assert list(framer.feed(longest[-1:])) == [longest]


def test_fields_one_after_the_other() -> None:
    body = Body(b"WAP\0\x05abc\0\x02hi\x02\x04\0\x02\xff\xff")
    assert body.c_octets("service_type", 6) == b"WAP"
    assert body.integer("ton") == 5
    assert body.c_octets("source_addr", 21) == b"abc"
    assert body.octets("short_message", body.integer("sm_length")) == b"hi"
    assert not body.is_at_end
    assert body.tlvs() == {0x0204: b"\xff\xff"}
    assert body.is_at_end


@pytest.mark.parametrize("octets", [b"", b"abc", b"abcdef\0"])
def test_a_string_without_an_end_names_its_field(octets: bytes) -> None:
    with pytest.raises(PduError, match=r"^source_addr: no NUL within 6") as error:
        Body(octets).c_octets("source_addr", 6)
    assert error.value.status == consts.SMPP_ESME_RINVPARLEN


def test_a_string_may_take_all_its_room() -> None:
    assert Body(b"abcde\0").c_octets("x", 6) == b"abcde"


def test_a_field_that_is_cut_names_itself() -> None:
    with pytest.raises(PduError, match="short_message: 2 of 3 octets"):
        Body(b"hi").octets("short_message", 3)
    with pytest.raises(PduError, match="esm_class: 0 of 1"):
        Body(b"").integer("esm_class")


@pytest.mark.parametrize("octets", [b"\x02", b"\x02\x04\0", b"\x02\x04\0\x02\xff"])
def test_a_tlv_that_is_cut(octets: bytes) -> None:
    with pytest.raises(PduError, match="TLV") as error:
        Body(octets).tlvs()
    assert error.value.status == consts.SMPP_ESME_RINVOPTPARSTREAM


def test_unknown_tlvs_are_kept_and_the_first_of_two_counts() -> None:
    tlvs = Body(b"\x14\x03\0\x01a\x14\x03\0\x01b\x04\x28\0\0").tlvs()
    assert tlvs == {0x1403: b"a", 0x0428: b""}


def test_values_of_tlvs() -> None:
    tlvs = {1: b"\x02", 2: b"\1\0", 3: b"id\0", 4: b"id"}
    assert integer_of(tlvs, 1, 1) == 2
    assert integer_of(tlvs, 2, 2) == 256
    assert integer_of(tlvs, 9, 1) is None
    with pytest.raises(PduError, match="TLV 0x0002: 2 octets, must be 1"):
        integer_of(tlvs, 2, 1)
    # Whether the NUL is there or not.
    assert c_octets_of(tlvs, 3) == c_octets_of(tlvs, 4) == b"id"
    assert c_octets_of(tlvs, 9) is None


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    framer = Framer()
    try:
        for each in framer.feed(octets):
            assert len(each) >= 16
    except LengthError:
        pass
    body = Body(octets)
    try:
        body.c_octets("a", 10)
        body.octets("b", body.integer("c"))
        body.tlvs()
    except PduError:
        return
    assert body.is_at_end
