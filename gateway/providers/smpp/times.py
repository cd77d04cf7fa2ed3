"""Times as SMPP writes them (specification v3.4, clause 7.1)."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
import re
from typing import Final

_SECOND: Final = timedelta(seconds=1)
_TENTH: Final = timedelta(milliseconds=100)
_QUARTER: Final = timedelta(minutes=15)
_MOST_QUARTERS: Final = 48
_LONGEST_RELATIVE: Final = timedelta(days=31)
_ABSOLUTE: Final = re.compile("([0-9]{12})([0-9])([0-9]{2})([+-])")


def absolute(time: datetime) -> str:
    """Write an aware time as `YYMMDDhhmmss000+` in UTC.

    Rounded up to the second: nothing goes out before its time.
    """
    time = time.astimezone(UTC)
    if time.microsecond:
        time = time.replace(microsecond=0) + _SECOND
    return f"{time:%y%m%d%H%M%S}000+"


def read_absolute(text: str) -> datetime | None:
    """Return the time that `YYMMDDhhmmsstnnp` means, in UTC; None for anything else.

    `nn` are quarters of an hour that local time is before (`+`) or behind UTC.
    """
    if not (found := _ABSOLUTE.fullmatch(text)):
        return None
    date, tenths, quarters, sign = found.groups()
    if int(quarters) > _MOST_QUARTERS:
        return None
    ahead = int(f"{sign}{quarters}") * _QUARTER
    try:
        local = datetime.strptime(date, "%y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return local + int(tenths) * _TENTH - ahead


def validity(until: datetime, now: datetime) -> str:
    """Write how long a message is worth delivering.

    As a span from now (`0000DDhhmmss000R`), for which no clock has to be right, rounded
    up to the second; as an absolute time where the span has no such form.
    """
    span = until - now
    if not timedelta() < span <= _LONGEST_RELATIVE:
        return absolute(until)
    return _relative(-(-span // _SECOND))


@lru_cache(maxsize=16)
def _relative(seconds: int) -> str:
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    return f"0000{days:02}{hours:02}{minutes:02}{seconds:02}000R"
