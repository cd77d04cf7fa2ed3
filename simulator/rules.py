"""Rules that hold for the next n times or until changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(slots=True, kw_only=True, eq=False)
class Rule:
    """Something that happens; `times` None means until it is removed."""

    times: int | None = None

    def __post_init__(self) -> None:
        """Raise `ValueError` on nonsense."""
        if self.times is not None and self.times < 1:
            raise ValueError(f"times must be at least 1, not {self.times}")


class Rules[R: Rule]:
    """The rules in force, oldest first."""

    def __init__(self) -> None:
        """Start without any rule."""
        self._rules: list[R] = []

    def add(self, rule: R) -> R:
        """Put a rule in force and return it."""
        self._rules.append(rule)
        return rule

    def remove(self, rule: R) -> None:
        """End a rule, if it is still in force."""
        if rule in self._rules:
            self._rules.remove(rule)

    def clear(self) -> None:
        """End all rules."""
        self._rules.clear()

    def __iter__(self) -> Iterator[R]:
        """Iterate over the rules in force."""
        return iter(tuple(self._rules))

    def __len__(self) -> int:
        """Return the number of rules in force."""
        return len(self._rules)

    def take(self, matches: Callable[[R], bool]) -> R | None:
        """Return the first rule that matches, used once more, or None."""
        for rule in self._rules:
            if matches(rule):
                self._use(rule)
                return rule
        return None

    def _use(self, rule: R) -> None:
        """Count a use of the rule and end it after its last one."""
        if rule.times is not None:
            rule.times -= 1
            if rule.times == 0:
                self._rules.remove(rule)
