"""Delivering receipts and messages to ESMEs: SMPP specification v3.4, clause 4.6."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from .messages import Message
from .octets import NO_PARAMETERS
from .pdus import ShortMessage, write_short_message
from .states import MessageState
from .statuses import CommandStatus

if TYPE_CHECKING:
    from .centre import Centre

_FINAL = {CommandStatus.ESME_RX_P_APPN, CommandStatus.ESME_RX_R_APPN}


@dataclass(slots=True, eq=False)
class Delivery:
    """A deliver_sm on its way to an account.

    A receipt has the message it is of, and the state it tells. `status` is the last
    command_status it was answered with, None while there is none.
    """

    user: str
    pdu: ShortMessage
    message: Message | None = None
    state: MessageState | None = None
    attempts: int = field(default=0, init=False)
    status: int | None = field(default=None, init=False)

    @property
    def acknowledged(self) -> bool:
        """Whether the ESME has taken it."""
        return self.status == CommandStatus.ESME_ROK

    def body(self, *, optional: bool) -> bytes:
        """Return the body of the PDU, with its optional parameters or without."""
        return write_short_message(
            self.pdu if optional else self.pdu._replace(parameters=NO_PARAMETERS)
        )


class Deliveries:
    """The queues of what ESMEs are to get, a queue for each account."""

    def __init__(self, centre: Centre) -> None:
        """Deliver to the sessions of this SMSC."""
        self.sent: list[Delivery] = []
        """All that were tried at least once."""
        self.acknowledged = 0
        self._centre = centre
        self._queues: defaultdict[str, deque[Delivery]] = defaultdict(deque)
        self._clearings = 0

    def waiting(self, user: str) -> int:
        """Return how many wait for a session, or for room in one."""
        return len(self._queues[user])

    def post(self, delivery: Delivery) -> None:
        """Deliver now, or once there is a session with room."""
        self._queues[delivery.user].append(delivery)
        self.pump(delivery.user)

    def pump(self, user: str) -> None:
        """Deliver what can be delivered to an account now."""
        queue = self._queues[user]
        if not queue:
            return
        for session in self._centre.bound(user):
            if session.mode is None or not session.mode.receives:
                continue
            while queue and session.outgoing.deliver(
                queue[0], session.interface_version
            ):
                delivery = queue.popleft()
                if delivery.attempts == 0:
                    self.sent.append(delivery)
                delivery.attempts += 1
        self._centre.observation.changed()

    def take_response(self, delivery: Delivery, status: int | None) -> None:
        """Take the response to a delivery, None for none; try again if it failed."""
        delivery.status = status
        if status == CommandStatus.ESME_ROK:
            self.acknowledged += 1
        elif status not in _FINAL:
            pauses = self._centre.settings.deliver_pauses
            if delivery.attempts <= len(pauses):
                again = partial(self._post_again, delivery, self._clearings)
                self._centre.agenda.after(pauses[delivery.attempts - 1], again)
        self.pump(delivery.user)

    def take_back(self, user: str, deliveries: Iterable[Delivery]) -> None:
        """Deliver first, to another session, what one has left unanswered."""
        self._queues[user].extendleft(reversed(list(deliveries)))
        self.pump(user)

    def clear(self) -> None:
        """Drop all, sent or not."""
        for session in self._centre.sessions:
            session.outgoing.give_back()
        self._queues.clear()
        self.sent.clear()
        self.acknowledged = 0
        self._clearings += 1

    def _post_again(self, delivery: Delivery, clearings: int) -> None:
        """Make another attempt, unless everything was dropped since the last one."""
        if clearings == self._clearings:
            self.post(delivery)
