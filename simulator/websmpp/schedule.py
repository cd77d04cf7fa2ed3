"""When a scheduled message is to be sent: the parameters `schtime` and `gmt`."""

from datetime import UTC, datetime, timedelta, timezone
import re
from typing import Literal

type GmtReading = Literal["quirk", "correct"]
"""Whether `gmt=%2B0530` is taken for GMT (observed on AMS servers) or for +05:30."""

_SCHTIME = re.compile(r"[0-9]{12}")
_OFFSET = re.compile(r"([+-]?)([01]?[0-9]|2[0-3])(?::?([0-5][0-9]))?")


class ScheduleError(ValueError):
    """The schedule time cannot be read."""


def sending_time(schtime: str, gmt: str, reading: GmtReading) -> float:
    """Return the moment to send at, in seconds since 1970.

    `schtime` is yyyyMMddhhmm with hours of 0 to 23, at the offset `gmt` or, if that is
    empty, in GMT (websmpp specification, section Optional Parameters). Raises
    `ScheduleError` if it is no such time.
    """
    if _SCHTIME.fullmatch(schtime) is None:
        raise ScheduleError(f"not a time of the form yyyyMMddhhmm: {schtime!r}")
    try:
        # Its offset comes by the other parameter.
        local = datetime.strptime(schtime, "%Y%m%d%H%M")  # noqa: DTZ007
    except ValueError as error:
        raise ScheduleError(str(error)) from error
    return local.replace(tzinfo=_offset(gmt, reading)).timestamp()


def _offset(gmt: str, reading: GmtReading) -> timezone:
    """Return the time zone of the parameter `gmt`, already URL-decoded.

    An unencoded plus sign arrives as a space, and is a plus all the same.
    """
    text = gmt.strip()
    if not text:
        return UTC
    match = _OFFSET.fullmatch(text)
    quirk = reading == "quirk"
    if match is None or (quirk and match[1] == "+"):
        if quirk:
            # That server reads "GMT+" + gmt, and takes for GMT what it cannot read.
            return UTC
        raise ScheduleError(f"not an offset from GMT: {gmt!r}")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-offset if match[1] == "-" else offset)
