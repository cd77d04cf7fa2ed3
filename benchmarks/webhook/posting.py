"""Posts receipts to a Home Assistant, in a process of its own.

`python -m benchmarks.webhook.posting [--recorder]`: one process can start only one.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple
import json
import sys
import time
from types import MappingProxyType
from typing import Final

from aiohttp import web
from homeassistant.components import webhook
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.core import Event, HomeAssistant, callback

from ..home import running_home
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
BURSTS: Final = 6
TEXT: Final = "The washing machine in the cellar is done."
_WEBHOOK: Final = "bench"
_EMPTY: Final = "bench-empty"
_RECEIPT: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"
 xmlns:xsi="http://www.w3.org/1999/XMLSchema-instance"
 xmlns:xsd="http://www.w3.org/1999/XMLSchema"
 xmlns:ns1="http://www.itsarrived.net/dtd/sendsms2"
 xmlns:ns2="http://www.itsarrived.net/dtd/sendsms3">
<SOAP-ENV:Body SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
<ns2:SubmitDeliveryReceipt>
<Username xsi:type="xsd:string">bench</Username>
<PIN xsi:type="xsd:string">bench</PIN>
<Timestamp1 xsi:type="xsd:dateTime">2026-01-01T12:00:00Z</Timestamp1>
<SentTo xsi:type="xsd:string">{number}</SentTo>
<MessageIdentifier xsi:type="xsd:string">{identifier}</MessageIdentifier>
<Report xsi:type="xsd:int">0</Report>
</ns2:SubmitDeliveryReceipt>
</SOAP-ENV:Body>
</SOAP-ENV:Envelope>
"""


async def main(*, recorder: bool) -> None:
    """Print what all rounds and bursts took, as JSON."""
    pairs: list[tuple[Round, Round]] = []
    bursts: list[list[Hold]] = []
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
            async with probing() as probe:
                await _deliver(hass, poster, bodies)
            bursts.append(probe.holds)
    print(json.dumps({"pairs": pairs, "bursts": bursts}, default=astuple))


async def _set_up(hass: HomeAssistant, url: str) -> None:
    """Add the account, and the webhook that does nothing."""
    entry = ConfigEntry(
        data={
            "system": "csoft",
            "username": "bench",
            "pin": "bench",
            "receipt_username": "bench",
            "receipt_pin": "bench",
            "advanced": {"url": url, "secondary_url": ""},
            "webhook_id": _WEBHOOK,
        },
        discovery_keys=MappingProxyType({}),
        domain="sms_gateway",
        minor_version=1,
        options={"sender": "Bench"},
        source=SOURCE_USER,
        subentries_data=(),
        title="csoft bench",
        unique_id="csoft:bench",
        version=1,
    )
    await hass.config_entries.async_add(entry)
    await hass.async_block_till_done()
    if entry.state is not ConfigEntryState.LOADED:
        raise RuntimeError(f"the account is {entry.state}")

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
    return [
        _RECEIPT.format(
            number=row["recipient"].removeprefix("+"), identifier=row["provider_ids"][0]
        )
        for row in rows
    ]


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
