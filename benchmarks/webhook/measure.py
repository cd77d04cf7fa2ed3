"""What the rounds come to.

All of it is done twice. Without a recorder the path of a receipt is the HTTP server, the
webhook, the journal and the event entity. With one, most of the time goes to what it
writes of the events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import json
from statistics import median
import sys
from typing import Any, Self

from ..figures import Figure
from ..probes import Hold, longest
from ..rounds import Pair, Round, rates_note, ratio
from ..smpp.processes import running
from ..spans import Span
from ..witness import Witness, watching


@dataclass(frozen=True, slots=True)
class _Run:
    """What one Home Assistant did."""

    pairs: list[Pair]
    bursts: list[tuple[list[Hold], list[Hold]]]
    """The holds of the empty webhook, and ours."""

    @classmethod
    async def of(cls, *options: str) -> Self:
        """Run one in a process of its own."""
        module = f"{__package__}.posting"
        async with running(sys.executable, "-m", module, *options) as child:
            told: dict[str, Any] = json.loads(await child.hear())
        return cls(
            [Pair(_round(empty), _round(ours)) for empty, ours in told["pairs"]],
            [(_holds(empty), _holds(ours)) for empty, ours in told["bursts"]],
        )

    def held(self, witness: Witness) -> tuple[list[float], list[float]]:
        """Return the longest holds of the bursts, the empty webhook's and ours, in ms."""
        return (
            [1000 * longest(empty, witness) for empty, _ in self.bursts],
            [1000 * longest(ours, witness) for _, ours in self.bursts],
        )


async def measure() -> list[Figure]:
    """Measure everything; takes about half a minute."""
    async with watching() as witness:
        bare = await _Run.of()
        recorded = await _Run.of("--recorder")
    empty_held, held = bare.held(witness)
    recorded_empty_held, recorded_held = recorded.held(witness)
    return [
        Figure(
            name="receipts_vs_empty_webhook",
            value=ratio(bare.pairs, witness),
            at_least=0.4,
            note=rates_note(bare.pairs, witness),
        ),
        Figure(
            name="recorded_receipts_vs_empty_webhook",
            value=ratio(recorded.pairs, witness),
            note=rates_note(recorded.pairs, witness),
        ),
        Figure(
            name="burst_1000_longest_hold_vs_empty_webhook",
            value=max(held) / max(empty_held),
            at_most=5,
            note=_holds_note(held, empty_held),
        ),
        Figure(
            name="recorded_burst_1000_hold_vs_empty_webhook",
            value=median(recorded_held) / median(recorded_empty_held),
            note=_holds_note(recorded_held, recorded_empty_held),
        ),
        Figure(
            name="machine_frozen_share",
            value=witness.frozen_share,
            note="stood still as a whole; taken off the times above",
        ),
    ]


def _round(told: list[Any]) -> Round:
    count, span, cpu_seconds = told
    return Round(count, Span(*span), cpu_seconds)


def _holds(told: list[Any]) -> list[Hold]:
    return [Hold(Span(*span), cpu_seconds) for span, cpu_seconds in told]


def _holds_note(ours: Sequence[float], empty: Sequence[float]) -> str:
    return (
        f"{min(ours):.1f} to {max(ours):.1f} ms "
        f"against {min(empty):.1f} to {max(empty):.1f}"
    )
