"""Reading what is posted, and no more of it than may be wanted."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from aiohttp import StreamReader, hdrs, web

TIMEOUT: Final = 30.0
"""Seconds that a body may take to arrive."""


class BodyError(Exception):
    """The body cannot be had; `status` is what to answer."""

    def __init__(self, status: HTTPStatus) -> None:
        """Take the status."""
        super().__init__(status.phrase)
        self.status = status


async def read_body(request: web.Request, most: int) -> bytes:
    """Read a body of at most so many bytes; raises BodyError.

    Home Assistant takes 16 MiB, and holds them, for whoever asks for all.
    """
    # Home Assistant Cloud brings a stream of another kind.
    content: Any = request.content
    if isinstance(content, StreamReader) and content.is_eof():
        # All of it came with the headers, as of nearly every receipt.
        if len(whole := content.read_nowait()) > most:
            raise BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return whole
    # Its requests have headers, but no content_length.
    with suppress(ValueError):
        if int(request.headers.get(hdrs.CONTENT_LENGTH, "")) > most:
            raise BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(TIMEOUT):
            while chunk := await content.read(most + 1 - len(body)):
                body += chunk
                if len(body) > most:
                    raise BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except TimeoutError:
        raise BodyError(HTTPStatus.REQUEST_TIMEOUT) from None
    except web.RequestPayloadError, ConnectionError:
        raise BodyError(HTTPStatus.BAD_REQUEST) from None
    return bytes(body)


def refuse(
    request: web.Request, status: HTTPStatus, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer a request whose body is not wanted, and end its connection.

    Else the server would look for the rest of the body, and unpack all of it.
    """
    if isinstance(request.content, StreamReader):
        request.content.feed_eof()
    response = web.Response(status=status, headers=headers)
    response.force_close()
    return response
