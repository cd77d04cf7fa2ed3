"""The gate: its sessions, and what can be done with it from outside."""

from collections.abc import Iterable
from typing import override

from ..agenda import Agenda
from ..clock import Clock, SystemClock
from ..control import ControlServer
from ..listening import HOST
from ..simulator import Simulator
from .accounts import Account
from .centre import Centre
from .control import control
from .session import Session
from .settings import Settings


class SmsItalySimulator(Simulator):
    """The SMS gate, and its control on another port."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
        port: int = 0,
        control_port: int = 0,
    ) -> None:
        """Make a gate with these accounts; port 0 takes a free one."""
        self.accounts = {account.user: account for account in accounts}
        self.settings = Settings() if settings is None else settings
        self.clock = SystemClock() if clock is None else clock
        self._agenda = Agenda(self.clock)
        self._centre = Centre(self.accounts, self.settings, self._agenda)
        self.messages = self._centre.messages
        self.faults = self._centre.faults
        self.observation = self._centre.observation
        self.sessions = self._centre.sessions
        """The connections that are open, logged in or not."""
        super().__init__(self.observation, port)
        self._control = ControlServer(control(self), control_port)

    @override
    async def start(self) -> None:
        """Listen; raises `OSError` if a port is taken."""
        await self._listening.start()
        await self._control.start()

    @override
    async def stop(self) -> None:
        """Close all connections and drop what is still to be sent."""
        self._agenda.clear()
        await self._control.stop()
        for session in self.sessions:
            session.record.end(self.clock.now(), "stop")
        await self._listening.stop()
        # What is left was accepted before connections were refused.
        for session in list(self.sessions):
            session.abort()
            await session.ended.wait()
        self._agenda.clear()

    @property
    def control_url(self) -> str:
        """The URL of the control, as `http://127.0.0.1:1234`; see `control`."""
        return f"http://{HOST}:{self._control.port}"

    @property
    def messages_count(self) -> int:
        """The number of messages taken."""
        return len(self.messages)

    def logged_in(self, user: str) -> list[Session]:
        """Return the sessions that are logged in to an account."""
        return self._centre.logged_in(user)

    def refuse_connections(self) -> None:
        """Listen no more; sessions that are open stay so."""
        self._listening.refuse()

    async def accept_connections(self) -> None:
        """Listen again, on the same port."""
        await self._listening.start()

    def shut_down(self, user: str | None = None) -> None:
        """End sessions by -ERR 102, those of an account or all."""
        for session in self._sessions_of(user):
            session.shut_down()

    def break_off(self, user: str | None = None) -> None:
        """Reset connections, those of an account or all."""
        for session in self._sessions_of(user):
            session.break_off("reset")

    def reset(self) -> None:
        """Forget messages, exchanges and faults; keep sessions and the rest."""
        self.messages.clear()
        self.faults.clear()
        self.observation.clear()

    @override
    def _connection(self) -> Session:
        """Make the session of a new connection."""
        return Session(self._centre)

    def _sessions_of(self, user: str | None) -> list[Session]:
        """Return the sessions of an account, or all."""
        return list(self.sessions) if user is None else self.logged_in(user)
