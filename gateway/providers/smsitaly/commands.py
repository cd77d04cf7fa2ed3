"""The ASCII interface: a command for each value, and one that sends.

Source: smsitaly specification, "Full Ascii Interface" and "DB Inquiry".
"""

from typing import Final

from .fields import STICKY, Fields
from .login import SmsitalyLogin
from .wire import encode

SEND: Final = encode("SendSMS=OKSEND")
ASK_BALANCE: Final = encode("SmsQuery=Balance")
ASK_STATUS: Final = encode("SmsQuery=Status")

_NAMES: Final = {
    "country_code": "CountryCode",
    "gsm_code": "GsmCode",
    "phone_number": "PhoneNumber",
    "sender": "Sender",
    "text_message": "TextMessage",
    "sms_type": "SmsType",
    "sms_day": "SmsDay",
    "sms_month": "SmsMonth",
    "sms_year": "SmsYear",
    "sms_hour": "SmsHour",
    "sms_minute": "SmsMinute",
    "sms_am_pm": "SmsAmPm",
    "udh": "UDH",
    "delivery": "Delivery",
    "notification": "Notification",
    "sms_validity": "SmsValidity",
    "sms_ref": "SmsRef",
    "dcs": "DCS",
}
"""In the order of the tables. `Gateway` and `NetworkCode` are of the packets only."""


def login_commands(login: SmsitalyLogin) -> tuple[bytes, bytes]:
    """Write the two commands of a login, the account first."""
    return encode(f"Account={login.account}"), encode(f"Password={login.password}")


def data_commands(fields: Fields, before: Fields | None) -> list[bytes]:
    """Write what has to be said of a message, and was not for the one before.

    An optional value that is not wanted any more is set to its default by an empty one.
    """
    commands: list[bytes] = []
    for name, command in _NAMES.items():
        value: str = getattr(fields, name)
        known: str = getattr(before, name) if before else ""
        if name in STICKY and value == known:
            continue
        if value or known:
            commands.append(encode(f"{command}={value}"))
    return commands
