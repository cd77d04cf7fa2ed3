"""Answering a line as a fault makes it."""

from functools import partial
import random
from typing import TYPE_CHECKING

from ..agenda import Agenda
from .answers import Answer
from .faults import Fault, FaultKind
from .lines import END
from .refusals import BY_CODE

if TYPE_CHECKING:
    from .session import Session

_GARBAGE = bytes([255, 254, 0, 128, 192, 1, 6]) * 8 + END
_random = random.Random(0)


def spoil(
    session: Session, agenda: Agenda, answer: Answer | None, fault: Fault
) -> None:
    """Send an answer, None being none, as the fault makes it."""
    match fault.kind:
        case FaultKind.ERROR:
            session.answer(_error(fault))
            return
        case FaultKind.SILENCE:
            return
        case FaultKind.DROP:
            session.end(fault.kind)
            return
        case FaultKind.RESET:
            session.break_off(fault.kind)
            return
        case FaultKind.GARBAGE:
            given = fault.answer
            session.send(_GARBAGE if given is None else session.octets(given))
        case FaultKind.FLOOD:
            session.send(b"x" * fault.size)
        case _ if answer is not None:
            _distort(session, agenda, answer, fault)
        case _:
            pass
    match fault.kind:
        case FaultKind.MIDWAY | FaultKind.HANG_UP:
            session.end(fault.kind)
        case FaultKind.SHUTDOWN:
            session.shut_down()
        case _ if answer is not None and answer.ends:
            session.end(answer.reason)


def pieces(octets: bytes, size: int, source: random.Random) -> list[bytes]:
    """Return octets in pieces of a size, or of random ones if that is 0."""
    cut = []
    while octets:
        length = size or source.randint(1, len(octets))
        cut.append(octets[:length])
        octets = octets[length:]
    return cut


def _distort(session: Session, agenda: Agenda, answer: Answer, fault: Fault) -> None:
    """Send an answer otherwise than by one piece."""
    octets = session.octets(answer.line)
    match fault.kind:
        case FaultKind.MIDWAY:
            session.send(octets[: len(octets) // 2])
        case FaultKind.SPLIT:
            session.drip(pieces(octets, fault.size, _random))
        case FaultKind.JOIN:
            _hold(session, agenda, octets, fault)
        case FaultKind.TWICE:
            session.send(octets * 2)
        case _:
            session.send(octets)


def _hold(session: Session, agenda: Agenda, octets: bytes, fault: Fault) -> None:
    """Keep an answer back until there are enough of them."""
    session.held.append(octets)
    if len(session.held) >= fault.hold:
        _release(session)
    elif len(session.held) == 1 and fault.patience > 0:
        agenda.after(fault.patience, partial(_release, session))


def _release(session: Session) -> None:
    """Send the answers kept back, at once."""
    session.send(b"".join(session.held))
    session.held.clear()


def _error(fault: Fault) -> Answer:
    """Return the negative answer of a fault."""
    refusal = BY_CODE[fault.code]
    if fault.ends is not None:
        refusal = refusal._replace(ends=fault.ends)
    return Answer(refusal.line, refusal.ends)
