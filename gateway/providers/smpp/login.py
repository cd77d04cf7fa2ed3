"""What an account at an SMSC consists of."""

from dataclasses import dataclass, field
from enum import StrEnum
from ssl import SSLContext
from typing import Final

from .addresses import Numbering
from .timers import Timers
from .user_data import LongText

DEFAULT_PORT: Final = 8899
"""That of the AMS platform (seeds/001, "Requested Parameters")."""


class BindMode(StrEnum):
    """Which sessions an account binds (seeds/001: one TRx, or one Rx and several Tx)."""

    TRANSCEIVER = "transceiver"
    TRANSMITTERS_AND_RECEIVER = "transmitters_and_receiver"
    TRANSMITTERS = "transmitters"
    """Without receipts and incoming messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmppLogin:
    """Where and as whom to bind, and how to behave then.

    `transmitters` is the number of Tx sessions; `window` how many requests each session
    may leave unanswered; `rate` how many messages a second all of them send, None for
    no limit; `tls` the context of an encrypted connection, None for a plain one.
    """

    host: str
    port: int = DEFAULT_PORT
    system_id: str
    password: str = field(repr=False)
    system_type: str = ""
    address_range: str = ""
    mode: BindMode = BindMode.TRANSCEIVER
    transmitters: int = 1
    window: int = 10
    rate: float | None = None
    tls: SSLContext | None = None
    long_text: LongText = LongText.UDH
    source: Numbering | None = None
    destination: Numbering | None = None
    timers: Timers = field(default_factory=Timers)
