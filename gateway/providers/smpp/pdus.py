"""What the PDUs of a peer mean: strictly read, whatever was sent.

Source: SMPP specification v3.4, clauses 4.1 to 4.12 (PDUs) and 5.3.2 (TLVs). Every
reading function takes the body of a PDU and raises PduError for one that breaks the
specification. Three liberties that real servers take are granted: a response that reports
an error may leave its body out, a field may be longer than it should be as long as its
end is certain, and the response to a submission may have any body.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from smpplib import consts

from .commands import RESPONSE, Command
from .wire import HEADER, HEADER_LENGTH, Body

RECEIPTED_MESSAGE_ID: Final = consts.OPTIONAL_PARAMS["receipted_message_id"]
MESSAGE_STATE: Final = consts.OPTIONAL_PARAMS["message_state"]
MESSAGE_PAYLOAD: Final = consts.OPTIONAL_PARAMS["message_payload"]
NETWORK_ERROR_CODE: Final = consts.OPTIONAL_PARAMS["network_error_code"]
SAR_MSG_REF_NUM: Final = consts.OPTIONAL_PARAMS["sar_msg_ref_num"]
SAR_TOTAL_SEGMENTS: Final = consts.OPTIONAL_PARAMS["sar_total_segments"]
SAR_SEGMENT_SEQNUM: Final = consts.OPTIONAL_PARAMS["sar_segment_seqnum"]

LONGEST_ID: Final = 255
"""Characters of a message_id that is kept; the specification allows 64."""
_LONGEST_ADDRESS: Final = 65
_LONGEST_ID: Final = 65
_LONGEST_TIME: Final = 17
_LONGEST_SERVICE_TYPE: Final = 16
"""A service_type of seven characters has been seen, where six octets are allowed."""
_LONGEST_SYSTEM_ID: Final = 65

_MESSAGE_TYPE: Final = 0b0011_1100
_RECEIPTS: Final = frozenset({0b0000_0100, 0b0010_0000})
"""Delivery receipt, and intermediate delivery notification."""
_RECEIPT_TLVS: Final = frozenset({RECEIPTED_MESSAGE_ID, MESSAGE_STATE})
_UDHI: Final = 0b0100_0000


@dataclass(frozen=True, slots=True)
class Pdu:
    """A PDU as it came: its header, and its body unread."""

    command: int
    status: int
    sequence: int
    body: bytes

    @classmethod
    def read(cls, octets: bytes) -> Self:
        """Read the header of a PDU that a `Framer` has cut."""
        _, command, status, sequence = HEADER.unpack_from(octets)
        return cls(command, status, sequence, octets[HEADER_LENGTH:])

    @property
    def is_response(self) -> bool:
        """Whether it answers a request, generic_nack among them."""
        return bool(self.command & RESPONSE)


@dataclass(frozen=True, slots=True)
class BindResponse:
    """Who the server says it is, and which version it speaks, if it says so."""

    system_id: bytes
    tlvs: Mapping[int, bytes]

    @classmethod
    def read(cls, octets: bytes) -> Self:
        """Read the body of a bind response (clause 4.1.2, 4.1.4, 4.1.6)."""
        body = Body(octets)
        if body.is_at_end:
            return cls(b"", {})
        return cls(body.c_octets("system_id", _LONGEST_SYSTEM_ID), body.tlvs())


def read_message_id(octets: bytes) -> str:
    """Read the message_id of submit_sm_resp (clause 4.4.2), empty if there is none.

    The message has been taken, whatever its id looks like: nothing here raises, lest it
    be sent again. The id ends at its NUL or with the body.
    """
    id_ = octets.partition(b"\0")[0]
    return _text(id_) if len(id_) <= LONGEST_ID else ""


@dataclass(frozen=True, slots=True)
class QueryResponse:
    """What query_sm has brought (clause 4.8.2)."""

    message_id: str
    final_date: str
    message_state: int
    error_code: int

    @classmethod
    def read(cls, octets: bytes) -> Self:
        """Read the body of query_sm_resp."""
        body = Body(octets)
        return cls(
            message_id=_text(body.c_octets("message_id", _LONGEST_ID)),
            final_date=_text(body.c_octets("final_date", _LONGEST_TIME)),
            message_state=body.integer("message_state"),
            error_code=body.integer("error_code"),
        )


@dataclass(frozen=True, slots=True)
class Address:
    """An address with its type of number and numbering plan (clauses 5.2.5 to 5.2.9)."""

    ton: int
    npi: int
    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message or a receipt from the server: deliver_sm or data_sm.

    `octets` is the user data from whichever field held it, its header included.
    """

    source: Address
    destination: Address
    esm_class: int
    data_coding: int
    octets: bytes
    tlvs: Mapping[int, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, command: int, octets: bytes) -> Self:
        """Read the body of deliver_sm (clause 4.6.1) or data_sm (clause 4.7.1)."""
        body = Body(octets)
        body.c_octets("service_type", _LONGEST_SERVICE_TYPE)
        source = _read_address(body, "source_addr")
        destination = _read_address(body, "destination_addr")
        esm_class = body.integer("esm_class")
        text = b""
        if command == Command.DATA_SM:
            body.integer("registered_delivery")
            data_coding = body.integer("data_coding")
        else:
            body.integer("protocol_id")
            body.integer("priority_flag")
            body.c_octets("schedule_delivery_time", _LONGEST_TIME)
            body.c_octets("validity_period", _LONGEST_TIME)
            body.integer("registered_delivery")
            body.integer("replace_if_present_flag")
            data_coding = body.integer("data_coding")
            body.integer("sm_default_msg_id")
            text = body.octets("short_message", body.integer("sm_length"))
        tlvs = body.tlvs()
        return cls(
            source=source,
            destination=destination,
            esm_class=esm_class,
            data_coding=data_coding,
            octets=text or tlvs.get(MESSAGE_PAYLOAD, b""),
            tlvs=tlvs,
        )

    @property
    def is_receipt(self) -> bool:
        """Whether esm_class says so, of a final state or of another (clause 5.2.12).

        Some servers leave it 0; the TLVs that only receipts have say so too.
        """
        return (
            self.esm_class & _MESSAGE_TYPE in _RECEIPTS
            or self.tlvs.keys() >= _RECEIPT_TLVS
        )

    @property
    def has_header(self) -> bool:
        """Whether the user data begins with a header (UDHI)."""
        return bool(self.esm_class & _UDHI)


def _read_address(body: Body, name: str) -> Address:
    return Address(
        ton=body.integer(f"{name}_ton"),
        npi=body.integer(f"{name}_npi"),
        digits=_text(body.c_octets(name, _LONGEST_ADDRESS)),
    )


def _text(octets: bytes) -> str:
    """Read what should be ASCII; Latin-1 keeps whatever else it is."""
    return octets.decode("latin-1")


def read_alert(octets: bytes) -> tuple[Address, Address]:
    """Read who can be reached again, and who wanted to know (clause 4.12.1)."""
    body = Body(octets)
    return _read_address(body, "source_addr"), _read_address(body, "esme_addr")
