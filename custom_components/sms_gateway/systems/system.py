"""What the integration has to know about a system."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from homeassistant.core import HomeAssistant
import voluptuous as vol

from ..gateway.model import Receipt
from ..gateway.providers import Provider


class System(ABC):
    """One of the systems: its forms, its login and its webhook."""

    name: ClassVar[str]
    """As stored in config entries and shown in the set-up menu."""
    manufacturer: ClassVar[str]
    model: ClassVar[str]

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

    @abstractmethod
    def normalize(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Bring the login into its stored form; raises InputError."""

    @abstractmethod
    def unique_id(self, data: Mapping[str, Any]) -> str:
        """Name the account that a stored login belongs to."""

    @abstractmethod
    def title(self, data: Mapping[str, Any]) -> str:
        """Name the entry of a stored login."""

    @abstractmethod
    def provider(
        self,
        hass: HomeAssistant,
        data: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Provider:
        """Make the provider for a stored login."""

    @abstractmethod
    def read_push(self, query: Mapping[str, str]) -> Receipt:
        """Read a receipt that the provider brought; raises InputError."""
