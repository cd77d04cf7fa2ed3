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
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator.websmpp", "--until-stdin-closes", *options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is None or process.stdin is None:
        raise RuntimeError("the simulator has no pipes")
    base_url = (await process.stdout.readline()).decode().strip()
    try:
        async with aiohttp.ClientSession() as session:
            yield Provider(base_url, session)
    finally:
        process.stdin.close()
        await process.wait()
