"""What the integration has to know about a system."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
import voluptuous as vol

from ..gateway.errors import InputError
from ..gateway.providers import Capabilities, Provider
from .fields import PASSWORD, with_optional
from .receiver import Receiver


def can_send(data: Mapping[str, Any]) -> bool:
    """Whether the account of a stored login is one to send with.

    One without a user name only takes receipts.
    """
    return data.get(CONF_USERNAME) != ""


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
    secret: ClassVar[str] = CONF_PASSWORD
    """The one of them that is not shown again."""
    error_fields: ClassVar[Mapping[str, str]] = {}
    suggestions: ClassVar[Mapping[str, Any]] = {}
    """What the login form suggests where a field may also be left empty."""
    examples: ClassVar[Mapping[str, str]] = {}
    """What the texts of the login form show as an example."""
    needs_sender: ClassVar[bool] = True
    has_currency: ClassVar[bool] = False
    """Whether the credit is money, not a number of parts."""
    webhook_step: ClassVar[str | None] = None
    """The step of the set-up that shows the webhook; None for a system without one."""
    reauth_step: ClassVar[str] = "reauth_confirm"
    """The step that asks for the secret by its name."""
    options_step: ClassVar[str] = "without_webhook"
    """The step whose texts fit the options, and the webhook if there is one."""

    @property
    @abstractmethod
    def login_schema(self) -> vol.Schema:
        """The form that asks for the login."""

    @property
    def receipts_schema(self) -> vol.Schema:
        """The form of an account that only takes receipts; empty where there is none."""
        return vol.Schema({})

    @property
    def secret_schema(self) -> vol.Schema:
        """The form that asks for the secret alone, when it has changed."""
        return vol.Schema({vol.Required(self.secret): PASSWORD})

    def change_schema(self, data: Mapping[str, Any]) -> vol.Schema:
        """Return the form that changes a stored login; without a secret, it stays."""
        return with_optional(self.login_schema, self.secret)

    @abstractmethod
    def option_schema(self, data: Mapping[str, Any]) -> dict[vol.Marker, Any]:
        """Return the options that only this system has, for a stored login."""

    @abstractmethod
    def in_flight(self, data: Mapping[str, Any], options: Mapping[str, Any]) -> int:
        """Return how many messages may be on their way to the provider at once."""

    def receiver(
        self, data: Mapping[str, Any], options: Mapping[str, Any]
    ) -> Receiver | None:
        """Make what takes the receipts that come to the account's webhook.

        None where the provider brings none there.
        """
        return None

    def webhook_words(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return what the provider is to be given along with the webhook's address."""
        return {}

    def replace_login(
        self, data: Mapping[str, Any], given: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Put what the form gave into the place of a stored login.

        A secret that was not given stays, unless the account is another one: raises
        InputError then.
        """
        names = self.login_fields - {self.secret}
        is_other = any(given.get(each, "").strip() != data[each] for each in names)
        if given.get(self.secret):
            return {**given}
        if is_other:
            raise InputError(self.secret, f"{self.secret}_empty")
        return {**given, self.secret: data[self.secret]}

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
