"""What the rounds come to.

All of it is done twice. Without a recorder the path of a receipt is the HTTP server, the
webhook, the journal and the event entity. With one, most of the time goes to what it
writes of the events.
"""

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
    bursts: list[list[Hold]]

    @classmethod
    async def of(cls, *options: str) -> Self:
        """Run one in a process of its own."""
        module = f"{__package__}.posting"
        async with running(sys.executable, "-m", module, *options) as child:
            told: dict[str, Any] = json.loads(await child.hear())
        return cls(
            [Pair(_round(empty), _round(ours)) for empty, ours in told["pairs"]],
            [
                [Hold(Span(*span), cpu) for span, cpu in burst]
                for burst in told["bursts"]
            ],
        )

    def held(self, witness: Witness) -> list[float]:
        """Return the longest hold of each burst that can be ours, in milliseconds."""
        return [1000 * longest(burst, witness) for burst in self.bursts]


async def measure() -> list[Figure]:
    """Measure everything; takes about half a minute."""
    async with watching() as witness:
        bare = await _Run.of()
        recorded = await _Run.of("--recorder")
    held, recorded_held = bare.held(witness), recorded.held(witness)
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
            name="burst_1000_longest_hold_ms",
            value=max(held),
            unit="ms",
            at_most=20,
            note=f"the longest of {len(held)} bursts; {min(held):.1f} in the quietest",
        ),
        Figure(
            name="recorded_burst_1000_hold_ms",
            value=median(recorded_held),
            unit="ms",
            note=f"{min(recorded_held):.1f} to {max(recorded_held):.1f}",
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
