"""The ASCII interface: a command for each value, and one that sends.

Source: smsitaly specification, "Full Ascii Interface" and "DB Inquiry".
"""

from typing import Final

from .fields import Fields
from .kept import STICKY, Kept
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


def data_commands(fields: Fields, kept: Kept) -> list[bytes]:
    """Write what has to be said of a message, and was not for those before."""
    return [
        encode(f"{command}={value}")
        for name, command in _NAMES.items()
        if _has_to_be_said(name, value := getattr(fields, name), kept)
    ]


def _has_to_be_said(name: str, value: str, kept: Kept) -> bool:
    if name in STICKY:
        return not kept.has(name, value)
    # An empty value is the default, where another one may have been set.
    return bool(
        value or not kept.is_certain or (kept.last and getattr(kept.last, name))
    )
