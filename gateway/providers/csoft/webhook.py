"""A post with receipts, from its bytes to the answer.

The answer is given when the journal holds the receipts. One that cannot be recorded
makes it 503, so that the provider brings all of them again: what is known already
changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from ...errors import DocumentError, SmsGatewayError
from ...model import Receipt
from .acknowledgements import (
    CONTENT_TYPE,
    Acknowledgement,
    refused,
    taken,
    unmatched,
    unreadable,
    write_answer,
)
from .codes import INVALID_LOGIN
from .login import ReceiptLogin
from .receipts import MOST_BYTES, Posted, read_post

type Claim = Callable[[Receipt], Awaitable[bool]]
"""Records a receipt; answers whether it has a message, or may have one in a moment."""

NO_LOGIN: Final = ReceiptLogin()


@dataclass(slots=True)
class PostAnswer:
    """What is answered to a post. `refused` counts its receipts with a wrong login."""

    status: HTTPStatus
    body: bytes = b""
    content_type: str = CONTENT_TYPE
    refused: int = 0


async def take_post(
    body: bytes,
    content_type: str | None,
    claim: Claim,
    *,
    login: ReceiptLogin = NO_LOGIN,
    any_account: bool = False,
) -> PostAnswer:
    """Take what was posted, and answer.

    With `any_account` a receipt may be for a message of another account. Raises nothing
    of its own, whatever was posted.
    """
    if len(body) > MOST_BYTES:
        return PostAnswer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        posted = read_post(body, content_type, any_account=any_account)
    except DocumentError as error:
        answer = write_answer([unreadable("", str(error))])
        return PostAnswer(HTTPStatus.BAD_REQUEST, answer)
    if len(posted) == 1:
        answers = [await _acknowledge(posted[0], claim, login)]
    else:
        answers = await asyncio.gather(
            *(_acknowledge(each, claim, login) for each in posted)
        )
    recorded = [each for each in answers if each is not None]
    if len(recorded) < len(answers):
        return PostAnswer(HTTPStatus.SERVICE_UNAVAILABLE)
    return PostAnswer(
        HTTPStatus.OK,
        write_answer(recorded),
        refused=sum(each.report == INVALID_LOGIN for each in recorded),
    )


async def _acknowledge(
    posted: Posted, claim: Claim, login: ReceiptLogin
) -> Acknowledgement | None:
    """Take one receipt; returns None when it cannot be recorded now."""
    if not login.admits(posted.username, posted.pin):
        return refused(posted.identifier)
    if isinstance(posted.receipt, DocumentError):
        return unreadable(posted.identifier, str(posted.receipt))
    try:
        is_known = await claim(posted.receipt)
    except SmsGatewayError:
        return None
    return (taken if is_known else unmatched)(posted.identifier)
