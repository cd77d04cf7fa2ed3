"""One session, without a gateway, beside other clients."""

from dataclasses import dataclass, field
from statistics import median
from typing import Final

from ..figures import Figure
from ..rounds import (
    Pair,
    Round,
    cost_ratio,
    costs_note,
    fastest_ratio,
    quiet,
    rate,
    rates_note,
    ratio,
)
from ..witness import Witness
from .processes import running_client, running_npm_client, running_smsc

WINDOW: Final = 50
TURNS: Final = 40
WARM_UP: Final = 3
"""Turns before; node compiles what is hot."""
OURS: Final = 2000
NPM: Final = 800
SMPPLIB: Final = 400
CEILING: Final = 20_000
"""Messages in a round: few, that many rounds fit in between two stand-stills."""

LATENCY: Final = 0.020
WINDOWS: Final = (10, 50, 200)
FULL_WINDOWS: Final = 8
"""In a round with latency."""
LATENCY_TURNS: Final = 20


@dataclass(slots=True)
class Sessions:
    """The rounds of one run."""

    npm: list[Pair] = field(default_factory=list)
    smpplib: list[Pair] = field(default_factory=list)
    bare: list[Pair] = field(default_factory=list)
    ceiling: list[Round] = field(default_factory=list)
    delayed: dict[int, list[Pair]] = field(default_factory=dict)

    async def run(self) -> None:
        """Send, all clients in turn."""
        async with (
            running_smsc() as smsc,
            running_client("session_client", smsc, WINDOW) as ours,
            running_client("smpplib_client", smsc, WINDOW) as smpplib,
            running_npm_client(smsc, WINDOW) as npm,
            running_client("bare_client", smsc, WINDOW) as bare,
            running_client("raw_client", smsc, WINDOW) as raw,
        ):
            for turn in range(WARM_UP + TURNS):
                pairs = (
                    Pair(await smpplib.send(SMPPLIB), await ours.send(OURS)),
                    Pair(await npm.send(NPM), await ours.send(OURS)),
                    Pair(await bare.send(OURS), await ours.send(OURS)),
                )
                ceiling = await raw.send(CEILING)
                if turn >= WARM_UP:
                    self.smpplib.append(pairs[0])
                    self.npm.append(pairs[1])
                    self.bare.append(pairs[2])
                    self.ceiling.append(ceiling)
        for window in WINDOWS:
            async with (
                running_smsc("--latency", f"{1000 * LATENCY:g}") as smsc,
                running_client("raw_client", smsc, window) as raw,
                running_client("session_client", smsc, window) as ours,
            ):
                await ours.send(window)
                count = FULL_WINDOWS * window
                self.delayed[window] = [
                    Pair(await raw.send(count), await ours.send(count))
                    for _ in range(LATENCY_TURNS)
                ]

    def figures(self, witness: Witness) -> list[Figure]:
        """Return what it comes to."""
        ceiling = quiet(self.ceiling, witness, lambda each: [each.span])
        return [
            Figure(
                name=f"submit_w{WINDOW}_vs_npm_smpp",
                value=ratio(self.npm, witness),
                at_least=3,
                note=rates_note(self.npm, witness),
            ),
            Figure(
                name=f"submit_w{WINDOW}_vs_smpplib",
                value=ratio(self.smpplib, witness),
                at_least=6,
                note=rates_note(self.smpplib, witness),
            ),
            Figure(
                name=f"cpu_vs_bare_socket_w{WINDOW}",
                value=cost_ratio(self.bare, witness),
                at_most=15,
                note=costs_note(self.bare, witness),
            ),
            *(self._share(window, witness) for window in WINDOWS),
            Figure(
                name="smsc_ceiling_per_second",
                value=median(rate(each) for each in ceiling or self.ceiling),
                unit="/s",
                note="ready-made bytes, their answers only counted",
            ),
        ]

    def _share(self, window: int, witness: Witness) -> Figure:
        """Compare with what never waits but for the window and the latency."""
        pairs = self.delayed[window]
        # The latency runs on while the machine stands still: nothing can be taken off.
        shares = [rate(pair.ours) * LATENCY / window for pair in pairs]
        return Figure(
            name=f"latency{1000 * LATENCY:.0f}ms_w{window}_vs_ideal",
            value=fastest_ratio(pairs),
            at_least=0.95,
            note=f"{max(shares):.3f} of window/latency, {median(shares):.3f} in the "
            f"median of {len(pairs)} rounds; {ratio(pairs, witness):.3f} of the ideal",
        )
