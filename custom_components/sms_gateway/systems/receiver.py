"""What takes the receipts that a provider brings to a webhook of ours."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from ..gateway.model import Receipt

type Claim = Callable[[Receipt], Awaitable[bool]]
"""Records a receipt; answers whether it has a message, or may have one in a moment.

Raises SmsGatewayError when it cannot be recorded.
"""


@dataclass(slots=True)
class Reply:
    """The answer to a request, and how many of its receipts had a wrong login."""

    response: web.Response
    refused: int = 0


class Receiver(ABC):
    """Reads what is brought for one account, and answers it."""

    method: ClassVar[str]
    """The only one that receipts come by."""

    @abstractmethod
    async def reply(self, request: web.Request, claim: Claim) -> Reply:
        """Take a request, and answer when its receipts are recorded.

        Raises nothing of its own, whatever was brought.
        """
