"""HTTP responses gone wrong, as a broken server or the network makes them."""

import asyncio
from collections.abc import Callable
from typing import Never

from aiohttp import hdrs, web

from .connection import reset

GARBAGE = bytes([0, 255, 254, 128, 192, 193, 245]) * 16
"""Bytes that are no text."""


def error_page(status: int) -> web.Response:
    """Return the page of an HTTP error."""
    page = f"<html><body><h1>HTTP Status {status}</h1></body></html>"
    return web.Response(status=status, text=page, content_type="text/html")


async def drip(
    request: web.BaseRequest, response: web.Response, pause: Callable[[], float]
) -> web.StreamResponse:
    """Send the body byte by byte, each after a pause of seconds."""
    body = _body(response)
    stream = await _begin(request, response, len(body))
    for index in range(len(body)):
        await asyncio.sleep(pause())
        await stream.write(body[index : index + 1])
    await stream.write_eof()
    return stream


async def break_off_midway(request: web.BaseRequest, response: web.Response) -> Never:
    """Send half of the body, then reset the connection."""
    body = _body(response)
    stream = await _begin(request, response, len(body))
    await stream.write(body[: len(body) // 2])
    await break_off(request)


async def break_off(request: web.BaseRequest) -> Never:
    """Reset the connection; its loss then cancels the handler that runs this."""
    transport = request.transport
    if transport is not None:
        reset(transport)
    await hang()


async def drop(request: web.BaseRequest) -> Never:
    """Close the connection without a word."""
    transport = request.transport
    if transport is not None:
        transport.close()
    await hang()


async def hang() -> Never:
    """Wait until the client goes away: the server then cancels the handler."""
    while True:
        await asyncio.Event().wait()


async def _begin(
    request: web.BaseRequest, response: web.Response, length: int
) -> web.StreamResponse:
    """Send the head of a response that is to have the whole body."""
    kind = response.headers[hdrs.CONTENT_TYPE]
    stream = web.StreamResponse(
        status=response.status, headers={hdrs.CONTENT_TYPE: kind}
    )
    stream.content_length = length
    await stream.prepare(request)
    return stream


def _body(response: web.Response) -> bytes:
    """Return the body of a response."""
    return response.body if isinstance(response.body, bytes) else b""
