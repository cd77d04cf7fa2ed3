"""Posts receipts to a Home Assistant, in a process of its own.

`python -m benchmarks.webhook.posting [--recorder]`: one process can start only one.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple
import gc
import json
import sys
import time
from typing import Final

from aiohttp import web
from homeassistant.components import webhook
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance

from simulator.csoft import ReceiptForm, Told, compose

from ..entries import account_entry
from ..home import running_home, set_up
from ..probes import Hold, probing
from ..provider import running_csoft
from ..rounds import Round
from ..smpp.processes import Child, running
from ..spans import Span

RECEIPTS: Final = 1000
ROUNDS: Final = 12
CONNECTIONS: Final = 50
"""Receipts share a commit of the journal with those that come meanwhile."""
BURST: Final = 1000
BURSTS: Final = 12
TEXT: Final = "The washing machine in the cellar is done."
_WEBHOOK: Final = "bench"
_EMPTY: Final = "bench-empty"


async def main(*, recorder: bool) -> None:
    """Print what all rounds and bursts took, as JSON."""
    pairs: list[tuple[Round, Round]] = []
    bursts: list[tuple[list[Hold], list[Hold]]] = []
    async with (
        running_csoft("--account", "bench:bench:10000000", "--delay", "1e9") as url,
        running_home(recorder=recorder) as hass,
        _poster(hass) as poster,
    ):
        await _set_up(hass, url)
        for turn in range(ROUNDS):
            bodies = await _receipts(hass, turn, RECEIPTS)
            empty = await _post(poster, _EMPTY, bodies, "")
            pairs.append((empty, await _deliver(hass, poster, bodies)))
        for turn in range(ROUNDS, ROUNDS + BURSTS):
            bodies = await _receipts(hass, turn, BURST)
            # What sending has left behind is not collected at the receipts' expense.
            gc.collect()
            async with probing() as empty_probe:
                await _post(poster, _EMPTY, bodies, "")
            gc.collect()
            async with probing() as probe:
                await _deliver(hass, poster, bodies)
            bursts.append((empty_probe.holds, probe.holds))
    print(json.dumps({"pairs": pairs, "bursts": bursts}, default=astuple))


async def _set_up(hass: HomeAssistant, url: str) -> None:
    """Add the account, and the webhook that does nothing."""
    entry = account_entry(
        "csoft",
        username="bench",
        pin="bench",
        receipt_username="bench",
        receipt_pin="bench",
        advanced={"url": url, "secondary_url": ""},
        webhook_id=_WEBHOOK,
    )
    await set_up(hass, entry)

    async def nothing(_: HomeAssistant, __: str, request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    webhook.async_register(hass, "webhook", "empty", _EMPTY, nothing)


async def _receipts(hass: HomeAssistant, turn: int, count: int) -> list[str]:
    """Send messages; returns what the provider would post of their delivery."""
    numbers = [f"+4477{turn:02}{number:06}" for number in range(count)]
    answer = await hass.services.async_call(
        "sms_gateway",
        "send_message",
        {"target": numbers, "message": TEXT},
        blocking=True,
        return_response=True,
    )
    rows: object = answer and answer["messages"]
    if not isinstance(rows, list) or {row["state"] for row in rows} != {"accepted"}:
        raise RuntimeError("the messages are not accepted")
    await hass.async_block_till_done()
    if DATA_INSTANCE in hass.data:
        # What it still writes would slow the empty webhook down.
        await get_instance(hass).async_block_till_done()
    return [
        _receipt(row["recipient"].removeprefix("+"), row["provider_ids"][0])
        for row in rows
    ]


def _receipt(number: str, identifier: str) -> str:
    """Write what is posted of a message that has arrived."""
    told = Told("bench", "bench", "2026-01-01T12:00:00Z", number, identifier, "0")
    return compose([told], ReceiptForm()).body.decode()


async def _deliver(hass: HomeAssistant, poster: Child, bodies: Sequence[str]) -> Round:
    """Post receipts, and see that each was told by the event entity's event."""
    told = 0

    @callback
    def hear(event: Event) -> None:
        nonlocal told
        told += event.data["state"] == "delivered"

    stop_listening = hass.bus.async_listen("sms_gateway_receipt", hear)
    posted = await _post(poster, _WEBHOOK, bodies, ">0</Report>")
    await hass.async_block_till_done()
    stop_listening()
    if told != len(bodies):
        raise RuntimeError(f"{told} of {len(bodies)} receipts were told")
    return posted


async def _post(
    poster: Child, webhook_id: str, bodies: Sequence[str], words: str
) -> Round:
    """Have bodies posted; returns the time until all are answered."""
    cpu = time.process_time()
    poster.tell(json.dumps([f"/api/webhook/{webhook_id}", list(bodies), words]))
    start, end, wrong = json.loads(await poster.hear())
    if wrong:
        raise RuntimeError(f"{wrong} posts were answered wrongly")
    return Round(len(bodies), Span(start, end), time.process_time() - cpu)


@asynccontextmanager
async def _poster(hass: HomeAssistant) -> AsyncIterator[Child]:
    """Run a poster while the context lasts."""
    module = f"{__package__}.poster"
    port = str(hass.http.server_port)
    async with running(sys.executable, "-m", module, port, str(CONNECTIONS)) as child:
        await child.hear()
        yield child


if __name__ == "__main__":
    asyncio.run(main(recorder="--recorder" in sys.argv))
