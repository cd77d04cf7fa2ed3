"""PDUs of a peer: what smpplib encodes we read, what is broken we refuse."""

from contextlib import suppress
from typing import Any

from hypothesis import given, strategies as st
import pytest
from smpplib import command as library

from gateway.providers.smpp.commands import Command, status_name, status_text
from gateway.providers.smpp.pdus import (
    LONGEST_ID,
    MESSAGE_STATE,
    RECEIPTED_MESSAGE_ID,
    Address,
    BindResponse,
    Delivery,
    Pdu,
    QueryResponse,
    read_alert,
    read_message_id,
)
from gateway.providers.smpp.wire import PduError


class _Client:
    sequence = 3

    def next_sequence(self) -> int:
        return 3


def pdu(name: str, **fields: Any) -> Pdu:
    """Let smpplib write a PDU, and read its header."""
    return Pdu.read(library.factory(name, client=_Client(), **fields).generate())


DELIVERY = {
    "source_addr_ton": 1,
    "source_addr_npi": 1,
    "source_addr": "9613123456",
    "dest_addr_ton": 5,
    "destination_addr": "Home",
    "esm_class": 4,
    "data_coding": 8,
}


def test_the_header() -> None:
    read = pdu("enquire_link")
    assert read == Pdu(Command.ENQUIRE_LINK, 0, 3, b"")
    assert not read.is_response
    assert Pdu(Command.GENERIC_NACK, 3, 1, b"").is_response
    assert Pdu(Command.SUBMIT_SM_RESP, 0, 1, b"").is_response


def test_a_bind_response() -> None:
    body = pdu(
        "bind_transceiver_resp", system_id="SMSC", sc_interface_version=0x34
    ).body
    assert BindResponse.read(body) == BindResponse(b"SMSC", {0x0210: b"\x34"})
    # A refusal may have no body.
    assert BindResponse.read(b"") == BindResponse(b"", {})


