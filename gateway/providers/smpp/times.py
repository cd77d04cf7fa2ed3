"""Times as SMPP writes them (specification v3.4, clause 7.1)."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_SECOND: Final = timedelta(seconds=1)
_LONGEST_RELATIVE: Final = timedelta(days=31)


def absolute(time: datetime) -> str:
    """Write an aware time as `YYMMDDhhmmss000+` in UTC.

    Rounded up to the second: nothing goes out before its time.
    """
    time = time.astimezone(UTC)
    if time.microsecond:
        time = time.replace(microsecond=0) + _SECOND
    return f"{time:%y%m%d%H%M%S}000+"


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
