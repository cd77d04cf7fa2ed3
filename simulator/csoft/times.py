"""Moments, as the system writes them (delivery receipt specification: YYYY-MM-DDTHH:MM:SSZ)."""

from datetime import UTC, datetime
import re

_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def write(moment: float) -> str:
    """Write a moment (seconds since 1970)."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> float:
    """Read a dateTime of XML Schema, in GMT unless it says otherwise.

    Raises `ValueError` if it is none.
    """
    if _DATE_TIME.fullmatch(text) is None:
        raise ValueError(f"not a dateTime: {text!r}")
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
