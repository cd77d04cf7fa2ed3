"""What a system keeps open, as those see it who want to know."""

from dataclasses import dataclass

from ..model import Failure


@dataclass(frozen=True, slots=True)
class Session:
    """One of a connection's sessions: `role` and `state` are the system's words.

    `failure` is why it is not there, None when it is or when nothing has failed yet.
    """

    role: str
    state: str
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection that stays: whether messages can be sent, and each session."""

    is_up: bool = False
    sessions: tuple[Session, ...] = ()

    def has_failed_with(self, kind: str) -> bool:
        """Whether a session is not there because of this kind of error."""
        return any(each.failure and each.failure.kind == kind for each in self.sessions)
