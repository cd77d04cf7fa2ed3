"""How the gate behaves where the specification is open."""

from dataclasses import dataclass
from typing import Literal, override

from .. import reading
from ..reading import Reader
from ..settings import JsonSettings

type KeptValues = Literal["last", "first"]
type OptionalFields = Literal["reset", "kept"]
type InactiveLogin = Literal["as_printed", "refuse"]


@dataclass(slots=True, kw_only=True)
class Settings(JsonSettings):
    """The settings; each may be changed while the simulator runs. Times in seconds.

    Sessions: `idle_timeout` without activity, after which is -ERR 102 (a shorter one is
    of new connections only); `shutdown_after` the mean of the time after which -ERR 102
    ends a new connection at a random moment, used or not (0: never);
    `sessions_per_account` beyond which is -ERR 101; `inactive_login` whether an account
    that is inactive, expired or on standby can log in by commands, as their table has
    no answer against it (packets have one), or not; `latency` from a command to its
    answer.

    Messages: `kept_values` whether an empty field is that of the last message or, to
    the letter, of the first; `optional_fields` whether a command that is not given
    anew has its default or what it had in the last message; `utc_offset` of the
    gate's clock.

    Answers: `default_notes` whether those to UDH and Delivery end with ` (Default 0)`,
    as printed.
    """

    idle_timeout: float = 600.0
    shutdown_after: float = 0.0
    sessions_per_account: int = 1
    inactive_login: InactiveLogin = "as_printed"
    latency: float = 0.0
    kept_values: KeptValues = "last"
    optional_fields: OptionalFields = "reset"
    utc_offset: float = 0.0
    default_notes: bool = True

    @classmethod
    @override
    def readers(cls) -> dict[str, Reader]:
        """Return what reads each setting from JSON."""
        return _READERS


_READERS: dict[str, Reader] = {
    "idle_timeout": reading.number,
    "shutdown_after": reading.number,
    "sessions_per_account": reading.whole,
    "inactive_login": reading.word_of(InactiveLogin),
    "latency": reading.number,
    "kept_values": reading.word_of(KeptValues),
    "optional_fields": reading.word_of(OptionalFields),
    "utc_offset": reading.number,
    "default_notes": reading.flag,
}
