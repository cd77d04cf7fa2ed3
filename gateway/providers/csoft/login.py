"""What an account at Connection Software consists of."""

from dataclasses import dataclass, field
from enum import StrEnum
import hmac
import re
from typing import Final

from yarl import URL

from ...errors import InputError
from ..urls import read_http_url
from .envelopes import find_unfit

PRIMARY_URL: Final = "https://www.csoft.co.uk/sendsms5"
BACKUP_URL: Final = "https://www2.csoft.co.uk/sendsms5"

LONGEST_CREDENTIAL: Final = 20


class DeliveryOption(StrEnum):
    """The values of `DeliveryOption`: which way messages take."""

    DEFAULT = "Default"
    PREMIER = "Premier"
    LEAST_COST = "LeastCost"
    ECONOMY = "Economy"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsoftLogin:
    """Where and as whom to send.

    `urls` are tried in their order. Incoming messages are collected every
    `collect_every` seconds, never when it is None. `timeout` bounds a whole request.

    Raises InputError, which names the field, for what cannot be written.
    """

    urls: tuple[URL, ...] = (URL(PRIMARY_URL), URL(BACKUP_URL))
    username: str = field(repr=False)
    pin: str = field(repr=False)
    delivery_option: DeliveryOption = DeliveryOption.DEFAULT
    collect_every: float | None = None
    timeout: float = 30.0

    def __post_init__(self) -> None:
        """Check every value that goes on the wire."""
        for name in ("username", "pin"):
            value: str = getattr(self, name)
            if not value:
                raise InputError(name, f"{name}_empty")
            if find_unfit(value):
                raise InputError(name, f"{name}_characters")

    def without_secrets(self, text: str) -> str:
        """Take the credentials out of what a server says."""
        for secret in (self.username, self.pin):
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "***", text)
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLogin:
    """The Username and PIN that receipts have to bring; None for one that is not set."""

    username: str | None = field(default=None, repr=False)
    pin: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Check that the provider can be given these."""
        for name in ("username", "pin"):
            value: str | None = getattr(self, name)
            if value is not None and not 0 < len(value.strip()) <= LONGEST_CREDENTIAL:
                raise InputError(
                    f"receipt_{name}",
                    f"receipt_{name}_length",
                    most=LONGEST_CREDENTIAL,
                )

    def admits(self, username: str | None, pin: str | None) -> bool:
        """Whether a receipt with these may be taken; the time taken tells nothing."""
        right = _is_same(self.username, username)
        return _is_same(self.pin, pin) and right


def read_url(url: str, field: str = "url") -> URL:
    """Return the address of a server, as users write it.

    Without a scheme it is https; without a path it is `/sendsms5`. Raises InputError
    (for this field) for what is no http address, or carries a query or credentials.
    """
    return read_http_url(url, PRIMARY_URL, field)


def _is_same(wanted: str | None, given: str | None) -> bool:
    if wanted is None:
        return True
    return hmac.compare_digest(wanted.strip().encode(), (given or "").strip().encode())
