"""The bodies of PDUs, read and written."""

from collections.abc import Mapping
from typing import NamedTuple

from .octets import NO_PARAMETERS, Reader, cstring, optional_parameters
from .statuses import CommandStatus


class Address(NamedTuple):
    """An address with its type of number and its numbering plan (5.2.5 to 5.2.9)."""

    ton: int
    npi: int
    digits: str


NO_ADDRESS = Address(0, 0, "")


class Bind(NamedTuple):
    """The body of a bind request (SMPP specification v3.4, clause 4.1)."""

    system_id: str
    password: str
    system_type: str
    interface_version: int
    addr_ton: int
    addr_npi: int
    address_range: str


class ShortMessage(NamedTuple):
    """The body of submit_sm or deliver_sm (SMPP v3.4, clauses 4.4.1 and 4.6.1).

    That of data_sm (4.7.1) is the same, with the parameters that it lacks left empty.
    """

    source: Address
    destination: Address
    short_message: bytes = b""
    data_coding: int = 0
    esm_class: int = 0
    registered_delivery: int = 0
    service_type: str = ""
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    replace_if_present_flag: int = 0
    sm_default_msg_id: int = 0
    parameters: Mapping[int, bytes] = NO_PARAMETERS


class Query(NamedTuple):
    """The body of query_sm (SMPP specification v3.4, clause 4.8.1)."""

    message_id: str
    source: Address


class Cancel(NamedTuple):
    """The body of cancel_sm (SMPP specification v3.4, clause 4.9.1)."""

    service_type: str
    message_id: str
    source: Address
    destination: Address


class Replace(NamedTuple):
    """The body of replace_sm (SMPP specification v3.4, clause 4.10.1)."""

    message_id: str
    source: Address
    schedule_delivery_time: str
    validity_period: str
    registered_delivery: int
    sm_default_msg_id: int
    short_message: bytes


def read_bind(body: bytes) -> Bind:
    """Read the body of a bind request; raises `RefusedError`."""
    reader = Reader(body)
    bind = Bind(
        reader.cstring(16, CommandStatus.ESME_RINVSYSID),
        reader.cstring(9, CommandStatus.ESME_RINVPASWD),
        reader.cstring(13, CommandStatus.ESME_RINVSYSTYP),
        reader.octet(),
        reader.octet(),
        reader.octet(),
        reader.cstring(41, CommandStatus.ESME_RBINDFAIL),
    )
    reader.end()
    return bind


def read_short_message(body: bytes) -> ShortMessage:
    """Read the body of submit_sm or deliver_sm; raises `RefusedError`."""
    reader = Reader(body)
    octet, cstring = reader.octet, reader.cstring
    service_type = cstring(6, CommandStatus.ESME_RINVSERTYP)
    source = Address(octet(), octet(), cstring(21, CommandStatus.ESME_RINVSRCADR))
    destination = Address(octet(), octet(), cstring(21, CommandStatus.ESME_RINVDSTADR))
    esm_class, protocol_id, priority_flag = octet(), octet(), octet()
    schedule_delivery_time = reader.time(CommandStatus.ESME_RINVSCHED)
    validity_period = reader.time(CommandStatus.ESME_RINVEXPIRY)
    registered_delivery, replace_if_present_flag = octet(), octet()
    data_coding, sm_default_msg_id = octet(), octet()
    return ShortMessage(
        source,
        destination,
        reader.octets(octet(), CommandStatus.ESME_RINVMSGLEN),
        data_coding,
        esm_class,
        registered_delivery,
        service_type,
        protocol_id,
        priority_flag,
        schedule_delivery_time,
        validity_period,
        replace_if_present_flag,
        sm_default_msg_id,
        reader.optional_parameters(),
    )


