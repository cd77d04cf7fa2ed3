"""All of it in one run."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from homeassistant.core import HomeAssistant

from ..entries import websmpp_entry
from ..figures import Figure
from ..home import running_home, set_up
from ..probes import resident_mib
from ..provider import running_websmpp
from ..rounds import Pair, rates_note, ratio
from ..times import slowness, times_note
from ..witness import Witness, watching
from .sending import Action, Bare, Sent
from .setups import measure_setups
from .wire import measure_way_to_wire

MESSAGES: Final = 1000
BULK: Final = 10_000
TRACKED_ROUNDS: Final = 12
BULK_ROUNDS: Final = 12

type Pairs = list[tuple[Sent, Sent]]
"""Of aiohttp alone, and of ours."""


async def measure() -> list[Figure]:
    """Measure everything; takes about two minutes."""
    options = ("--account", "bench:bench:10000000", "--no-rules", "--delay", "0")
    tracked: Pairs = []
    bulk: Pairs = []
    async with watching() as witness, running_websmpp(*options) as provider:
        setups = await measure_setups(provider.base_url)
        async with running_home() as hass:
            idle_mib = await _set_up(hass, provider.base_url)
            action, bare = Action(hass), Bare(hass, provider.base_url)
            to_wire = await measure_way_to_wire(action, bare, provider)
            for turn in range(TRACKED_ROUNDS):
                numbers = _numbers(turn, MESSAGES)
                peer = await bare.send_each(numbers)
                tracked.append((peer, await action.send_tracked(numbers)))
            for turn in range(TRACKED_ROUNDS, TRACKED_ROUNDS + BULK_ROUNDS):
                numbers = _numbers(turn, BULK)
                peer = await bare.send_in_bulk(numbers)
                bulk.append((peer, await action.send_in_bulk(numbers)))
    pairs = [Pair(peer.round, ours.round) for peer, ours in tracked]
    return [
        Figure(
            name="tracked_1000_vs_bare_aiohttp",
            value=1 / ratio(pairs, witness),
            at_most=1.5,
            note=rates_note(pairs, witness),
        ),
        Figure(
            name="action_to_wire_vs_bare_journal",
            value=slowness(to_wire, witness),
            at_most=3,
            note=times_note(to_wire, witness),
        ),
        _longest_hold(tracked, bulk, witness),
        Figure(name="idle_mib", value=idle_mib, unit="MiB", at_most=10),
        Figure(
            name="setup_vs_ntfy",
            value=slowness(setups, witness),
            at_most=1.5,
            note=times_note(setups, witness),
        ),
        Figure(
            name="bulk_10000_s",
            value=median(witness.seconds(ours.round.span) for _, ours in bulk),
            unit="s",
        ),
        Figure(
            name="machine_frozen_share",
            value=witness.frozen_share,
            note="stood still as a whole; taken off all times above",
        ),
    ]


async def _set_up(hass: HomeAssistant, url: str) -> float:
    """Add the account; returns how many MiB it takes, with what it imports."""
    before = resident_mib()
    await set_up(hass, websmpp_entry(url))
    return resident_mib() - before


def _longest_hold(tracked: Pairs, bulk: Pairs, witness: Witness) -> Figure:
    """Compare the quietest rounds: what else the machine does only adds to a hold."""
    loads = [_holds(tracked, witness), _holds(bulk, witness)]
    (each_peer, each_ours), (bulk_peer, bulk_ours) = loads
    return Figure(
        name="longest_hold_vs_bare_aiohttp",
        value=max(min(ours) / min(peer) for peer, ours in loads),
        at_most=5,
        note=f"1,000 tracked {_span(each_ours)} ms against {_span(each_peer)}, "
        f"10,000 in bulk {_span(bulk_ours)} against {_span(bulk_peer)}",
    )


def _holds(pairs: Pairs, witness: Witness) -> tuple[list[float], list[float]]:
    """Return the longest holds of the peer's and of our rounds, in milliseconds."""
    peer, ours = (
        [1000 * each.probe.longest(witness) for each in side]
        for side in zip(*pairs, strict=True)
    )
    return peer, ours


def _span(values: Sequence[float]) -> str:
    return f"{min(values):.1f} to {max(values):.1f}"


def _numbers(series: int, count: int) -> list[str]:
    """Return numbers that no other series has."""
    return [f"+9617{series:02}{number:05}" for number in range(count)]
