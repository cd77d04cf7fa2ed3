"""The address of a server that is spoken to by HTTP, as users write it."""

import re
from typing import Final

from yarl import URL

from ..errors import InputError

_HOST: Final = re.compile(r"[0-9A-Za-z_.-]+|[0-9A-Fa-f:.]+(?:%[0-9A-Za-z_.-]+)?")
"""A name, as the domain name system writes it, or an IPv4 or IPv6 address."""


def read_http_url(url: str, example: str, field: str = "url") -> URL:
    """Return an address; one without scheme or path has those of the example.

    Raises InputError (for this field) for what is no http address, or carries a query or
    credentials.
    """
    usual = URL(example)
    text = url.strip()
    if "://" not in text:
        text = f"{usual.scheme}://{text}"
    try:
        parsed = URL(text)
        port = parsed.port
    except ValueError:
        # The address may hold a password: it is not repeated here.
        raise InputError(field, f"{field}_form", example=example) from None
    host = parsed.raw_host or ""
    if parsed.scheme not in ("http", "https") or not _HOST.fullmatch(host) or not port:
        raise InputError(field, f"{field}_form", example=example)
    if parsed.user or parsed.password or parsed.query_string or parsed.fragment:
        raise InputError(field, f"{field}_login")
    return parsed.with_path(parsed.path.rstrip("/") or usual.path)
