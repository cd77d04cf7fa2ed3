"""The packet interface: a string for each message.

Source: smsitaly specification, "Interface with Packets".
"""

from typing import Final

from .fields import Fields
from .login import SmsitalyLogin
from .wire import encode

_ACCOUNT: Final = "\x01"
_PASSWORD: Final = "\x02"  # noqa: S105 - a delimiter
_FIELD: Final = "\x03"
_SEND: Final = "\x04OKSEND\x05\x06"


def login_packet(login: SmsitalyLogin) -> bytes:
    """Write <Send Login>."""
    return encode(f"{_credentials(login)}{_SEND}")


def data_packet(fields: Fields, login: SmsitalyLogin | None = None) -> bytes:
    """Write <Send Data>, or <Send Login & Data>; raises InputError when it is too long."""
    credentials = _credentials(login) if login else ""
    return encode(f"{credentials}{_FIELD}{_FIELD.join(fields)}{_SEND}")


def _credentials(login: SmsitalyLogin) -> str:
    return f"{_ACCOUNT}{login.account}{_PASSWORD}{login.password}"
