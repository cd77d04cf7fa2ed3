"""The simulated provider in a process of its own, so that it does not slow its client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import sys
from typing import Any

import aiohttp
from yarl import URL


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a simulator listens, and what it can be asked."""

    base_url: str
    session: aiohttp.ClientSession

    async def ask(self, view: str) -> Any:
        """Return a view of the control endpoint."""
        async with self.session.get(self._control(view)) as response:
            return await response.json()

    async def tell(self, action: str, content: Any) -> None:
        """Post to the control endpoint."""
        async with self.session.post(self._control(action), json=content) as response:
            response.raise_for_status()

    def _control(self, path: str) -> URL:
        return URL(self.base_url).with_path("/_simulator/").join(URL(path))


@asynccontextmanager
async def running_websmpp(*options: str) -> AsyncIterator[Provider]:
    """Run a websmpp simulator with these options while the context lasts."""
    async with (
        _running("simulator.websmpp", *options) as base_url,
        aiohttp.ClientSession() as session,
    ):
        yield Provider(base_url, session)


@asynccontextmanager
async def running_smsitaly(*options: str) -> AsyncIterator[tuple[str, int, Provider]]:
    """Run an smsitaly simulator; yields its host, its port and its control."""
    async with _running("simulator.smsitaly", *options) as line:
        address, control_url = line.split()
        host, _, port = address.rpartition(":")
        async with aiohttp.ClientSession() as session:
            yield host, int(port), Provider(control_url, session)


@asynccontextmanager
async def running_csoft(*options: str) -> AsyncIterator[str]:
    """Run a host of Connection Software; yields the address that it listens at."""
    async with _running("simulator.csoft", *options) as url:
        yield url


@asynccontextmanager
async def _running(module: str, *options: str) -> AsyncIterator[str]:
    """Run a simulator; yields the line that it prints when it listens."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, "--until-stdin-closes", *options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is None or process.stdin is None:
        raise RuntimeError("the simulator has no pipes")
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()
