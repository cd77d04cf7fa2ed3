"""Times as Connection Software writes them: `YYYY-MM-DDTHH:MM:SSZ` (`Timestamp1`)."""

from datetime import UTC, datetime
from typing import Final

_LONGEST: Final = 40


def read_time(text: str) -> datetime | None:
    """Return a time in UTC, None for what is no time with its zone (ISO 8601)."""
    if len(text) > _LONGEST:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else None
    except ValueError, OverflowError:
        return None
