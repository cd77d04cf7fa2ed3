"""Who is told of news; a fault of one of them hurts nobody else."""

from collections.abc import Callable
import logging

from .errors import stack_of

_LOGGER = logging.getLogger(__name__)


class Listeners[T]:
    """Those who are called with each piece of news of one kind."""

    def __init__(self) -> None:
        """Begin with none."""
        self._listeners: list[Callable[[T], None]] = []

    def __bool__(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    def add(self, listener: Callable[[T], None]) -> Callable[[], None]:
        """Call `listener` from now on; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, news: T) -> None:
        """Call each of them."""
        for listener in list(self._listeners):
            tell(listener, news)


def tell[T](listener: Callable[[T], None], news: T) -> None:
    """Call a listener; what has happened has happened, whatever becomes of the news."""
    try:
        listener(news)
    except Exception as error:  # noqa: BLE001 - it is somebody else's, of any kind
        _LOGGER.error("A listener failed: %s", stack_of(error))
