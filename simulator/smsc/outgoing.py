"""What the SMSC asks of an ESME in one session, and the responses to it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from .commands import Command
from .octets import pdu

if TYPE_CHECKING:
    from .centre import Centre
    from .deliveries import Delivery

_VERSION_3_4 = 0x34
_HIGHEST = 0x7FFFFFFF
_HIGH = 0x80000000


class Outgoing:
    """The requests of the SMSC that are unanswered in a session."""

    def __init__(
        self,
        centre: Centre,
        send: Callable[[bytes], None],
        give_up: Callable[[], None],
    ) -> None:
        """Send by this, and give the session up if its ESME does not answer."""
        self._centre = centre
        self._send = send
        self._give_up = give_up
        self._sequence = 0
        self._asked: dict[int, Callable[[], None] | None] = {}
        self._delivering: dict[int, tuple[Delivery, float]] = {}
        self._watching = False
        self._is_ending = False

    def tell(self, command: Command, body: bytes = b"") -> int:
        """Send a request and return its sequence_number (SMPP v3.4, clause 5.1.4)."""
        self._sequence = self._sequence % _HIGHEST + 1
        self._send(pdu(command, 0, self._sequence, body))
        return self._sequence

    def ask(self, command: Command, then: Callable[[], None] | None = None) -> None:
        """Send a request that has to be answered in time; then go on."""
        self._is_ending = self._is_ending or command is Command.UNBIND
        sequence = self.tell(command)
        self._asked[sequence] = then
        self._centre.agenda.after(
            self._centre.settings.response_timeout, partial(self._expect, sequence)
        )

    def deliver(self, delivery: Delivery, version: int) -> bool:
        """Send a deliver_sm; return False while there is no room for it.

        `version` is the interface_version of the ESME.
        """
        settings, agenda = self._centre.settings, self._centre.agenda
        sequence = self._next_for_delivery()
        full = len(self._delivering) >= settings.deliver_window
        if full or self._is_ending or sequence in self._delivering:
            return False
        self._sequence = self._sequence % _HIGHEST + 1
        until = agenda.now() + settings.deliver_timeout
        self._delivering[sequence] = (delivery, until)
        # What is older knows no optional parameters (clause 3.4).
        body = delivery.body(optional=version >= _VERSION_3_4)
        self._send(pdu(Command.DELIVER_SM, 0, sequence, body))
        if not self._watching:
            self._watching = True
            agenda.at(until, self._watch_deliveries)
        return True

    def take_response(self, sequence: int, status: int) -> bool:
        """Take a response; return False if it was not asked for."""
        found = self._delivering.pop(sequence, None)
        if found is not None:
            self._centre.deliveries.take_response(found[0], status)
            return True
        if sequence in self._asked:
            then = self._asked.pop(sequence)
            if then is not None:
                then()
            return True
        return False

    def give_back(self) -> list[Delivery]:
        """Return the deliveries that are unanswered, and expect none any more."""
        deliveries = [delivery for delivery, _ in self._delivering.values()]
        self._delivering.clear()
        return deliveries

    def _next_for_delivery(self) -> int:
        """Return the sequence_number of the next deliver_sm."""
        match self._centre.settings.deliver_sequence:
            case "zero":
                return 0
            case "high":
                return _HIGH + self._sequence
            case _:
                return self._sequence % _HIGHEST + 1

    def _expect(self, sequence: int) -> None:
        """Give the session up if a request is not answered (clause 7.2)."""
        if sequence in self._asked:
            self._give_up()

    def _watch_deliveries(self) -> None:
        """Take those that were not answered in time for refused."""
        now = self._centre.agenda.now()
        while self._delivering:
            sequence, (delivery, until) = next(iter(self._delivering.items()))
            if until > now:
                self._centre.agenda.at(until, self._watch_deliveries)
                return
            del self._delivering[sequence]
            self._centre.deliveries.take_response(delivery, None)
        self._watching = False
