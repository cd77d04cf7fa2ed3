"""How the parts of long incoming messages come together again.

Source: GSM 03.40, clauses 9.2.3.24.1 and 9.2.3.24.8 (concatenated short messages).
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from ..journal import KeptFragment
from ..model import Fragment, IncomingMessage
from ..text import decode

PATIENCE: Final = timedelta(minutes=30)
"""How long a message waits for its missing parts, and its parts for their doubles."""
MOST_PARTS: Final = 2000
"""Parts that may wait at once; then the oldest message is given up."""
MOST_WHOLE: Final = 1000
"""Messages put together whose parts are still known when they come again."""
GAP: Final = "…"
"""Stands where a part is missing."""

type _Key = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Assembled:
    """What came of some fragments; no message where they said nothing new."""

    message: IncomingMessage | None
    fragments: Sequence[str]


@dataclass(slots=True)
class _Group:
    """The parts of one message so far, by their number."""

    since: datetime
    parts: dict[int, KeptFragment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A message that was put together, and the parts that it had."""

    since: datetime
    parts: frozenset[int]


class Assembler:
    """Collects the parts of one account's messages, in memory."""

    def __init__(self) -> None:
        """Begin with none."""
        self._groups: OrderedDict[_Key, _Group] = OrderedDict()
        self._whole: OrderedDict[_Key, _Whole] = OrderedDict()
        self._parts = 0

    def __len__(self) -> int:
        """Count the parts that wait."""
        return self._parts

    def add(self, kept: KeptFragment, now: datetime) -> list[Assembled]:
        """Take a fragment; returns what it completes, or crowds out."""
        place = kept.fragment.place
        if place is None:
            return [_assembled([kept], total=1)]
        key = (kept.fragment.sender, kept.fragment.recipient, *place[:2])
        if self._was_told(key, kept.fragment):
            return [Assembled(None, [kept.id])]
        group = self._groups.setdefault(key, _Group(now))
        if place.number in group.parts:
            return [Assembled(None, [kept.id])]
        group.parts[place.number] = kept
        self._parts += 1
        if len(group.parts) == place.total:
            return [self._finish(key)]
        if self._parts > MOST_PARTS:
            return [self._finish(next(iter(self._groups)))]
        return []

    @property
    def next_end(self) -> datetime | None:
        """When the first message has to be given up, None when none waits."""
        for group in self._groups.values():
            return group.since + PATIENCE
        return None

    def give_up(self, now: datetime) -> list[Assembled]:
        """Return what has waited for too long, as far as it came."""
        limit = now - PATIENCE
        for known in _older(self._whole, limit):
            del self._whole[known]
        return [self._finish(key) for key in _older(self._groups, limit)]

    def _was_told(self, key: _Key, fragment: Fragment) -> bool:
        whole = self._whole.get(key)
        return whole is not None and _mark(fragment) in whole.parts

    def _finish(self, key: _Key) -> Assembled:
        group = self._groups.pop(key)
        self._parts -= len(group.parts)
        parts = [kept for _, kept in sorted(group.parts.items())]
        marks = frozenset(_mark(each.fragment) for each in parts)
        self._whole[key] = _Whole(group.since, marks)
        self._whole.move_to_end(key)
        if len(self._whole) > MOST_WHOLE:
            self._whole.popitem(last=False)
        return _assembled(parts, total=key[-1])


def _mark(fragment: Fragment) -> int:
    return hash((fragment.place, fragment.octets))


def _older(groups: Mapping[_Key, _Group | _Whole], limit: datetime) -> list[_Key]:
    return [key for key, group in groups.items() if group.since <= limit]


def _assembled(parts: Sequence[KeptFragment], *, total: int) -> Assembled:
    first = parts[0]
    message = IncomingMessage(
        id=first.id,
        account=first.account,
        sender=first.fragment.sender,
        recipient=first.fragment.recipient,
        text="".join(_texts([each.fragment for each in parts], total)),
        received_at=max(each.received_at for each in parts),
        sent_at=min(
            filter(None, (each.fragment.sent_at for each in parts)), default=None
        ),
        parts=total,
        is_complete=len(parts) == total,
    )
    return Assembled(message, [each.id for each in parts])


def _texts(parts: Sequence[Fragment], total: int) -> Iterator[str]:
    """Decode what follows on each other as one: a character may be cut in between."""
    expected = 1
    for _, run in groupby(
        enumerate(parts), lambda each: (each[1].charset, _number(each[1]) - each[0])
    ):
        fragments = [fragment for _, fragment in run]
        if _number(fragments[0]) != expected:
            yield GAP
        yield decode(_joined(fragments), fragments[0].charset)
        expected = _number(fragments[-1]) + 1
    if expected <= total:
        yield GAP


def _number(fragment: Fragment) -> int:
    return fragment.place.number if fragment.place else 1


def _joined(fragments: Iterable[Fragment]) -> bytes:
    return b"".join(fragment.octets for fragment in fragments)
