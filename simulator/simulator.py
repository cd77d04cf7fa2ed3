"""What all simulators share: a port, a beginning and an end, and who waits for what."""

from abc import ABC, abstractmethod
from asyncio import BaseProtocol
from collections.abc import Callable
from types import TracebackType
from typing import Self

from .listening import HOST, Listening
from .waiting import Waiting


class Simulator(ABC):
    """A provider's side, on a port of 127.0.0.1.

    Use it as an asynchronous context manager, or call `start` and `stop`. Everything
    public may be looked at and changed while it runs.
    """

    def __init__(self, waiting: Waiting, port: int) -> None:
        """Take what is told of changes, and the port; 0 takes a free one."""
        self._waiting = waiting
        self._listening = Listening(self._connection, port)

    @abstractmethod
    async def start(self) -> None:
        """Listen; raises `OSError` if a port is taken."""

    @abstractmethod
    async def stop(self) -> None:
        """Close all connections and drop what is still to be sent."""

    @abstractmethod
    def _connection(self) -> BaseProtocol:
        """Make the protocol of a new connection."""

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    @property
    def host(self) -> str:
        """The address that it listens on."""
        return HOST

    @property
    def port(self) -> int:
        """The port that it listens on, the same after a stop."""
        return self._listening.port

    async def wait_for(
        self, condition: Callable[[Self], bool], within: float = 120.0
    ) -> None:
        """Wait until a condition of the simulator holds.

        It is looked at whenever something came, was carried out or was sent, and when a
        session begins or ends. Raises `TimeoutError` if it does not hold within so many
        seconds of real time.
        """
        await self._waiting.wait_for(lambda: condition(self), within)
