"""websmpp HTTP: the web interface of the AMS platform (websmpp specification)."""

from .login import EXAMPLE_URL, GmtFormat, WebsmppLogin, read_url
from .provider import WebsmppProvider
from .push import ACKNOWLEDGEMENT, read_push

__all__ = [
    "ACKNOWLEDGEMENT",
    "EXAMPLE_URL",
    "GmtFormat",
    "WebsmppLogin",
    "WebsmppProvider",
    "read_push",
    "read_url",
]