def write_short_message(message: ShortMessage) -> bytes:
    """Return the body of submit_sm or deliver_sm."""
    (ton, npi, source), (to_ton, to_npi, destination) = message[:2]
    return b"".join(
        (
            cstring(message.service_type),
            bytes((ton, npi)),
            cstring(source),
            bytes((to_ton, to_npi)),
            cstring(destination),
            bytes((message.esm_class, message.protocol_id, message.priority_flag)),
            cstring(message.schedule_delivery_time),
            cstring(message.validity_period),
            bytes(
                (
                    message.registered_delivery,
                    message.replace_if_present_flag,
                    message.data_coding,
                    message.sm_default_msg_id,
                    len(message.short_message),
                )
            ),
            message.short_message,
            optional_parameters(message.parameters),
        )
    )


def read_data_message(body: bytes) -> ShortMessage:
    """Read the body of data_sm; raises `RefusedError`."""
    reader = Reader(body)
    octet, cstring = reader.octet, reader.cstring
    service_type = cstring(6, CommandStatus.ESME_RINVSERTYP)
    source = Address(octet(), octet(), cstring(65, CommandStatus.ESME_RINVSRCADR))
    destination = Address(octet(), octet(), cstring(65, CommandStatus.ESME_RINVDSTADR))
    esm_class, registered_delivery, data_coding = octet(), octet(), octet()
    return ShortMessage(
        source,
        destination,
        data_coding=data_coding,
        esm_class=esm_class,
        registered_delivery=registered_delivery,
        service_type=service_type,
        parameters=reader.optional_parameters(),
    )


def read_query(body: bytes) -> Query:
    """Read the body of query_sm; raises `RefusedError`."""
    reader = Reader(body)
    message_id = reader.cstring(65, CommandStatus.ESME_RINVMSGID)
    query = Query(message_id, _source(reader))
    reader.end()
    return query


def read_cancel(body: bytes) -> Cancel:
    """Read the body of cancel_sm; raises `RefusedError`."""
    reader = Reader(body)
    cancel = Cancel(
        reader.cstring(6, CommandStatus.ESME_RINVSERTYP),
        reader.cstring(65, CommandStatus.ESME_RINVMSGID),
        _source(reader),
        Address(
            reader.octet(),
            reader.octet(),
            reader.cstring(21, CommandStatus.ESME_RINVDSTADR),
        ),
    )
    reader.end()
    return cancel


def read_replace(body: bytes) -> Replace:
    """Read the body of replace_sm; raises `RefusedError`."""
    reader = Reader(body)
    replace = Replace(
        reader.cstring(65, CommandStatus.ESME_RINVMSGID),
        _source(reader),
        reader.time(CommandStatus.ESME_RINVSCHED),
        reader.time(CommandStatus.ESME_RINVEXPIRY),
        reader.octet(),
        reader.octet(),
        reader.octets(reader.octet(), CommandStatus.ESME_RINVMSGLEN),
    )
    reader.end()
    return replace


def read_nothing(body: bytes) -> None:
    """See that a body is empty; raises `RefusedError`."""
    Reader(body).end()


def write_query_resp(message_id: str, final: str, state: int, error: int) -> bytes:
    """Return the body of query_sm_resp (SMPP specification v3.4, clause 4.8.2)."""
    return cstring(message_id) + cstring(final) + bytes((state, error))


def write_outbind(system_id: str, password: str) -> bytes:
    """Return the body of outbind (SMPP specification v3.4, clause 4.1.7)."""
    return cstring(system_id) + cstring(password)


def write_alert(
    source: Address, esme: Address, parameters: Mapping[int, bytes]
) -> bytes:
    """Return the body of alert_notification (SMPP v3.4, clause 4.12.1)."""
    return b"".join(
        (
            bytes(source[:2]),
            cstring(source.digits),
            bytes(esme[:2]),
            cstring(esme.digits),
            optional_parameters(parameters),
        )
    )


def _source(reader: Reader) -> Address:
    """Read the source address of a query, a cancellation or a replacement."""
    return Address(
        reader.octet(),
        reader.octet(),
        reader.cstring(21, CommandStatus.ESME_RINVSRCADR),
    )
