"""How long to wait before something is tried again."""

import random
from typing import Final

_JITTER: Final = (0.75, 1.25)
_MOST_DOUBLINGS: Final = 16


def jittered(seconds: float) -> float:
    """Stretch or shorten a pause a little, so that not all come back at once."""
    share: float = random.uniform(*_JITTER)  # noqa: S311 - no secret
    return seconds * share


def growing(first: float, longest: float, failures: int) -> float:
    """Return a pause in seconds: doubled with each failure before, and jittered."""
    return jittered(min(first * 2 ** min(failures, _MOST_DOUBLINGS), longest))
