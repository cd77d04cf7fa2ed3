"""What the simulators share that are servers of HTTP."""

from abc import abstractmethod
from asyncio import BaseProtocol
from collections import Counter, deque
from functools import partial
from typing import Any, Final, override

from aiohttp import web

from .listening import HOST
from .simulator import Simulator
from .traffic import Traffic

_GRACE: Final = 0.1
"""Seconds that open requests get to finish when the server stops."""


class WebSimulator[Record](Simulator):
    """A server of HTTP, and the traffic that it sees."""

    def __init__(self, traffic: Traffic[Record], port: int, **limits: Any) -> None:
        """Take where requests are kept, the port, and the limits of `web.Server`."""
        super().__init__(traffic, port)
        self._traffic = traffic
        self._limits = limits

    @abstractmethod
    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request."""

    @override
    async def start(self) -> None:
        """Listen; raises `OSError` if the port is taken."""
        self._http = web.Server(
            self._handle, access_log=None, handler_cancellation=True, **self._limits
        )
        await self._listening.start()

    @override
    async def stop(self) -> None:
        """Close all connections."""
        await self._listening.stop(partial(self._http.shutdown, _GRACE))

    @property
    def root_url(self) -> str:
        """The URL of the server without a path."""
        return f"http://{HOST}:{self.port}"

    @property
    def requests(self) -> deque[Record]:
        """The last requests, oldest first."""
        return self._traffic.requests

    @property
    def requests_count(self) -> int:
        """The number of requests, of all services."""
        return self._traffic.counts.total()

    @property
    def counts(self) -> Counter[str]:
        """The number of requests to each service."""
        return self._traffic.counts

    @override
    def _connection(self) -> BaseProtocol:
        return self._http()
