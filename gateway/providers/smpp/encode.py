"""The PDUs that we send, encoded by smpplib after a strict check of every field.

smpplib cuts what is too long and takes a NUL for a character; here both raise. A
submit_sm is encoded once: what differs between recipients is put into copies of it.
"""

from dataclasses import dataclass
from typing import Any, Final, Self

from smpplib import command as library, consts

from ...errors import InputError
from .commands import Command
from .pdus import Address
from .user_data import REFERENCE_IN_HEADER, UserData
from .wire import HEADER, HEADER_LENGTH

LAST_SEQUENCE: Final = 0x7FFFFFFF
"""The highest sequence_number; 1 follows it (clause 5.1.4)."""

_LONGEST: Final = {
    "system_id": 15,
    "password": 8,
    "system_type": 12,
    "address_range": 40,
    "source_addr": 20,
    "destination_addr": 20,
    "message_id": 64,
    "service_type": 5,
    "schedule_delivery_time": 16,
    "validity_period": 16,
}
"""Octets of each string, its NUL not counted (clauses 4.1.1, 4.4.1)."""
_ASKED_FOR: Final = frozenset({"system_id", "password", "system_type", "address_range"})
"""Strings that a user was asked for by these names."""
_LONGEST_TEXT: Final = 254
"""Octets of a short_message (clause 5.2.22)."""

_SAR_LENGTH: Final = 16
"""Octets of the three sar_* TLVs, which end a submit_sm."""
_REFERENCE_IN_SAR: Final = 4


class _Numbers:
    """Gives smpplib the sequence numbers that it wants: the real ones come later."""

    sequence = 0

    def next_sequence(self) -> int:
        return 0


_NUMBERS: Final = _Numbers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """What an ESME binds with (clause 4.1.1)."""

    system_id: str
    password: str
    system_type: str = ""
    address_range: str = ""

    def encode(self, command: Command) -> bytes:
        """Encode the body; raises InputError, which names the field."""
        return _body(
            command,
            system_id=self.system_id,
            password=self.password,
            system_type=self.system_type,
            address_range=self.address_range,
        )


def header(command: int, sequence: int, *, status: int = 0, length: int = 0) -> bytes:
    """Write the header of a PDU whose body has `length` octets."""
    return HEADER.pack(HEADER_LENGTH + length, command, status, sequence)


def response(request: int, sequence: int, status: int = 0) -> bytes:
    """Write the response to a request of the peer.

    That to deliver_sm and data_sm has an empty message_id (clauses 4.6.2, 4.7.2).
    """
    has_id = request in (Command.DELIVER_SM, Command.DATA_SM)
    body = b"\0" if has_id else b""
    return (
        header(
            request | Command.GENERIC_NACK, sequence, status=status, length=len(body)
        )
        + body
    )


def query_sm(message_id: str, source: Address) -> bytes:
    """Encode the body of query_sm (clause 4.8.1)."""
    return _body(
        Command.QUERY_SM,
        message_id=message_id,
        source_addr_ton=source.ton,
        source_addr_npi=source.npi,
        source_addr=source.digits,
    )


def cancel_sm(message_id: str, source: Address, destination: Address) -> bytes:
    """Encode the body of cancel_sm (clause 4.9.1), which smpplib does not know."""
    return b"".join(
        (
            b"\0",  # service_type
            _string("message_id", message_id),
            _address("source_addr", source),
            _address("destination_addr", destination),
        )
    )


def replace_sm(
    message_id: str,
    source: Address,
    data: UserData,
    *,
    schedule: str = "",
    validity: str = "",
    registered_delivery: int = consts.SMPP_SMSC_DELIVERY_RECEIPT_BOTH,
) -> bytes:
    """Encode the body of replace_sm (clause 4.10.1), which smpplib does not know."""
    return b"".join(
        (
            _string("message_id", message_id),
            _address("source_addr", source),
            _string("schedule_delivery_time", schedule),
            _string("validity_period", validity),
            bytes((registered_delivery, 0, len(_short_message(data)))),
            data.octets,
        )
    )


@dataclass(frozen=True, slots=True)
class SubmitTemplate:
    """A submit_sm without its destination (clause 4.4.1).

    `reference` is where in `tail` the concatenation reference stands, None if nowhere.
    """

    head: bytes
    tail: bytearray
    reference: int | None

    @classmethod
    def encode(
        cls,
        source: Address,
        data: UserData,
        *,
        schedule: str = "",
        validity: str = "",
        registered_delivery: int = consts.SMPP_SMSC_DELIVERY_RECEIPT_BOTH,
    ) -> Self:
        """Encode all that recipients share; raises InputError, which names the field."""
        body = _body(
            Command.SUBMIT_SM,
            source_addr_ton=source.ton,
            source_addr_npi=source.npi,
            source_addr=source.digits,
            esm_class=data.esm_class,
            schedule_delivery_time=schedule,
            validity_period=validity,
            registered_delivery=registered_delivery,
            data_coding=data.data_coding,
            short_message=_short_message(data),
            **data.optional,
        )
        # service_type's NUL, two octets, the source and its NUL.
        cut = 1 + 2 + len(source.digits) + 1
        tail = bytearray(body[cut + len(b"\0\0\0") :])
        reference = None
        if data.esm_class & consts.SMPP_GSMFEAT_UDHI:
            reference = len(tail) - len(data.octets) + REFERENCE_IN_HEADER
        elif "sar_msg_ref_num" in data.optional:
            reference = len(tail) - _SAR_LENGTH + _REFERENCE_IN_SAR + 1
        return cls(body[:cut], tail, reference)

    def stamp(self, sequence: int, destination: Address, reference: int = 0) -> bytes:
        """Write the PDU for one recipient; `reference` counts to 255."""
        address = _address("destination_addr", destination)
        if self.reference is not None:
            self.tail[self.reference] = reference
        length = len(self.head) + len(address) + len(self.tail)
        return b"".join(
            (
                header(Command.SUBMIT_SM, sequence, length=length),
                self.head,
                address,
                self.tail,
            )
        )


def _address(name: str, address: Address) -> bytes:
    return bytes((address.ton, address.npi)) + _string(name, address.digits)


def _string(name: str, value: str) -> bytes:
    _check(name, value)
    return value.encode("ascii") + b"\0"


def _short_message(data: UserData) -> bytes:
    if len(data.octets) > _LONGEST_TEXT:
        raise InputError(
            "message", "message_octets", count=len(data.octets), most=_LONGEST_TEXT
        )
    return data.octets


def _check(name: str, value: str) -> None:
    most = _LONGEST[name]
    of = name if name in _ASKED_FOR else "value"
    if len(value) > most:
        raise InputError(name, f"{of}_length", name=name, most=most)
    if not value.isascii() or "\0" in value:
        raise InputError(name, f"{of}_characters", name=name)


def _body(command: Command, **fields: Any) -> bytes:
    """Let smpplib encode a body, after a check of what it would let through."""
    for name, value in fields.items():
        if name in _LONGEST:
            _check(name, value)
    pdu = library.factory(command.name.lower(), client=_NUMBERS, **fields)
    if unknown := fields.keys() - pdu.params.keys():
        raise TypeError(f"{command.name} has no field {', '.join(sorted(unknown))}")
    octets: bytes = pdu.generate()
    return octets[HEADER_LENGTH:]
