"""websmpp in a running Home Assistant, against a bare aiohttp loop."""

import asyncio
from collections.abc import Sequence
from statistics import median
import time
from types import MappingProxyType
from typing import Any, Final

import aiohttp
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .figures import Figure
from .home import running_home
from .probes import LoopProbe, Stopwatch, resident_mib
from .provider import Provider, running_websmpp

IN_FLIGHT: Final = 8
MESSAGES: Final = 1000
BULK: Final = 10_000
SINGLES: Final = 50
ROUNDS: Final = 5
TEXT: Final = "The washing machine in the cellar is done. Please hang the laundry up. "


async def measure() -> list[Figure]:
    """Measure everything; takes about half a minute."""
    options = ("--account", "bench:bench:10000000", "--no-rules", "--delay", "3600")
    async with running_websmpp(*options) as provider, running_home() as hass:
        setup_ms, idle_mib = await _set_up(hass, provider)
        to_wire = await _action_to_wire(hass, provider)
        bare: list[float] = []
        ours: list[float] = []
        held: list[float] = []
        for turn in range(ROUNDS):
            bare.append(await _bare(hass, provider, _numbers(turn, MESSAGES)))
            async with LoopProbe() as probe:
                ours.append(await _send(hass, _numbers(turn, MESSAGES)))
            held.append(probe.longest_ms)
        bulk: list[float] = []
        bulk_held: list[float] = []
        for turn in range(ROUNDS, 2 * ROUNDS):
            async with LoopProbe() as probe:
                bulk.append(await _send(hass, _numbers(turn, BULK), track=False))
            bulk_held.append(probe.longest_ms)
    ratio = median(one / other for one, other in zip(ours, bare, strict=True))
    return [
        Figure(
            name="tracked_1000_vs_bare_aiohttp",
            value=ratio,
            at_most=1.5,
            note=f"{median(ours):.3f} s against {median(bare):.3f} s",
        ),
        Figure(name="action_to_wire_ms", value=to_wire, unit="ms", at_most=10),
        Figure(
            name="longest_hold_ms",
            # What else the machine does only adds to it: the quietest round tells ours.
            value=max(min(held), min(bulk_held)),
            unit="ms",
            at_most=20,
            note=f"1,000 tracked {_span(held)}, 10,000 in bulk {_span(bulk_held)}",
        ),
        Figure(name="idle_mib", value=idle_mib, unit="MiB", at_most=10),
        Figure(name="setup_ms", value=setup_ms, unit="ms", at_most=150),
        Figure(name="bulk_10000_s", value=median(bulk), unit="s"),
    ]


async def _set_up(hass: HomeAssistant, provider: Provider) -> tuple[float, float]:
    """Add the account as a start does; returns milliseconds and MiB, imports included."""
    entry = ConfigEntry(
        data={
            "system": "websmpp",
            "url": provider.base_url,
            "verify_ssl": True,
            "username": "bench",
            "password": "bench",
            "webhook_id": "bench",
        },
        discovery_keys=MappingProxyType({}),
        domain="sms_gateway",
        minor_version=1,
        options={"sender": "Bench"},
        source=SOURCE_USER,
        subentries_data=(),
        title="websmpp bench",
        unique_id="websmpp:bench",
        version=1,
    )
    before = resident_mib()
    watch = Stopwatch()
    await hass.config_entries.async_add(entry)
    setup_ms = watch.seconds * 1000
    await hass.async_block_till_done()
    if entry.state is not ConfigEntryState.LOADED:
        raise RuntimeError(f"the account is {entry.state}")
    return setup_ms, resident_mib() - before


async def _action_to_wire(hass: HomeAssistant, provider: Provider) -> float:
    """Return the median milliseconds from an action call to the request's arrival."""
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
    return 1000 * median(
        arrival - call for call, arrival in zip(called, arrivals, strict=True)
    )


async def _send(
    hass: HomeAssistant, numbers: Sequence[str], *, track: bool = True
) -> float:
    """Send by one action; returns the seconds until its answer."""
    watch = Stopwatch()
    answer = await hass.services.async_call(
        "sms_gateway",
        "send_message",
        {"target": numbers, "message": TEXT, "track": track},
        blocking=True,
        return_response=True,
    )
    seconds = watch.seconds
    messages: Any = answer and answer["messages"]
    states = {row["state"] for row in messages or ()}
    if states != {"accepted"}:
        raise RuntimeError(f"the messages are {states}")
    return seconds


async def _bare(
    hass: HomeAssistant, provider: Provider, numbers: Sequence[str]
) -> float:
    """Send the same requests by nothing but aiohttp; returns the seconds."""
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

    watch = Stopwatch()
    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    return watch.seconds


def _span(values: Sequence[float]) -> str:
    return f"{min(values):.1f} to {max(values):.1f}"


def _numbers(series: int, count: int) -> list[str]:
    """Return numbers that no other series has."""
    return [f"+9617{series:02}{number:05}" for number in range(count)]
