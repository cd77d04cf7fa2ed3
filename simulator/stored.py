"""What a simulator has taken, in its order."""

from collections.abc import Iterator, Sequence
from typing import overload, override


class Stored[T](Sequence[T]):
    """Things that can be looked at like a list, and only be added to."""

    def __init__(self) -> None:
        """Start empty."""
        self._items: list[T] = []

    def add(self, item: T) -> None:
        """Store a thing."""
        self._items.append(item)

    def clear(self) -> None:
        """Forget all of them."""
        self._items.clear()

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    @override
    def __getitem__(self, index: int | slice) -> T | list[T]:
        """Return the thing or things at a place."""
        return self._items[index]

    @override
    def __iter__(self) -> Iterator[T]:
        """Iterate over the things in the order they were taken."""
        return iter(self._items)

    @override
    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._items)
