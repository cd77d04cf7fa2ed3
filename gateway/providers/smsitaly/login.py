"""What an account at smsitaly consists of."""

from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import StrEnum
import re
from typing import Final, NamedTuple

from ...errors import InputError
from .texts import LongText, Unicode
from .wire import check_value

DEFAULT_PORT: Final = 27
PRIMARY_HOST: Final = "tcp.smsitaly.com"
SECONDARY_HOST: Final = "backup.smsitaly.com"

LONGEST_CREDENTIAL: Final = 20
_MAIL_ADDRESS: Final = re.compile(r"[!-?A-~]+@[!-?A-~]+")
"""Printable ASCII without blanks, and one @."""


class Interface(StrEnum):
    """How messages are written."""

    PACKET = "packet"
    """A string for each message, one round trip."""
    ASCII = "ascii"
    """A command for each value, and one that sends."""


class Host(NamedTuple):
    """A server."""

    name: str
    port: int = DEFAULT_PORT


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsitalyLogin:
    """Where and as whom to log in, and how to write messages then.

    `hosts` are tried in their order. `time_zone` is that of the server's clock, in
    which a scheduled time is written. `receipts` asks for `Delivery=1`, `mail_to` for a
    notification by mail; neither comes back over the connection. With `keep_alive` the
    session is kept open while nothing is sent. `timeout` is in seconds.

    Raises InputError, which names the field, for what cannot be written.
    """

    hosts: tuple[Host, ...] = (Host(PRIMARY_HOST), Host(SECONDARY_HOST))
    account: str
    password: str = field(repr=False)
    interface: Interface = Interface.PACKET
    long_text: LongText = LongText.UDH
    unicode: Unicode = Unicode.UCS
    time_zone: tzinfo = UTC
    gateway: str = ""
    network_code: str = ""
    receipts: bool = False
    mail_to: str = ""
    keep_alive: bool = False
    timeout: float = 30

    def __post_init__(self) -> None:
        """Check every value that goes on the wire."""
        for name in ("account", "password"):
            value: str = getattr(self, name)
            if not value:
                raise InputError(name, f"{name}_empty")
            if len(value) > LONGEST_CREDENTIAL:
                raise InputError(name, f"{name}_length", most=LONGEST_CREDENTIAL)
        for name in ("account", "password", "gateway", "network_code", "mail_to"):
            check_value(name, getattr(self, name))
        if self.mail_to and not _MAIL_ADDRESS.fullmatch(self.mail_to):
            raise InputError("mail_to", "mail_to_form")
