"""Sending replies over HTTP, sound or spoilt by a fault."""

import asyncio
import random

from aiohttp import hdrs, web

from ..connection import reset
from .faults import Fault, FaultKind
from .replies import Reply

_GARBAGE = bytes([0, 255, 254, 128, 192, 193, 245]) * 16
_random = random.Random(0)


def respond(reply: Reply) -> web.Response:
    """Return the HTTP response of a reply."""
    headers = {hdrs.CONTENT_TYPE: reply.content_type}
    if reply.filename is not None:
        disposition = f'attachment; filename="{reply.filename}"'
        headers[hdrs.CONTENT_DISPOSITION] = disposition
    return web.Response(body=reply.body, headers=headers)


async def respond_badly(
    request: web.BaseRequest, reply: Reply, fault: Fault
) -> web.StreamResponse:
    """Return or send the response of a reply as the fault makes it."""
    response = respond(reply)
    match fault.kind:
        case FaultKind.HANG:
            await _hang()
        case FaultKind.RESET:
            await _reset(request)
        case FaultKind.RESET_MIDWAY:
            stream = await _begin(request, reply)
            await stream.write(reply.body[: len(reply.body) // 2])
            await _reset(request)
        case FaultKind.DRIP:
            return await _drip(request, reply, fault)
        case FaultKind.HTTP_STATUS:
            page = f"<html><body><h1>HTTP Status {fault.status}</h1></body></html>"
            response = web.Response(
                status=fault.status, text=page, content_type="text/html"
            )
        case FaultKind.GARBAGE:
            response.body = _GARBAGE
        case FaultKind.EMPTY:
            response.body = b""
        case FaultKind.OVERLONG:
            response.body = reply.body.ljust(fault.size, b"x")
        case FaultKind.CHARSET:
            kind = reply.content_type.partition(";")[0]
            response.headers[hdrs.CONTENT_TYPE] = f"{kind}; charset={fault.charset}"
    return response


async def _begin(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
    """Send the head of a response that is to have the whole body."""
    stream = web.StreamResponse(headers={hdrs.CONTENT_TYPE: reply.content_type})
    stream.content_length = len(reply.body)
    await stream.prepare(request)
    return stream


async def _drip(
    request: web.BaseRequest, reply: Reply, fault: Fault
) -> web.StreamResponse:
    """Send the body byte by byte."""
    stream = await _begin(request, reply)
    for index in range(len(reply.body)):
        await asyncio.sleep(fault.draw_seconds(_random))
        await stream.write(reply.body[index : index + 1])
    await stream.write_eof()
    return stream


async def _reset(request: web.BaseRequest) -> None:
    """Reset the connection; its loss then cancels the handler that runs this."""
    transport = request.transport
    if transport is not None:
        reset(transport)
    await _hang()


async def _hang() -> None:
    """Wait until the client goes away: the server then cancels the handler."""
    await asyncio.Event().wait()
