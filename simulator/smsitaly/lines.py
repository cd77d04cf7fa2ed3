"""One connection: octets in, lines out of them."""

from abc import abstractmethod
from typing import override

from ..connection import Connection

END = b"\r\n"
LONGEST = 4096
"""Octets of a line, its end included."""


class Lines(Connection):
    """Cuts what is received into lines, which end with CR and LF and nothing else."""

    def __init__(self) -> None:
        """Wait for the connection."""
        super().__init__()
        self._received = b""
        self._skipping = False

    @abstractmethod
    def take(self, line: bytes) -> None:
        """Take a line, without its end."""

    @abstractmethod
    def take_overlong(self) -> None:
        """Take note of a line that is too long, as soon as that is known."""

    @override
    def data_received(self, data: bytes) -> None:
        """Take the lines that are complete."""
        self._received += data
        while not self.is_ignoring and self._cut():
            pass

    def _cut(self) -> bool:
        """Cut the next line off; tell whether there was something to be cut."""
        line, end, rest = self._received.partition(END)
        if end:
            self._received = rest
            if self._skipping:
                self._skipping = False
            elif len(line) + len(END) > LONGEST:
                self.take_overlong()
            else:
                self.take(line)
            return True
        if not self._skipping and len(line) >= LONGEST:
            self._skipping = True
            self.take_overlong()
        if self._skipping:
            self._received = line[-1:]
        return False
