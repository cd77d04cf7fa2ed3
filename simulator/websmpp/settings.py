"""How the platform behaves where servers differ or the specification is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, override

from .. import reading
from ..reading import Reader
from ..settings import JsonSettings
from .schedule import GmtReading
from .statuses import Script, Status, default_rules, default_script

type Prefix = Literal["body", "line", "success", "never"]
type StatusParameter = Literal["any", "respid", "respId"]
type StatusReply = Literal["long", "word"]
type BalanceReply = Literal["whole", "decimal"]
type Restricted = Literal["refuse", "accept"]
type PushTiming = Literal["normal", "early", "never"]
type PushOrder = Literal["due", "reversed", "shuffled"]

_DAY = 86_400.0


@dataclass(slots=True, kw_only=True)
class Settings(JsonSettings):
    """The settings; each may be changed while the simulator runs. Times in seconds.

    Statuses: `script` is how a message progresses after its sending, `rules` are the
    scripts of numbers with certain endings, `retention` is how long a status is kept.

    Requests: `gmt_reading` see `schedule`; `restricted` whether `&` and `#` in texts of
    types 1 and 3 are refused with HTTP16; `max_parts` the longest text in parts, beyond
    which is HTTP17; `status_parameter` which spelling of `respId` is matched.

    Replies: `prefix` where `Response: ` stands in the reply to a submission (before the
    body, before each line, before the body unless nothing was accepted, or never);
    `status_reply` the long form or the bare word; `balance_reply` whole credits or a
    decimal wallet amount.

    Push receipts: `push_timing` when statuses are reached, or finally and before the
    submission is answered, or never; `push_delay` added to the former; `push_copies`
    how often each is sent; `push_order` the order of those that fall due within
    `push_window`; `push_pauses` the waits before further attempts; `push_timeout` of
    one attempt; `push_connections` how many are sent at once (read at the start only).
    """

    script: Script = field(default_factory=default_script)
    rules: Mapping[str, Script] = field(default_factory=default_rules)
    retention: float = 30 * _DAY
    gmt_reading: GmtReading = "quirk"
    restricted: Restricted = "refuse"
    max_parts: int = 255
    status_parameter: StatusParameter = "any"
    prefix: Prefix = "body"
    status_reply: StatusReply = "long"
    balance_reply: BalanceReply = "whole"
    push_timing: PushTiming = "normal"
    push_delay: float = 0.0
    push_copies: int = 1
    push_order: PushOrder = "due"
    push_window: float = 0.05
    push_pauses: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0)
    push_timeout: float = 10.0
    push_connections: int = 1

    @classmethod
    @override
    def readers(cls) -> dict[str, Reader]:
        """Return what reads each setting from JSON."""
        return _READERS


def _status(value: object) -> Status:
    """Read a status."""
    return Status(reading.text(value))


_READERS: dict[str, Reader] = {
    "script": reading.script(_status),
    "rules": reading.scripts(_status),
    "retention": reading.number,
    "gmt_reading": reading.word_of(GmtReading),
    "restricted": reading.word_of(Restricted),
    "max_parts": reading.whole,
    "status_parameter": reading.word_of(StatusParameter),
    "prefix": reading.word_of(Prefix),
    "status_reply": reading.word_of(StatusReply),
    "balance_reply": reading.word_of(BalanceReply),
    "push_timing": reading.word_of(PushTiming),
    "push_delay": reading.number,
    "push_copies": reading.whole,
    "push_order": reading.word_of(PushOrder),
    "push_window": reading.number,
    "push_pauses": reading.numbers,
    "push_timeout": reading.number,
    "push_connections": reading.whole,
}
