"""Answering a request as a fault makes it."""

from functools import partial
from typing import TYPE_CHECKING

from ..agenda import Agenda
from . import pdus
from .commands import Command
from .faults import Fault, FaultKind
from .octets import HEADER
from .statuses import RefusedError

if TYPE_CHECKING:
    from .session import Session

_GARBAGE = bytes([255, 254, 128, 192]) * 8
_READERS = {
    Command.SUBMIT_SM: pdus.read_short_message,
    Command.DATA_SM: pdus.read_data_message,
}
_FAR = 0x3B9ACA00


def destination_of(command: int, body: bytes) -> str | None:
    """Return the number that a request sends a message to, if it does."""
    for known, read in _READERS.items():
        if command == known:
            try:
                return read(body).destination.digits
            except RefusedError:
                return None
    return None


def reply(
    session: Session,
    agenda: Agenda,
    command: int,
    sequence: int,
    response: bytes,
    fault: Fault,
) -> None:
    """Send the response to a request as the fault makes it."""
    match fault.kind:
        case FaultKind.STATUS:
            session.reply(session.refuse(command, fault.status, sequence))
        case FaultKind.NACK:
            number = sequence if fault.sequence is None else fault.sequence
            session.reply(session.refuse(Command.GENERIC_NACK, fault.status, number))
        case FaultKind.TWICE:
            session.reply(response)
            session.send(response)
        case FaultKind.REORDER:
            _hold(session, agenda, response, fault)
        case FaultKind.UNKNOWN_SEQUENCE:
            session.reply(_renumbered(response))
        case FaultKind.STRAY:
            session.send(_renumbered(response))
            session.reply(response)
        case FaultKind.RESET:
            session.reset()
        case FaultKind.RESET_MIDWAY:
            session.send(response[: len(response) // 2])
            session.reset()
        case FaultKind.GARBAGE:
            session.reply(_GARBAGE)
        case FaultKind.DEAF:
            session.reply(response)
            session.stop_reading()


def _hold(session: Session, agenda: Agenda, response: bytes, fault: Fault) -> None:
    """Keep a response back until there are enough of them."""
    session.held.append(response)
    if len(session.held) >= fault.hold:
        _release(session)
    elif len(session.held) == 1 and fault.patience > 0:
        agenda.after(fault.patience, partial(_release, session))


def _release(session: Session) -> None:
    """Send the responses kept back, the last one first."""
    while session.held:
        session.reply(session.held.pop())


def _renumbered(response: bytes) -> bytes:
    """Return a response with a sequence_number far from its own."""
    if not response:
        return response
    length, command, status, sequence = HEADER.unpack_from(response)
    number = (sequence + _FAR) & 0x7FFFFFFF
    return HEADER.pack(length, command, status, number) + response[HEADER.size :]
