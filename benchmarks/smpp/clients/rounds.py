"""How a client in Python is told to send, and tells how long it took."""

from collections.abc import Callable
from itertools import count
import json
import sys
import time
from typing import Final

TEXT: Final = "The washing machine in the cellar is done. Please hang the laundry up, and close the window, please."
"""A hundred characters."""

_NUMBERS = count()


def next_number() -> str:
    """Return a number that no message had yet."""
    return f"96170{next(_NUMBERS):07}"


def serve(send: Callable[[int], None]) -> None:
    """Call `send` for each line on standard input, and print what it took."""
    for line in sys.stdin:
        start, cpu = time.monotonic(), time.process_time()
        send(int(line))
        end, cpu_end = time.monotonic(), time.process_time()
        print(json.dumps([start, end, cpu_end - cpu]), flush=True)
