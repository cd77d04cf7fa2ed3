"""How many messages a second an account may submit."""


class Rate:
    """The allowance of each account: it fills as time goes by, up to one second's."""

    def __init__(self) -> None:
        """Start with full allowances."""
        self._allowances: dict[str, tuple[float, float]] = {}

    def allows(self, user: str, rate: float, now: float) -> bool:
        """Take a message off the allowance; return False if it is used up.

        `rate` is in messages a second, `now` in seconds since 1970.
        """
        most = max(1.0, rate)
        left, since = self._allowances.get(user, (most, now))
        left = min(most, left + (now - since) * rate)
        allowed = left >= 1
        self._allowances[user] = (left - allowed, now)
        return allowed

    def clear(self) -> None:
        """Fill the allowances."""
        self._allowances.clear()
