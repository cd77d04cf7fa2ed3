"""The fields of a message: their order, their form, and what answers them.

The specification shows the form of most fields by an example only. What is strictest
among the readings of it holds here, so that a client that passes is safe:

- a country code is a plus sign and 1 to 3 digits, a GSM code 1 to 5, a phone number 1
  to 12 digits;
- a sender is 1 to 16 digits, with or without a plus sign, or 1 to 11 letters and
  digits;
- dates and times have two digits each, hours are those of a 12-hour clock;
- a text, a gateway and a network code have the printable characters of ISO-8859-1.
"""

from collections.abc import Mapping
from enum import StrEnum
import re
from typing import NamedTuple

from . import refusals
from .refusals import Refusal


class Field(StrEnum):
    """The fields in the order of a packet."""

    SENDER = "Sender"
    COUNTRY_CODE = "CountryCode"
    GSM_CODE = "GsmCode"
    PHONE_NUMBER = "PhoneNumber"
    TEXT_MESSAGE = "TextMessage"
    SMS_TYPE = "SmsType"
    SMS_DAY = "SmsDay"
    SMS_MONTH = "SmsMonth"
    SMS_YEAR = "SmsYear"
    SMS_HOUR = "SmsHour"
    SMS_MINUTE = "SmsMinute"
    SMS_AM_PM = "SmsAmPm"
    GATEWAY = "Gateway"
    NETWORK_CODE = "NetworkCode"
    UDH = "Udh"
    DELIVERY = "Delivery"
    NOTIFICATION = "Notification"
    SMS_VALIDITY = "SmsValidity"
    SMS_REF = "SmsRef"
    DCS = "Dcs"


class Form(NamedTuple):
    """What a field looks like, what it is by default, and what refuses it."""

    pattern: re.Pattern[str]
    refusal: Refusal
    default: str = ""

    def fits(self, value: str) -> bool:
        """Tell whether a value has the form."""
        return self.pattern.fullmatch(value) is not None


KEPT = frozenset({Field.COUNTRY_CODE, Field.GSM_CODE, Field.SENDER, Field.TEXT_MESSAGE})
"""The fields that may be empty after the first message."""

MANDATORY = KEPT | {Field.PHONE_NUMBER}

DATES = (
    Field.SMS_DAY,
    Field.SMS_MONTH,
    Field.SMS_YEAR,
    Field.SMS_HOUR,
    Field.SMS_MINUTE,
    Field.SMS_AM_PM,
)

_PRINTABLE = r"[\x20-\x7e\xa0-\xff]"


def _form(pattern: str, refusal: Refusal, default: str = "") -> Form:
    """Make a form."""
    return Form(re.compile(pattern), refusal, default)


FORMS = {
    Field.SENDER: _form(r"\+?[0-9]{1,16}|[A-Za-z0-9]{1,11}", refusals.SENDER),
    Field.COUNTRY_CODE: _form(r"\+[1-9][0-9]{0,2}", refusals.COUNTRY_CODE),
    Field.GSM_CODE: _form(r"[0-9]{1,5}", refusals.GSM_CODE),
    Field.PHONE_NUMBER: _form(r"[0-9]{1,12}", refusals.PHONE_NUMBER),
    Field.TEXT_MESSAGE: _form(rf"{_PRINTABLE}+", refusals.TEXT_MESSAGE),
    Field.SMS_TYPE: _form(r"FL|UCS|UTF|UDH|WBK|WPS", refusals.SMS_TYPE),
    Field.SMS_DAY: _form(r"0[1-9]|[12][0-9]|3[01]", refusals.DATE),
    Field.SMS_MONTH: _form(r"0[1-9]|1[0-2]", refusals.DATE),
    Field.SMS_YEAR: _form(r"[0-9]{2}", refusals.DATE),
    Field.SMS_HOUR: _form(r"0[1-9]|1[0-2]", refusals.DATE),
    Field.SMS_MINUTE: _form(r"[0-5][0-9]", refusals.DATE),
    Field.SMS_AM_PM: _form(r"AM|PM", refusals.DATE),
    # There is no answer of their own for these two.
    Field.GATEWAY: _form(rf"{_PRINTABLE}+", refusals.BAD_COMMAND),
    Field.NETWORK_CODE: _form(rf"{_PRINTABLE}+", refusals.BAD_COMMAND),
    Field.UDH: _form(r"(?=.{0,400}$)(?:[0-9A-Fa-f]{2})+|0", refusals.UDH, "0"),
    Field.DELIVERY: _form(r"[01]", refusals.DELIVERY, "0"),
    Field.NOTIFICATION: _form(r"mailto:[\x21-\x7e]+", refusals.NOTIFICATION),
    Field.SMS_VALIDITY: _form(r"0*[1-9][0-9]*", refusals.SMS_VALIDITY),
    Field.SMS_REF: _form(r"[A-Za-z0-9]+", refusals.SMS_REF),
    Field.DCS: _form(r"[0-9A-Fa-f]{2}", refusals.DCS),
}


def recipient(values: Mapping[Field, str]) -> str:
    """Return the whole number, as `+3933312345`, as far as it is told."""
    parts = (Field.COUNTRY_CODE, Field.GSM_CODE, Field.PHONE_NUMBER)
    return "".join(values.get(part, "") for part in parts)


class InvalidFieldError(ValueError):
    """A field has no value, or none that is valid."""

    def __init__(self, field: Field) -> None:
        """Name the field."""
        super().__init__(field)
        self.field = field
