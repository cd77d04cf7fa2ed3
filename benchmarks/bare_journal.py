"""The least that a journal is: a row for each message and what became of it, on the disk.

Peers of the gateway keep one, with the same care: what is committed survives a power cut.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
import sqlite3
import tempfile
from typing import Final, Self

_ROOT: Final = Path(__file__).parent.parent
PACE: Final = 0.020
"""Seconds between two commits while answers come, as the gateway has them."""


@contextmanager
def folder_on_disk() -> Iterator[Path]:
    """Make a folder below the checkout; /tmp may be memory, and a journal is on a disk."""
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=_ROOT) as folder:
        yield Path(folder)


class BareJournal:
    """Methods block: they are for a thread."""

    def __init__(self, path: Path) -> None:
        """Make it; use `opened`."""
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(
            "CREATE TABLE message (id INTEGER PRIMARY KEY, number, text, state)"
        )

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """Keep one while the context lasts."""
        with folder_on_disk() as folder:
            journal = cls(folder / "bare.db")
            with closing(journal._connection):
                yield journal

    def add(self, numbers: Sequence[str], text: str) -> list[int]:
        """Add a message to each number; returns their ids."""
        [last] = self._connection.execute("SELECT ifnull(max(id), 0) FROM message")
        ids = [last[0] + 1 + position for position in range(len(numbers))]
        rows = zip(ids, numbers, strict=True)
        with self._connection:
            self._connection.executemany(
                "INSERT INTO message VALUES (?, ?, ?, 'queued')",
                [(id_, number, text) for id_, number in rows],
            )
        return ids

    def record(self, state: str, ids: Iterable[int]) -> None:
        """Write what became of messages."""
        with self._connection:
            self._connection.executemany(
                "UPDATE message SET state = ? WHERE id = ?",
                [(state, id_) for id_ in ids],
            )
