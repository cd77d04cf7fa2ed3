"""What the turns come to."""

import json
import sys
from typing import Any

from ..figures import Figure
from ..smpp.processes import running
from ..spans import Span
from ..times import Turn, milliseconds, slowness, times_note
from ..witness import Witness, watching


async def measure() -> list[Figure]:
    """Measure everything; takes a quarter of a minute, and two where set-ups wait."""
    async with (
        watching() as witness,
        running(sys.executable, "-m", f"{__package__}.reloading") as child,
    ):
        told: dict[str, Any] = json.loads(await child.hear())
    return [
        *_figures("", told["websmpp"], witness),
        *_figures("smpp_", told["smpp"], witness),
        Figure(
            name="machine_frozen_share",
            value=witness.frozen_share,
            note="stood still as a whole; taken off the times above",
        ),
    ]


def _figures(prefix: str, told: Any, witness: Witness) -> list[Figure]:
    turns = [Turn(Span(*peer), Span(*ours)) for peer, ours in told[0]]
    changes = [Span(*each) for each in told[1]]
    return [
        Figure(
            name=f"{prefix}reload_gap_vs_ntfy",
            value=slowness(turns, witness),
            at_most=2,
            note=times_note(turns, witness),
        ),
        Figure(
            name=f"{prefix}reload_gap_ms",
            value=milliseconds((turn.ours for turn in turns), witness),
            unit="ms",
        ),
        Figure(
            name=f"{prefix}options_gap_ms",
            value=max(1000 * witness.seconds(each) for each in changes),
            unit="ms",
            at_most=0,
            note=f"the longest of {len(changes)} changes",
        ),
    ]
