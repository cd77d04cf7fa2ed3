"""One session, without a gateway, beside other clients."""

from dataclasses import dataclass, field
from statistics import median
from typing import Final

from ..figures import Figure
from ..rounds import Pair, Round, quiet, rate, rates_note, ratio
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
    ceiling: list[Round] = field(default_factory=list)
    delayed: dict[int, list[Round]] = field(default_factory=dict)

    async def run(self) -> None:
        """Send, all clients in turn."""
        async with (
            running_smsc() as smsc,
            running_client("session_client", smsc, WINDOW) as ours,
            running_client("smpplib_client", smsc, WINDOW) as smpplib,
            running_npm_client(smsc, WINDOW) as npm,
            running_client("raw_client", smsc, WINDOW) as raw,
        ):
            for turn in range(WARM_UP + TURNS):
                pairs = (
                    Pair(await smpplib.send(SMPPLIB), await ours.send(OURS)),
                    Pair(await npm.send(NPM), await ours.send(OURS)),
                )
                ceiling = await raw.send(CEILING)
                if turn >= WARM_UP:
                    self.smpplib.append(pairs[0])
                    self.npm.append(pairs[1])
                    self.ceiling.append(ceiling)
        for window in WINDOWS:
            async with (
                running_smsc("--latency", f"{1000 * LATENCY:g}") as smsc,
                running_client("session_client", smsc, window) as ours,
            ):
                await ours.send(window)
                self.delayed[window] = [
                    await ours.send(FULL_WINDOWS * window) for _ in range(LATENCY_TURNS)
                ]

    def figures(self, witness: Witness) -> list[Figure]:
        """Return what it comes to."""
        ours = [pair.ours for pair in (*self.npm, *self.smpplib)]
        undisturbed = quiet(ours, witness, lambda each: [each.span]) or ours
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
                name=f"cpu_us_per_message_w{WINDOW}",
                value=1e6
                * median(each.cpu_seconds / each.count for each in undisturbed),
                unit="us",
                at_most=10,
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
        """Return the share of window/latency that was reached."""
        rounds = self.delayed[window]
        kept = quiet(rounds, witness, lambda each: [each.span])
        # The latency runs on while the machine stands still: nothing can be taken off.
        shares = [
            each.count / each.span.seconds * LATENCY / window for each in kept or rounds
        ]
        return Figure(
            name=f"latency{1000 * LATENCY:.0f}ms_w{window}",
            value=median(shares) if kept else max(shares),
            at_least=0.97,
            note=f"{len(kept)} of {len(rounds)} rounds, the best {max(shares):.3f}"
            if kept
            else f"no quiet round, the best of {len(rounds)}",
        )
