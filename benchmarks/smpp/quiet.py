"""Which of many short rounds the machine ran through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from ..spans import Span
from ..witness import Witness
from .processes import Sending

_UNTOUCHED = 0.99


@dataclass(frozen=True, slots=True)
class Pair:
    """A round of ours, and the one of a peer before it."""

    peer: Sending
    ours: Sending


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


def quiet_pairs(pairs: Sequence[Pair], witness: Witness) -> list[Pair]:
    """Return the pairs of which the machine touched neither half; all, if none is."""
    return quiet(pairs, witness, lambda pair: (pair.peer.span, pair.ours.span)) or list(
        pairs
    )


def rate(sending: Sending, witness: Witness) -> float:
    """Return the messages a second, the time that the machine stood still taken off."""
    return sending.count / witness.seconds(sending.span)


def rates_note(pairs: Sequence[Pair], witness: Witness) -> str:
    """Say how fast both were, and from how many rounds that is known."""
    kept = quiet_pairs(pairs, witness)
    ours = median(rate(pair.ours, witness) for pair in kept)
    peer = median(rate(pair.peer, witness) for pair in kept)
    return f"{ours:,.0f}/s against {peer:,.0f}/s, {len(kept)} of {len(pairs)} rounds"


def ratio(pairs: Sequence[Pair], witness: Witness) -> float:
    """Return how many times as fast as the peer ours is, the median of the pairs."""
    return median(
        rate(pair.ours, witness) / rate(pair.peer, witness)
        for pair in quiet_pairs(pairs, witness)
    )
