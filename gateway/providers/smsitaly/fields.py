"""The values of a message, by the names and in the order of the packet interface.

Source: smsitaly specification, "String <Send Data>".
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self

from ...model import Message
from ...numbers import is_international
from .destinations import Destination
from .login import SmsitalyLogin
from .texts import Body

_MINUTE: Final = 60
_NOON: Final = 12

type _Time = tuple[str, str, str, str, str, str]


class Fields(NamedTuple):
    """All twenty; an empty one is the server's default, or what it has kept (`kept`)."""

    sender: str
    country_code: str
    gsm_code: str
    phone_number: str
    text_message: str
    sms_type: str = ""
    sms_day: str = ""
    sms_month: str = ""
    sms_year: str = ""
    sms_hour: str = ""
    sms_minute: str = ""
    sms_am_pm: str = ""
    gateway: str = ""
    network_code: str = ""
    udh: str = ""
    delivery: str = ""
    notification: str = ""
    sms_validity: str = ""
    sms_ref: str = ""
    dcs: str = ""

    @classmethod
    def of(
        cls,
        message: Message,
        destination: Destination,
        body: Body,
        login: SmsitalyLogin,
        now: datetime,
    ) -> Self:
        """Write one part of a message. The validity is in minutes: our reading."""
        validity = max(1, -(-(message.expires_at - now).total_seconds() // _MINUTE))
        return cls(
            _sender(message.sender or ""),
            *destination,
            body.text,
            body.type.value,
            *_time(message.schedule, login, now),
            gateway=login.gateway,
            network_code=login.network_code,
            udh=body.udh,
            delivery="1" if login.receipts and message.tracked else "",
            notification=f"mailto:{login.mail_to}" if login.mail_to else "",
            sms_validity=f"{validity:.0f}",
            sms_ref=message.id,
            dcs=body.dcs,
        )


def widest(sender: str, body: Body, login: SmsitalyLogin) -> Fields:
    """Return values as long as those of a message with this text can be."""
    return Fields(
        _sender(sender),
        "+000",
        "00000",
        "0" * 15,
        body.text,
        body.type.value,
        *("00", "00", "00", "00", "00", "00"),
        gateway=login.gateway,
        network_code=login.network_code,
        udh=body.udh,
        delivery="1",
        notification=f"mailto:{login.mail_to}",
        sms_validity="0" * 8,
        sms_ref="0" * 32,
        dcs=body.dcs,
    )


def _sender(sender: str) -> str:
    """Write a number that has its country code as the specification shows one.

    Another one may be a national number or a short code.
    """
    return f"+{sender}" if sender.isdecimal() and is_international(sender) else sender


def _time(schedule: datetime | None, login: SmsitalyLogin, now: datetime) -> _Time:
    """Write a delivery time: day, month, year, hour, minute, AM or PM.

    It knows minutes: rounded up, nothing goes out before its time.
    """
    if schedule is None or schedule <= now:
        return ("", "", "", "", "", "")
    late = schedule + timedelta(minutes=1, microseconds=-1)
    local = late.astimezone(login.time_zone)
    day, month, year, hour, minute = local.strftime("%d %m %y %I %M").split()
    return day, month, year, hour, minute, "AM" if local.hour < _NOON else "PM"
