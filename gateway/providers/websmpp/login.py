"""What an account at a websmpp server consists of."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from yarl import URL

from ..urls import read_http_url

EXAMPLE_URL: Final = "http://78.108.164.69/websmpp"
"""That of the AMS platform. No account is at it unless its user says so."""


class GmtFormat(StrEnum):
    """How a delivery time and its `gmt` are written.

    A server is known that reads an encoded plus sign as GMT itself, and delivers at a
    wrong time. A time in UTC with `+0000` is right on it and on one that reads well.
    """

    UTC = "utc"
    """The time in UTC, `gmt=+0000`."""
    SIGNED = "signed"
    """The time in the zone it was given in, `gmt=+0530`."""
    UNSIGNED = "unsigned"
    """As `SIGNED`, a positive offset without its sign: `gmt=0530`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsmppLogin:
    """Where and as whom to log in. `timeout` bounds a whole request, in seconds."""

    url: URL
    user: str
    password: str = field(repr=False)
    gmt_format: GmtFormat = GmtFormat.UTC
    timeout: float = 30.0


def read_url(url: str) -> URL:
    """Return the base address of a server, as users write it.

    Without a scheme it is http; without a path it is `/websmpp`. Raises InputError
    (field `url`) for what is no http address, or carries a query or credentials.
    """
    return read_http_url(url, EXAMPLE_URL)
