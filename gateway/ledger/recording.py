"""What was posted to the ledger, and is to be recorded."""

import asyncio
from asyncio import Future
from collections.abc import Callable, Generator

from ..listeners import tell


class Recording[T]:
    """The record of something posted: await it, or leave it and be told.

    Who is told is told at once, not a turn of the event loop later as by a future: in a
    busy loop such a turn takes as long as several requests. Nobody has to listen.
    """

    __slots__ = ("_error", "_told", "_value", "_waiters", "done")

    def __init__(self) -> None:
        """Begin unrecorded."""
        self.done = False
        self._value: T | None = None
        self._error: Exception | None = None
        self._told: Callable[[Recording[T]], None] | None = None
        self._waiters: list[Future[None]] | None = None

    @property
    def error(self) -> Exception | None:
        """Why the journal does not hold it; None when it does, or may yet."""
        return self._error

    def result(self) -> T:
        """Return what is recorded; raises what went wrong."""
        if self._error is not None:
            raise self._error
        # It is set by now, and may be None.
        return self._value  # type: ignore[return-value]

    def then(self, told: Callable[[Recording[T]], None]) -> None:
        """Call `told` with this as soon as it is done; one may be told."""
        self._told = told
        if self.done:
            self._tell()

    def resolve(self, value: T) -> None:
        """Tell that the journal holds it, unless something was told before."""
        if not self.done:
            self._value = value
            self._finish()

    def fail(self, error: Exception) -> None:
        """Tell that the journal does not hold it, unless something was told before."""
        if not self.done:
            self._error = error
            self._finish()

    def _finish(self) -> None:
        self.done = True
        for waiter in self._waiters or ():
            if not waiter.done():
                waiter.set_result(None)
        self._tell()

    def _tell(self) -> None:
        if self._told is not None:
            tell(self._told, self)

    def __await__(self) -> Generator[None, None, T]:
        """Wait until it is done; raises what went wrong."""
        if not self.done:
            waiter: Future[None] = asyncio.get_running_loop().create_future()
            if self._waiters is None:
                self._waiters = [waiter]
            else:
                self._waiters.append(waiter)
            yield from waiter
        return self.result()
