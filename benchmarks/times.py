"""How many times as long as a peer something takes, from turns of both."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from .spans import Span
from .witness import Witness


class Turn(NamedTuple):
    """What the peer took, and then ours."""

    peer: Span
    ours: Span


def slowness(turns: Sequence[Turn], witness: Witness) -> float:
    """Return how many times as long as the peer ours takes, in the median turn."""
    return median(
        witness.seconds(turn.ours) / witness.seconds(turn.peer) for turn in turns
    )


def milliseconds(spans: Iterable[Span], witness: Witness) -> float:
    """Return what the median of these spans took."""
    return 1000 * median(map(witness.seconds, spans))


def times_note(turns: Sequence[Turn], witness: Witness) -> str:
    """Say how long both took."""
    ours = milliseconds((turn.ours for turn in turns), witness)
    peer = milliseconds((turn.peer for turn in turns), witness)
    return f"{ours:.3g} ms against {peer:.3g} ms, medians of {len(turns)}"
