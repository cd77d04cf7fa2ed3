"""The time of the event loop, which a test can move on."""

from collections.abc import Callable


class LoopTime:
    """Goes on as ever; what falls due in the time that is passed over is done next."""

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._passed_over = 0.0

    def __call__(self) -> float:
        return self._time() + self._passed_over

    def advance(self, seconds: float) -> None:
        self._passed_over += seconds
