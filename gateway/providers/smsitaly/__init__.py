"""smsitaly TCP: the ASCII interface and the packet interface of SMS Gate Server 2.3.1."""

from .login import (
    DEFAULT_PORT,
    PRIMARY_HOST,
    SECONDARY_HOST,
    Host,
    Interface,
    SmsitalyLogin,
)
from .provider import SmsitalyProvider
from .texts import LongText, Unicode

__all__ = [
    "DEFAULT_PORT",
    "PRIMARY_HOST",
    "SECONDARY_HOST",
    "Host",
    "Interface",
    "LongText",
    "SmsitalyLogin",
    "SmsitalyProvider",
    "Unicode",
]
