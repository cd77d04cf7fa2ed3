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
    return fastest_ratio(pairs)


def fastest_ratio(pairs: Sequence[Pair]) -> float:
    """Return the same of the fastest round of each side.

    Where both wait most of the time, others that want the processor only slow them.
    """
    return max(rate(each.ours) for each in pairs) / max(
        rate(each.peer) for each in pairs
    )


def rates_note(pairs: Sequence[Pair], witness: Witness) -> str:
    """Say how fast both were, and from how many rounds that is known."""
    ours, peer = _typical(pairs, witness, rate, max)
    return f"{ours:,.0f}/s against {peer:,.0f}/s, {_known(pairs, witness)}"


def cost(round_: Round) -> float:
    """Return the microseconds of processor time for each message."""
    return 1e6 * round_.cpu_seconds / round_.count


def cost_ratio(pairs: Sequence[Pair], witness: Witness) -> float:
    """Return how many times as much processor time as the peer ours takes."""
    kept = _quiet_pairs(pairs, witness) or pairs
    return median(cost(pair.ours) / cost(pair.peer) for pair in kept)


def costs_note(pairs: Sequence[Pair], witness: Witness) -> str:
    """Say what a message costs both."""
    ours, peer = _typical(pairs, witness, cost, min)
    return f"{ours:.3g} us against {peer:.3g} us, {_known(pairs, witness)}"


def _typical(
    pairs: Sequence[Pair],
    witness: Witness,
    figure: Callable[[Round], float],
    best: Callable[[list[float]], float],
) -> tuple[float, float]:
    """Return ours and the peer's: of quiet rounds the median, of others the best."""
    kept = _quiet_pairs(pairs, witness)
    choose: Callable[[list[float]], float] = median if kept else best
    return (
        choose([figure(pair.ours) for pair in kept or pairs]),
        choose([figure(pair.peer) for pair in kept or pairs]),
    )


def _known(pairs: Sequence[Pair], witness: Witness) -> str:
    if kept := _quiet_pairs(pairs, witness):
        return f"{len(kept)} of {len(pairs)} rounds quiet"
    return f"the best of {len(pairs)} rounds, none quiet"


def _quiet_pairs(pairs: Sequence[Pair], witness: Witness) -> list[Pair]:
    return quiet(pairs, witness, lambda pair: (pair.peer.span, pair.ours.span))
