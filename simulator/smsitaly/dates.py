"""The date and time that a message is to be sent at, of up to six fields."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from .fields import DATES, Field, InvalidFieldError

_CENTURY = 2000
_LEAP = 2000


def check(values: Mapping[Field, str], field: Field) -> None:
    """See that the day exists as far as it is told; raises `InvalidFieldError`.

    `field` is the one that came last.
    """
    day, month = values.get(Field.SMS_DAY), values.get(Field.SMS_MONTH)
    if not day or not month:
        return
    year = values.get(Field.SMS_YEAR)
    try:
        datetime(_year(year) if year else _LEAP, int(month), int(day), tzinfo=UTC)
    except ValueError as error:
        raise InvalidFieldError(field) from error


def moment(
    values: Mapping[Field, str], now: float, utc_offset: float = 0.0
) -> float | None:
    """Return the moment in seconds since 1970, None for at once.

    What is empty is that of now. Raises `InvalidFieldError` if there is no such day.
    """
    if not any(values[field] for field in DATES):
        return None
    local = datetime.fromtimestamp(now + utc_offset, UTC)
    half = values[Field.SMS_AM_PM] or f"{local:%p}"
    hour = int(values[Field.SMS_HOUR] or f"{local:%I}") % 12
    year = values[Field.SMS_YEAR]
    try:
        when = datetime(
            _year(year) if year else local.year,
            int(values[Field.SMS_MONTH] or local.month),
            int(values[Field.SMS_DAY] or local.day),
            tzinfo=UTC,
        )
    except ValueError as error:
        raise InvalidFieldError(Field.SMS_DAY) from error
    when += timedelta(
        hours=hour + (12 if half == "PM" else 0),
        minutes=int(values[Field.SMS_MINUTE] or local.minute),
    )
    return when.timestamp() - utc_offset


def stamp(now: float, utc_offset: float = 0.0) -> str:
    """Return a moment as `dd-mm-yy hh:mm:ss Am/Pm`."""
    local = datetime.fromtimestamp(now + utc_offset, UTC)
    half = "Am" if local.hour < 12 else "Pm"
    return f"{local:%d-%m-%y %I:%M:%S} {half}"


def _year(digits: str) -> int:
    """Return the year of two digits."""
    return _CENTURY + int(digits)
