"""How answers over HTTP are read, and what their failures are, for all systems."""

from http import HTTPStatus
from typing import Final

import aiohttp

from ..errors import ProviderError, UnavailableError
from ..reasons import Reason
from .connecting import connection_failure

_BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


async def read_body(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Read a body, but no more of it than is sane; raises ClientPayloadError."""
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > most:
            response.close()
            raise aiohttp.ClientPayloadError("the answer is too long")
    return bytes(content)


def failure(error: Exception, lost: type[ProviderError]) -> ProviderError:
    """Return what aiohttp's error is: `lost` once the request may have gone out.

    Its words hold no address and no secret.
    """
    if isinstance(error, aiohttp.ClientConnectorError):
        return UnavailableError(connection_failure(error.os_error))
    if isinstance(error, TimeoutError):
        words = Reason("no_answer")
        if isinstance(error, aiohttp.ConnectionTimeoutError):
            return UnavailableError(words)
        return lost(words)
    return lost(Reason("connection_lost"))


def refusal(status: int, lost: type[ProviderError]) -> ProviderError:
    """Return what an HTTP status other than 200 says.

    It is `lost` where the server may have taken the request before it failed.
    """
    kind: type[ProviderError] = UnavailableError
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in _BUSY:
        kind = lost
    return kind(_words(status), code=str(status))


def _words(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unexpected HTTP status"
