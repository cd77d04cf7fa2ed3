"""Sending answers over HTTP, sound or spoilt by a fault."""

import random

from aiohttp import hdrs, web

from .. import responses
from ..faults import draw
from .answers import Answer
from .faults import Fault, FaultKind

_random = random.Random(0)


def respond(answer: Answer) -> web.Response:
    """Return the HTTP response of an answer."""
    headers = {hdrs.CONTENT_TYPE: answer.content_type}
    return web.Response(body=answer.body, status=answer.status, headers=headers)


async def respond_badly(
    request: web.BaseRequest, answer: Answer, fault: Fault
) -> web.StreamResponse:
    """Return or send the response of an answer as the fault makes it."""
    response = respond(answer)
    match fault.kind:
        case FaultKind.HANG:
            await responses.hang()
        case FaultKind.DROP:
            await responses.drop(request)
        case FaultKind.RESET:
            await responses.break_off(request)
        case FaultKind.RESET_MIDWAY:
            await responses.break_off_midway(request, response)
        case FaultKind.DRIP:
            return await responses.drip(
                request, response, lambda: draw(fault.seconds, _random)
            )
        case FaultKind.HTTP_STATUS:
            response = responses.error_page(fault.status)
        case FaultKind.GARBAGE:
            response.body = responses.GARBAGE
        case FaultKind.TRUNCATED:
            response.body = answer.body[: len(answer.body) // 2]
        case FaultKind.EMPTY:
            response.body = b""
        case FaultKind.OVERLONG:
            response.body = answer.body.ljust(fault.size, b"x")
    return response
