"""What all sessions of one gate share."""

from collections.abc import Mapping
import itertools
import random
from typing import TYPE_CHECKING

from ..agenda import Agenda
from . import requests
from .accounts import Account
from .answers import Answer, positive
from .commands import Commands
from .faults import Faults
from .login import Login
from .messages import Messages
from .observation import Observation
from .packets import Packets
from .refusals import RefusedError
from .requests import Request
from .settings import Settings
from .submissions import Submissions

if TYPE_CHECKING:
    from .session import Session


class Centre:
    """The accounts, messages and sessions, and what answers them."""

    def __init__(
        self, accounts: Mapping[str, Account], settings: Settings, agenda: Agenda
    ) -> None:
        """Begin without sessions."""
        self.accounts = accounts
        self.settings = settings
        self.agenda = agenda
        self.messages = Messages()
        self.faults = Faults()
        self.observation = Observation()
        self.sessions: list[Session] = []
        self.login = Login(self)
        self.submissions = Submissions(self)
        self._commands = Commands(self)
        self._packets = Packets(self)
        self._numbers = itertools.count(1)
        self._random = random.Random(0)

    def enter(self, session: Session) -> int:
        """Count a session in and return its number."""
        self.sessions.append(session)
        record = session.record
        record.number, record.ip = next(self._numbers), session.ip
        record.opened = self.agenda.now()
        self.observation.enter(record, len(self.sessions))
        return record.number

    def lifetime(self) -> float | None:
        """Draw when a new session is to end at random, in seconds, None for never."""
        mean = self.settings.shutdown_after
        return self._random.expovariate(1 / mean) if mean > 0 else None

    def leave(self, session: Session) -> None:
        """Count a session out."""
        self.sessions.remove(session)
        self.observation.changed()

    def logged_in(self, user: str) -> list[Session]:
        """Return the sessions that are logged in to an account."""
        return [
            each
            for each in self.sessions
            if each.account is not None and each.account.user == user
        ]

    def answer(self, session: Session, request: Request) -> Answer:
        """Carry a request out and return its answer, be it negative."""
        try:
            if request.name == requests.CONNECTION:
                return positive(f"Connection {session.number} With {session.ip}")
            if request.is_packet:
                return self._packets.answer(session, request)
            return self._commands.answer(session, request)
        except RefusedError as refused:
            refusal = refused.refusal
            self.observation.errors[refusal.code] += 1
            return Answer(refusal.line, refusal.ends)
