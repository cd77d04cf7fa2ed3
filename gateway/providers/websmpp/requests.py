"""How a message is written for a websmpp server.

Source: websmpp specification, "Message Type & Length" and the submission tables.
"""

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from ...errors import InputError
from ...model import Encoding, Message
from ...text import Measure, is_gsm, measure
from .login import GmtFormat, WebsmppLogin

MOST_BY_GET: Final = 100
MOST_BY_POST: Final = 10_000

RESTRICTED: Final = frozenset("&#")
"""Characters that must not stand in a text, whatever way it is encoded."""

PLAIN: Final = frozenset(filter(is_gsm, map(chr, range(128)))) - RESTRICTED
"""Characters whose GSM 03.38 and ASCII readings agree on every server.

The specification names no character set for type 1: a letter such as é goes as
Unicode, where there is nothing to guess.
"""

_POST_BREAKERS: Final = frozenset("&=")


class MessageType(IntEnum):
    """The values of `type`."""

    ENGLISH = 1
    UNICODE = 2
    SPECIAL = 3
    ARABIC = 4


_TYPES: Final = {
    Encoding.GSM: MessageType.ENGLISH,
    Encoding.SPECIAL: MessageType.SPECIAL,
    Encoding.UNICODE: MessageType.UNICODE,
    Encoding.ARABIC: MessageType.ARABIC,
}


def message_type(text: str, encoding: Encoding) -> MessageType:
    """Choose the type for a text.

    Raises InputError (field `encoding`) when the wanted encoding cannot carry it.
    """
    if encoding is Encoding.AUTO:
        plain = PLAIN.issuperset(text)
        return MessageType.ENGLISH if plain else MessageType.UNICODE
    type_ = _TYPES[encoding]
    if type_ is not MessageType.UNICODE and not RESTRICTED.isdisjoint(text):
        raise InputError("encoding", "encoding_marks", encoding=encoding)
    if type_ in (MessageType.ENGLISH, MessageType.SPECIAL) and not is_gsm(text):
        raise InputError("encoding", "encoding_unfit", encoding=encoding)
    return type_


def measure_text(text: str, encoding: Encoding) -> Measure:
    """Count the parts that the server will make of a text."""
    type_ = message_type(text, encoding)
    return measure(text, gsm=type_ in (MessageType.ENGLISH, MessageType.SPECIAL))


def submission_query(
    login: WebsmppLogin, message: Message, recipients: str, now: datetime
) -> str:
    """Write a message as the server's parameters, percent-encoded.

    `recipients` are digits, separated by commas. A delivery time that has passed by
    `now` is left out.
    """
    type_ = message_type(message.text, message.encoding)
    text = message.text
    if type_ is MessageType.UNICODE:
        text = text.encode("utf-16-be").hex().upper()
    query = "&".join(
        (
            _encode_shared(
                user=login.user, **{"pass": login.password}, sid=message.sender or ""
            ),
            encode(mno=recipients),
            _encode_shared(type=str(int(type_)), text=text),
        )
    )
    if message.schedule and message.schedule > now:
        gmt, schtime = _delivery_time(message.schedule, login.gmt_format)
        query += f"&gmt={gmt}&schtime={schtime}"
    return query


def encode(**fields: str) -> str:
    """Percent-encode the fields, everything but unreserved characters and commas."""
    return "&".join(
        f"{name}={quote(value, safe=',')}" for name, value in fields.items()
    )


_encode_shared: Final = lru_cache(maxsize=16)(encode)
"""As `encode`, for what the messages of a call have in common."""


def breaks_post(*values: str) -> bool:
    """Whether a value cannot travel in a POST.

    A server is known that decodes the whole body before it splits it, so that an `&`
    or `=` in a value would cut it, or make up other fields.
    """
    return any(not _POST_BREAKERS.isdisjoint(value) for value in values)


def _delivery_time(schedule: datetime, form: GmtFormat) -> tuple[str, str]:
    """Write a time as `gmt` and `schtime`, which knows minutes: never too early."""
    if form is GmtFormat.UTC:
        schedule = schedule.astimezone(UTC)
    if schedule.second or schedule.microsecond:
        schedule = schedule.replace(second=0, microsecond=0) + timedelta(minutes=1)
    gmt = schedule.strftime("%z")[:5]
    if form is GmtFormat.UNSIGNED:
        gmt = gmt.removeprefix("+")
    # The plus sign stays as it is, as the specification's examples have it.
    return gmt, schedule.strftime("%Y%m%d%H%M")
