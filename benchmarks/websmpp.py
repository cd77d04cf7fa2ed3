"""websmpp in a running Home Assistant, against a bare aiohttp loop."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
import time
from typing import Any, Final

import aiohttp
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .entries import websmpp_entry
from .figures import Figure
from .home import running_home, set_up
from .probes import LoopProbe, probing, resident_mib
from .provider import Provider, running_websmpp
from .rounds import Pair, Round, rates_note, ratio
from .setups import measure_setups
from .spans import Span
from .times import slowness, times_note
from .witness import watching

IN_FLIGHT: Final = 8
MESSAGES: Final = 1000
BULK: Final = 10_000
SINGLES: Final = 50
TRACKED_ROUNDS: Final = 12
BULK_ROUNDS: Final = 8
TEXT: Final = "The washing machine in the cellar is done. Please hang the laundry up. "


@dataclass(frozen=True, slots=True)
class Action:
    """What an action took, and what became of the event loop meanwhile."""

    sent: Round
    probe: LoopProbe


async def measure() -> list[Figure]:
    """Measure everything; takes about two minutes."""
    options = ("--account", "bench:bench:10000000", "--no-rules", "--delay", "0")
    async with watching() as witness, running_websmpp(*options) as provider:
        setups = await measure_setups(provider.base_url)
        async with running_home() as hass:
            idle_mib = await _set_up(hass, provider.base_url)
            to_wire = await _action_to_wire(hass, provider)
            pairs: list[Pair] = []
            tracked: list[Action] = []
            for turn in range(TRACKED_ROUNDS):
                bare = await _bare(hass, provider, _numbers(turn, MESSAGES))
                tracked.append(await _tracked(hass, _numbers(turn, MESSAGES)))
                pairs.append(Pair(bare, tracked[-1].sent))
            bulk = [
                await _bulk(hass, TRACKED_ROUNDS + turn) for turn in range(BULK_ROUNDS)
            ]
    held = [1000 * each.probe.longest(witness) for each in tracked]
    bulk_held = [1000 * each.probe.longest(witness) for each in bulk]
    return [
        Figure(
            name="tracked_1000_vs_bare_aiohttp",
            value=1 / ratio(pairs, witness),
            at_most=1.5,
            note=rates_note(pairs, witness),
        ),
        Figure(
            name="action_to_wire_ms",
            value=1000 * median(map(witness.seconds, to_wire)),
            unit="ms",
            at_most=10,
        ),
        Figure(
            name="longest_hold_ms",
            # What else the machine does only adds to it: the quietest round tells ours.
            value=max(min(held), min(bulk_held)),
            unit="ms",
            at_most=20,
            note=f"1,000 tracked {_span(held)}, 10,000 in bulk {_span(bulk_held)}",
        ),
        Figure(name="idle_mib", value=idle_mib, unit="MiB", at_most=10),
        Figure(
            name="setup_vs_ntfy",
            value=slowness(setups, witness),
            at_most=1.5,
            note=times_note(setups, witness),
        ),
        Figure(
            name="bulk_10000_s",
            value=median(witness.seconds(each.sent.span) for each in bulk),
            unit="s",
        ),
        Figure(
            name="machine_frozen_share",
            value=witness.frozen_share,
            note="stood still as a whole; taken off all times above",
        ),
    ]


async def _tracked(hass: HomeAssistant, numbers: Sequence[str]) -> Action:
    """Send tracked messages, and wait until the end of each is known."""
    ended = asyncio.Semaphore(0)

    @callback
    def count(event: Event) -> None:
        if event.data["state"] == "delivered":
            ended.release()

    stop_listening = hass.bus.async_listen("sms_gateway_receipt", count)
    async with probing() as probe:
        sent = await _send(hass, numbers)
    # What becomes of the messages is asked for later; it must not slow the next round.
    for _ in numbers:
        await ended.acquire()
    stop_listening()
    return Action(sent, probe)


async def _bulk(hass: HomeAssistant, turn: int) -> Action:
    """Send to 10,000 numbers, untracked."""
    async with probing() as probe:
        sent = await _send(hass, _numbers(turn, BULK), track=False)
    return Action(sent, probe)


async def _set_up(hass: HomeAssistant, url: str) -> float:
    """Add the account; returns how many MiB it takes, with what it imports."""
    before = resident_mib()
    await set_up(hass, websmpp_entry(url))
    return resident_mib() - before


async def _action_to_wire(hass: HomeAssistant, provider: Provider) -> list[Span]:
    """Return the times from an action call to the request's arrival."""
    await provider.tell("reset", {})
    called: list[float] = []
    for number in _numbers(99, SINGLES):
        called.append(time.monotonic())
        await _send(hass, [number])
    arrivals: list[float] = [
        request["arrived"]
        for request in await provider.ask("requests?limit=1000")
        if request["endpoint"] == "websms"
    ]
    return [Span(*each) for each in zip(called, arrivals, strict=True)]


async def _send(
    hass: HomeAssistant, numbers: Sequence[str], *, track: bool = True
) -> Round:
    """Send by one action; returns the time until its answer."""
    start, cpu = time.monotonic(), time.process_time()
    answer = await hass.services.async_call(
        "sms_gateway",
        "send_message",
        {"target": numbers, "message": TEXT, "track": track},
        blocking=True,
        return_response=True,
    )
    sent = Round(len(numbers), Span.since(start), time.process_time() - cpu)
    messages: Any = answer and answer["messages"]
    states = {row["state"] for row in messages or ()}
    if states != {"accepted"}:
        raise RuntimeError(f"the messages are {states}")
    return sent


async def _bare(
    hass: HomeAssistant, provider: Provider, numbers: Sequence[str]
) -> Round:
    """Send the same requests by nothing but aiohttp; returns the time it took."""
    session = async_get_clientsession(hass)
    left = iter(numbers)
    url = f"{provider.base_url}/websms"

    async def work() -> None:
        for number in left:
            form = {
                "user": "bench",
                "pass": "bench",
                "sid": "Bench",
                "mno": number.removeprefix("+"),
                "type": "1",
                "text": TEXT,
            }
            async with session.post(url, data=form) as response:
                if not (await response.text()).startswith("Response: "):
                    raise aiohttp.ClientPayloadError("not accepted")

    start, cpu = time.monotonic(), time.process_time()
    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    return Round(len(numbers), Span.since(start), time.process_time() - cpu)


def _span(values: Sequence[float]) -> str:
    return f"{min(values):.1f} to {max(values):.1f}"


def _numbers(series: int, count: int) -> list[str]:
    """Return numbers that no other series has."""
    return [f"+9617{series:02}{number:05}" for number in range(count)]
