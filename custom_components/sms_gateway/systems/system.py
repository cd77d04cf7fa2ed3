"""What the integration has to know about a system."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from homeassistant.core import HomeAssistant
import voluptuous as vol

from ..gateway.model import Receipt
from ..gateway.providers import Capabilities, Provider


class System(ABC):
    """One of the systems: its forms, its login and its webhook.

    `capabilities` are those of its provider. `error_fields` are the fields of the login
    form that the provider's codes are about; a refused login without one of them is
    told at all `login_fields`, a provider that cannot be reached at the
    `address_field`.
    """

    name: ClassVar[str]
    """As stored in config entries and shown in the set-up menu."""
    manufacturer: ClassVar[str]
    model: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    address_field: ClassVar[str]
    login_fields: ClassVar[frozenset[str]]
    error_fields: ClassVar[Mapping[str, str]] = {}
    suggestions: ClassVar[Mapping[str, Any]] = {}
    """What the login form suggests where a field may also be left empty."""

    @property
    @abstractmethod
    def login_schema(self) -> vol.Schema:
        """The form that asks for the login."""

    @property
    @abstractmethod
    def secret_schema(self) -> vol.Schema:
        """The form that asks for the secret alone, when it has changed."""

    @property
    @abstractmethod
    def option_schema(self) -> dict[vol.Marker, Any]:
        """Options that only this system has."""

    @property
    def read_push(self) -> Callable[[Mapping[str, str]], Receipt] | None:
        """What reads a receipt that the provider brings to a webhook of ours.

        It raises InputError. None where the provider brings none there.
        """
        return None

    @abstractmethod
    def in_flight(self, data: Mapping[str, Any], options: Mapping[str, Any]) -> int:
        """Return how many messages may be on their way to the provider at once."""

    @abstractmethod
    def normalize(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Bring the login into its stored form; raises InputError."""

    @abstractmethod
    def unique_id(self, data: Mapping[str, Any]) -> str:
        """Name the account that a stored login belongs to."""

    @abstractmethod
    def title(self, data: Mapping[str, Any]) -> str:
        """Name the entry of a stored login."""

    async def check_options(  # noqa: B027 - most systems need no check
        self, data: Mapping[str, Any], options: Mapping[str, Any]
    ) -> None:
        """Raise InputError for options that this system cannot use."""

    @abstractmethod
    async def provider(
        self,
        hass: HomeAssistant,
        data: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Provider:
        """Make the provider for a stored login."""