@pytest.mark.parametrize(
    "id_", ["0", "2541524", "0A1b", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"]
)
def test_a_message_id(id_: str) -> None:
    assert read_message_id(pdu("submit_sm_resp", message_id=id_).body) == id_


def test_a_query_response() -> None:
    body = b"2541524\x00261121120000000+\0\x02\x00"
    assert QueryResponse.read(body) == QueryResponse(
        "2541524", "261121120000000+", 2, 0
    )


def test_a_delivery() -> None:
    body = pdu("deliver_sm", short_message=b"text", **DELIVERY).body
    read = Delivery.read(Command.DELIVER_SM, body)
    assert read.source == Address(1, 1, "9613123456")
    assert read.destination == Address(5, 0, "Home")
    assert (read.esm_class, read.data_coding, read.octets) == (4, 8, b"text")
    assert read.is_receipt
    assert not read.has_header


@pytest.mark.parametrize(
    ("esm_class", "is_receipt"),
    [
        (0x00, False),
        (0x04, True),
        (0x44, True),
        (0x20, True),
        (0x08, False),
        (3, False),
    ],
)
def test_which_deliveries_are_receipts(esm_class: int, is_receipt: bool) -> None:
    body = pdu("deliver_sm", **DELIVERY | {"esm_class": esm_class}).body
    assert Delivery.read(Command.DELIVER_SM, body).is_receipt is is_receipt


@pytest.mark.parametrize("command", ["deliver_sm", "data_sm"])
def test_a_payload(command: str) -> None:
    body = pdu(command, message_payload=b"x" * 300, **DELIVERY).body
    read = Delivery.read(Command[command.upper()], body)
    assert read.octets == b"x" * 300
    assert read.destination.digits == "Home"


def test_an_id_without_its_nul_keeps_its_last_character() -> None:
    body = pdu("deliver_sm", short_message=b"", **DELIVERY).body
    read = Delivery.read(Command.DELIVER_SM, body + b"\0\x1e\0\x02ab")
    assert read.tlvs == {0x001E: b"ab"}


@pytest.mark.parametrize("tag", [0x0501, 0x0005, 0x001D, 0x0428, 0x1403])
def test_tlvs_that_do_not_belong_there_are_kept(tag: int) -> None:
    body = pdu("deliver_sm", short_message=b"", **DELIVERY).body
    tlv = tag.to_bytes(2) + b"\0\x03abc"
    assert Delivery.read(Command.DELIVER_SM, body + tlv).tlvs == {tag: b"abc"}


def test_an_empty_delivery_and_a_long_service_type() -> None:
    body = pdu("deliver_sm", short_message=b"hi", **DELIVERY).body
    read = Delivery.read(Command.DELIVER_SM, b"SEVENCH" + body)
    assert read.octets == b"hi"
    assert (
        Delivery.read(Command.DELIVER_SM, pdu("deliver_sm", **DELIVERY).body).octets
        == b""
    )


def test_whatever_is_missing_is_named() -> None:
    body = pdu("deliver_sm", short_message=b"text", **DELIVERY).body
    for length in range(len(body)):
        with pytest.raises(PduError):
            Delivery.read(Command.DELIVER_SM, body[:length])
    with pytest.raises(PduError, match="short_message: 4 of 5"):
        Delivery.read(Command.DELIVER_SM, body[:-5] + b"\x05text")


@pytest.mark.parametrize(
    ("body", "id_"),
    [
        (b"", ""),
        (b"\0", ""),
        (b"no end", "no end"),
        (b"ok\0\1\2\3", "ok"),
        (b"x" * 65 + b"\0", "x" * 65),
        (b"x" * (LONGEST_ID + 1) + b"\0", ""),
    ],
)
def test_the_id_of_a_message_that_was_taken_is_read_somehow(
    body: bytes, id_: str
) -> None:
    assert read_message_id(body) == id_


def test_an_alert() -> None:
    body = pdu(
        "alert_notification",
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="9613123456",
        esme_addr="Home",
    ).body
    assert read_alert(body) == (Address(1, 1, "9613123456"), Address(0, 0, "Home"))


def test_the_names_of_statuses() -> None:
    assert status_name(0x58) == "ESME_RTHROTTLED"
    assert status_name(0x0E) == "ESME_RINVPASWD"
    assert status_name(0x401) == "0x00000401"
    assert status_text(0x0E) == "Invalid Password"
    assert status_text(0x07) == "Invalid Registered Delivery Flag"
    assert status_text(0x401) == "vendor specific error"


ASCII = st.characters(min_codepoint=1, max_codepoint=127)


@given(
    source=st.text(ASCII, max_size=20),
    destination=st.text(ASCII, max_size=20),
    octets=st.binary(max_size=254),
    esm_class=st.integers(0, 255),
    data_coding=st.integers(0, 255),
    numbering=st.tuples(*[st.integers(0, 255)] * 4),
    id_=st.text(ASCII, min_size=1, max_size=64),
    state=st.integers(0, 255),
)
def test_any_delivery_of_smpplib_is_read_back(
    source: str,
    destination: str,
    octets: bytes,
    esm_class: int,
    data_coding: int,
    numbering: tuple[int, int, int, int],
    id_: str,
    state: int,
) -> None:
    written = pdu(
        "deliver_sm",
        source_addr_ton=numbering[0],
        source_addr_npi=numbering[1],
        source_addr=source,
        dest_addr_ton=numbering[2],
        dest_addr_npi=numbering[3],
        destination_addr=destination,
        esm_class=esm_class,
        data_coding=data_coding,
        short_message=octets,
        receipted_message_id=id_,
        message_state=state,
    )
    read = Delivery.read(Command.DELIVER_SM, written.body)
    assert read.source == Address(*numbering[:2], source)
    assert read.destination == Address(*numbering[2:], destination)
    assert (read.esm_class, read.data_coding) == (esm_class, data_coding)
    assert read.octets == octets
    assert read.tlvs[MESSAGE_STATE] == bytes((state,))
    assert read.tlvs[RECEIPTED_MESSAGE_ID].rstrip(b"\0").decode() == id_


@given(st.text(ASCII, max_size=64))
def test_any_message_id_of_smpplib_is_read_back(id_: str) -> None:
    assert read_message_id(pdu("submit_sm_resp", message_id=id_).body) == id_


readers = [
    lambda octets: Delivery.read(Command.DELIVER_SM, octets),
    lambda octets: Delivery.read(Command.DATA_SM, octets),
    BindResponse.read,
    QueryResponse.read,
    read_alert,
    read_message_id,
]


@given(st.binary(max_size=120), st.sampled_from(readers))
def test_any_body_is_read_or_refused(octets: bytes, reader: Any) -> None:
    with suppress(PduError):
        reader(octets)
