r"""What a client sends, told apart: commands `Name=Value`, and packets.

A packet begins with Chr(1), that is a login, or with Chr(3), that is data::

    \x01 Account \x02 Password \x04 OKSEND \x05 \x06
    \x03 Sender \x03 CountryCode ... \x03 Dcs \x04 OKSEND \x05 \x06
    \x01 Account \x02 Password \x03 Sender ... \x03 Dcs \x04 OKSEND \x05 \x06
"""

import re
from typing import Final, NamedTuple

from .fields import Field

CONNECTION: Final = "Connection"
"""Not sent: opening the connection, which is answered too."""
ACCOUNT: Final = "Account"
PASSWORD: Final = "Password"
SEND: Final = "SendSMS"
QUERY: Final = "SmsQuery"
LOGIN: Final = "<Send Login>"
DATA: Final = "<Send Data>"
LOGIN_AND_DATA: Final = "<Send Login & Data>"
OTHER: Final = "?"
"""Whatever is none of these."""

# Two names are spelt otherwise as commands, two fields have none.
FIELD_COMMANDS: Final = {
    {Field.UDH: "UDH", Field.DCS: "DCS"}.get(field, field.value): field
    for field in Field
    if field not in {Field.GATEWAY, Field.NETWORK_CODE}
}
NAMES: Final = frozenset(
    {CONNECTION, ACCOUNT, PASSWORD, SEND, QUERY, LOGIN, DATA, LOGIN_AND_DATA, OTHER}
    | FIELD_COMMANDS.keys()
)
_COMMANDS = NAMES - {CONNECTION, LOGIN, DATA, LOGIN_AND_DATA, OTHER}

_VALUE = r"[^\x00-\x06\r\n]*"
_PACKET = re.compile(
    rf"(?:\x01(?P<account>{_VALUE})\x02(?P<password>{_VALUE}))?"
    rf"(?P<data>(?:\x03{_VALUE}){{{len(Field)}}})?"
    r"\x04OKSEND\x05\x06"
)


class Request(NamedTuple):
    """A line of a client: its name, its value, what a packet holds."""

    name: str
    value: str = ""
    account: str = ""
    password: str = ""
    fields: dict[Field, str] | None = None

    @property
    def is_packet(self) -> bool:
        """Whether it is of the interface with packets."""
        return self.name in {LOGIN, DATA, LOGIN_AND_DATA}


def read(line: str) -> Request:
    """Tell what a line is."""
    if line[:1] in {"\x01", "\x03"}:
        return _packet(line)
    name, equals, value = line.partition("=")
    if equals and name in _COMMANDS:
        return Request(name, value)
    return Request(OTHER, line)


def _packet(line: str) -> Request:
    """Tell what a packet is."""
    found = _PACKET.fullmatch(line)
    if found is None:
        return Request(OTHER, line)
    account, password = found["account"], found["password"]
    fields = None
    if found["data"] is not None:
        values = found["data"].split("\x03")[1:]
        fields = dict(zip(Field, values, strict=True))
    if account is None:
        return Request(DATA, fields=fields)
    name = LOGIN if fields is None else LOGIN_AND_DATA
    return Request(name, account=account, password=password, fields=fields)
