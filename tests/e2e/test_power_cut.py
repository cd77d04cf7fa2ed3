"""The released zip, in a Home Assistant that knows nothing of the checkout; a power cut."""

import asyncio
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
import shutil
import sqlite3
import sys
from zipfile import ZipFile

import pytest

from demo.accounts import add_websmpp_account
from demo.api import HomeApi
from demo.home import (
    start_home,
    stop_home,
    wait_until_up,
    write_configuration,
)
from demo.waiting import until
from gateway.outbox import UNRECORDED
from simulator.websmpp import Endpoint, Fault, FaultKind, Status, WebsmppSimulator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

NUMBERS = [f"+96170{number:06}" for number in range(100_100, 100_300)]
IN_FLIGHT = 8
PATIENCE = 600
"""Seconds: Home Assistant listens long before all of it has started."""


def states_in_journal(folder: Path) -> dict[str, str]:
    """Read the state of each number from a copy, as after a power cut."""
    copy = folder / "copy"
    copy.mkdir(exist_ok=True)
    for file in folder.glob("sms_gateway.db*"):
        shutil.copy(file, copy)
    with closing(sqlite3.connect(copy / "sms_gateway.db")) as db:
        return dict(db.execute("SELECT recipient, state FROM message").fetchall())


async def account_is_stored(folder: Path) -> bool:
    entries = folder / ".storage" / "core.config_entries"
    return entries.exists() and "sms_gateway" in await asyncio.to_thread(
        entries.read_text
    )


async def all_delivered_in_journal(folder: Path) -> bool:
    states = await asyncio.to_thread(states_in_journal, folder)
    return set(states.values()) == {"delivered"}


@asynccontextmanager
async def running(folder: Path, url: str) -> AsyncIterator[Process]:
    """Run Home Assistant while the context lasts, or until it is killed."""
    process = await start_home(folder)
    try:
        await wait_until_up(process, folder, url)
        yield process
    finally:
        await stop_home(process)


async def is_importable(module: str, folder: Path) -> bool:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", f"import {module}"),
        cwd=folder,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await process.wait() == 0


async def test_the_released_zip_loses_no_message_in_a_power_cut_and_doubles_few(
    package: Path, folder: Path, free_port: int, provider: WebsmppSimulator
) -> None:
    assert not await is_importable("gateway", folder)
    with ZipFile(package) as archive:
        archive.extractall(folder / "custom_components" / "sms_gateway")
    provider.settings.rules = {}
    provider.faults.add(
        Fault(kind=FaultKind.LATENCY, endpoint=Endpoint.SUBMIT, seconds=0.02)
    )
    write_configuration(folder, free_port)
    url = f"http://127.0.0.1:{free_port}"

    async with running(folder, url) as process, HomeApi(url) as api:
        await api.onboard("demo", "demo")
        await add_websmpp_account(api, provider.base_url, "demo", "demo")
        # Home Assistant writes a new account down a second later.
        await until(lambda: account_is_stored(folder), seconds=PATIENCE, pause=0.1)
        broadcast = asyncio.create_task(
            api.action(
                "sms_gateway.send_message", {"target": NUMBERS, "message": "Fire!"}
            )
        )
        await provider.wait_for(lambda seen: seen.messages_count >= 80, PATIENCE)
        process.kill()
        await process.wait()
        broadcast.cancel()
    at_the_cut = await asyncio.to_thread(states_in_journal, folder)
    assert set(at_the_cut) == set(NUMBERS)
    in_doubt = {number for number, state in at_the_cut.items() if state == "queued"}
    assert in_doubt, "the cut came too late to prove anything"

    async with running(folder, url):
        await provider.wait_for(
            lambda seen: (
                {f"+{each.destination}" for each in seen.messages} == set(NUMBERS)
            ),
            PATIENCE,
        )
        await until(
            lambda: all_delivered_in_journal(folder), seconds=PATIENCE, pause=0.5
        )

    assert _all_delivered(provider)
    sent = Counter(f"+{each.destination}" for each in provider.messages)
    doubles = {number for number, times in sent.items() if times > 1}
    assert max(sent.values()) <= 2
    assert doubles <= in_doubt
    # Those in flight, and those answered whose record was still being written.
    assert len(doubles) <= (1 + UNRECORDED) * IN_FLIGHT


def _all_delivered(provider: WebsmppSimulator) -> bool:
    now = provider.clock.now()
    return all(
        provider.messages.state(id_, now).status is Status.DELIVRD
        for message in provider.messages
        for id_ in message.ids
    )
