"""Sending replies over HTTP, sound or spoilt by a fault."""

import random

from aiohttp import hdrs, web

from .. import responses
from .faults import Fault, FaultKind
from .replies import Reply

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
            await responses.hang()
        case FaultKind.RESET:
            await responses.break_off(request)
        case FaultKind.RESET_MIDWAY:
            await responses.break_off_midway(request, response)
        case FaultKind.DRIP:
            return await responses.drip(
                request, response, lambda: fault.draw_seconds(_random)
            )
        case FaultKind.HTTP_STATUS:
            response = responses.error_page(fault.status)
        case FaultKind.GARBAGE:
            response.body = responses.GARBAGE
        case FaultKind.EMPTY:
            response.body = b""
        case FaultKind.OVERLONG:
            response.body = reply.body.ljust(fault.size, b"x")
        case FaultKind.CHARSET:
            kind = reply.content_type.partition(";")[0]
            response.headers[hdrs.CONTENT_TYPE] = f"{kind}; charset={fault.charset}"
    return response
