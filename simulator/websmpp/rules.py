"""Rules that hold for an endpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from ..rules import Rule, Rules
from .endpoints import Endpoint


@dataclass(slots=True, kw_only=True, eq=False)
class EndpointRule(Rule):
    """Something that happens at an endpoint; `endpoint` None means all four."""

    endpoint: Endpoint | None = None

    @override
    def __post_init__(self) -> None:
        """Take an endpoint by its bare name too; raise `ValueError` on nonsense."""
        super().__post_init__()
        if self.endpoint is not None:
            self.endpoint = Endpoint(self.endpoint)


class EndpointRules[R: EndpointRule](Rules[R]):
    """The rules in force, oldest first."""

    def take_at(self, endpoint: Endpoint, matches: Callable[[R], bool]) -> R | None:
        """Return the first rule of the endpoint that matches, used once more."""
        return self.take(
            lambda rule: rule.endpoint in (None, endpoint) and matches(rule)
        )
