"""What can be seen from outside: PDUs, counts, and waiting for events."""

from collections import Counter, deque
from typing import NamedTuple

from ..waiting import Waiting

KEPT_PDUS = 100_000


class PduRecord(NamedTuple):
    """A PDU as it came: `arrived` is by `time.monotonic()`, `session` a number."""

    arrived: float
    session: int
    command: int
    status: int
    sequence: int
    body: bytes


class Observation(Waiting):
    """The record of what happened; of PDUs, the last 100,000.

    `counts` is of received PDUs by command_id, `refusals` of sent responses by the
    name of command_status, `strays` of responses that were not asked for, `connections`
    of connections. `max_unanswered` is the most requests of one session that waited for
    their responses.
    """

    def __init__(self) -> None:
        """Start with nothing seen."""
        super().__init__()
        self.pdus: deque[PduRecord] = deque(maxlen=KEPT_PDUS)
        self.counts: Counter[int] = Counter()
        self.refusals: Counter[str] = Counter()
        self.strays = 0
        self.connections = 0
        self.max_unanswered = 0

    def record(self, pdu: PduRecord) -> None:
        """Keep a PDU that has arrived completely."""
        self.pdus.append(pdu)
        self.counts[pdu.command] += 1

    def saw_unanswered(self, count: int) -> None:
        """Note how many requests of a session wait for their responses."""
        self.max_unanswered = max(count, self.max_unanswered)

    def clear(self) -> None:
        """Forget what was seen."""
        self.pdus.clear()
        self.counts.clear()
        self.refusals.clear()
        self.strays = 0
        self.connections = 0
        self.max_unanswered = 0
