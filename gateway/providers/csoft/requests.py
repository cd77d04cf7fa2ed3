"""What we ask of the server, as SOAP: document/literal, children unqualified.

Source: the provider's service description, version 5.7. The elements stand in its
order.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from ...errors import InputError
from ...model import Encoding, Message
from ...text import Measure, is_gsm, measure
from .envelopes import element, find_unfit, text_element
from .login import CsoftLogin, DeliveryOption

LONGEST_IDENTIFIER: Final = 15

_GSM_ONLY: Final = (Encoding.GSM, Encoding.SPECIAL)

_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" \
xmlns:ns="http://www.csoft.co.uk/dtd/sendsms5.xsd">
<SOAP-ENV:Body>
"""
_TAIL: Final = """
</SOAP-ENV:Body>
</SOAP-ENV:Envelope>
"""


def measure_text(text: str, encoding: Encoding) -> Measure:
    """Count the parts of a text, whose alphabet the server chooses.

    Raises InputError for a character that XML cannot carry (field `message`), or that
    the wanted encoding has not (field `encoding`).
    """
    if unfit := find_unfit(text):
        raise InputError(
            "message", "message_character", character=f"U+{ord(unfit):04X}"
        )
    if encoding in _GSM_ONLY and not is_gsm(text):
        raise InputError("encoding", "encoding_unfit", encoding=encoding)
    return measure(text)


def submission(login: CsoftLogin, message: Message, now: datetime) -> bytes:
    """Write a message; a delivery time that has passed by `now` is left out."""
    kind = "FlashMessage" if message.flash else "TextMessage"
    content = [
        _credentials(login),
        element(
            "Recipient",
            text_element("SendTo", message.recipient.removeprefix("+")),
            _options(login, message, now),
        ),
        element("Message", text_element(kind, message.text)),
    ]
    if message.sender:
        content.append(text_element("ReplyTo", message.sender))
    # The end of it is what differs most.
    identifier = message.id[-LONGEST_IDENTIFIER:]
    content.append(text_element("MessageIdentifier", identifier))
    return _envelope("SubmitMessage", *content)


def credit_question(login: CsoftLogin) -> bytes:
    """Ask what is left."""
    return _envelope("AvailableCredit", _credentials(login))


def collection(login: CsoftLogin) -> bytes:
    """Ask for the incoming messages; the server forgets what it has given."""
    return _envelope("CollectMessages", _credentials(login))


def _envelope(operation: str, *content: str) -> bytes:
    body = f"<ns:{operation}>{''.join(content)}</ns:{operation}>"
    return f"{_HEAD}{body}{_TAIL}".encode()


def _credentials(login: CsoftLogin) -> str:
    return text_element("Username", login.username) + text_element("PIN", login.pin)


def _options(login: CsoftLogin, message: Message, now: datetime) -> str:
    options: list[str] = []
    if message.schedule and message.schedule > now:
        options.append(text_element("SendTimeAbsolute", _time(message.schedule)))
    if login.delivery_option is not DeliveryOption.DEFAULT:
        options.append(text_element("DeliveryOption", login.delivery_option))
    return element("SendOptions", *options) if options else ""


def _time(schedule: datetime) -> str:
    """Write a time to the second: never too early."""
    utc = schedule.astimezone(UTC)
    if utc.microsecond:
        utc = utc.replace(microsecond=0) + timedelta(seconds=1)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")
