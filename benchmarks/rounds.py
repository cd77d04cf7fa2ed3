"""What many short rounds come to on a machine that may stand still in the midst of one.

Rounds of ours and of a peer are run in turn. Those count that the machine ran through;
where it ran through none, the fastest of each side counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from .spans import Span
from .witness import Witness

_UNTOUCHED: Final = 0.99


@dataclass(frozen=True, slots=True)
class Round:
    """What it took to have so many messages answered."""

    count: int
    span: Span
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A round of ours, and the one of a peer before it."""

    peer: Round
    ours: Round


def quiet[T](
    rounds: Sequence[T], witness: Witness, spans: Callable[[T], Sequence[Span]]
) -> list[T]:
    """Return the rounds in which the machine did not stand still."""
    return [
        each
        for each in rounds
        if all(
            witness.seconds(span) >= _UNTOUCHED * span.seconds for span in spans(each)
        )
    ]


def rate(round_: Round) -> float:
    """Return the messages a second."""
    return round_.count / round_.span.seconds


def ratio(pairs: Sequence[Pair], witness: Witness) -> float:
    """Return how many times as fast as the peer ours is."""
    if kept := _quiet_pairs(pairs, witness):
        return median(rate(pair.ours) / rate(pair.peer) for pair in kept)
    return max(rate(each.ours) for each in pairs) / max(
        rate(each.peer) for each in pairs
    )


def rates_note(pairs: Sequence[Pair], witness: Witness) -> str:
    """Say how fast both were, and from how many rounds that is known."""
    kept = _quiet_pairs(pairs, witness)
    typical = median if kept else max
    ours = typical([rate(pair.ours) for pair in kept or pairs])
    peer = typical([rate(pair.peer) for pair in kept or pairs])
    known = (
        f"{len(kept)} of {len(pairs)} rounds quiet"
        if kept
        else f"the fastest of {len(pairs)} rounds, none quiet"
    )
    return f"{ours:,.0f}/s against {peer:,.0f}/s, {known}"


def _quiet_pairs(pairs: Sequence[Pair], witness: Witness) -> list[Pair]:
    return quiet(pairs, witness, lambda pair: (pair.peer.span, pair.ours.span))
