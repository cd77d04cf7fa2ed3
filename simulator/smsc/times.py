"""Times as PDUs hold them: SMPP specification v3.4, clause 7.1.1."""

from datetime import UTC, datetime, timedelta
import re

_TIME = re.compile(r"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([-+R])", re.ASCII)
_MOST_QUARTERS = 48


class TimeError(ValueError):
    """The time cannot be read."""


def read_time(text: str, now: float) -> float | None:
    """Return the moment of an absolute time or one relative to now.

    Both in seconds since 1970; None for an empty text. Raises `TimeError`.
    """
    if not text:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        raise TimeError(f"not a time: {text!r}")
    *fields, sign = match.groups()
    year, month, day, hour, minute, second, tenth, quarters = map(int, fields)
    if sign == "R":
        if tenth or quarters:
            raise TimeError(f"not a relative time: {text!r}")
        start = _months_after(datetime.fromtimestamp(now, UTC), 12 * year + month)
        span = timedelta(days=day, hours=hour, minutes=minute, seconds=second)
        return (start + span).timestamp()
    if quarters > _MOST_QUARTERS:
        raise TimeError(f"more than 12 hours from UTC: {text!r}")
    offset = timedelta(minutes=15 * quarters)
    try:
        local = datetime(
            2000 + year, month, day, hour, minute, second, tenth * 100_000, UTC
        )
    except ValueError as error:
        raise TimeError(str(error)) from error
    return (local - offset if sign == "+" else local + offset).timestamp()


def write_time(moment: float) -> str:
    """Return an absolute time in UTC, to the second."""
    return f"{datetime.fromtimestamp(moment, UTC):%y%m%d%H%M%S}000+"


def _months_after(start: datetime, months: int) -> datetime:
    """Return the same day some months later, or the last one of a shorter month."""
    year, month = divmod(start.month - 1 + months, 12)
    first = start.replace(year=start.year + year, month=month + 1, day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(start.day, last.day))
