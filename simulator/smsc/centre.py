"""What all sessions of one SMSC share."""

from collections.abc import Mapping
import itertools
from typing import TYPE_CHECKING

from ..accounts import Account
from ..agenda import Agenda
from .deliveries import Deliveries
from .faults import Faults
from .messages import Messages
from .observation import Observation
from .settings import Settings

if TYPE_CHECKING:
    from .session import Service, Session


class Centre:
    """The accounts, messages and sessions, and how they are to be dealt with."""

    def __init__(
        self, accounts: Mapping[str, Account], settings: Settings, agenda: Agenda
    ) -> None:
        """Begin without sessions and services."""
        self.accounts = accounts
        self.settings = settings
        self.agenda = agenda
        self.messages = Messages()
        self.faults = Faults()
        self.observation = Observation()
        self.sessions: list[Session] = []
        self.services: dict[int, Service] = {}
        self.deliveries = Deliveries(self)
        self._numbers = itertools.count(1)

    def enter(self, session: Session) -> int:
        """Count a session in and return its number."""
        self.sessions.append(session)
        self.observation.connections += 1
        self.observation.changed()
        return next(self._numbers)

    def leave(self, session: Session) -> None:
        """Count a session out."""
        self.sessions.remove(session)
        self.observation.changed()

    def bound(self, user: str) -> list[Session]:
        """Return the sessions that are bound to an account."""
        return [
            each
            for each in self.sessions
            if each.account is not None and each.account.user == user
        ]
