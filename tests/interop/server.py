"""An SMSC that others have written, in a process of its own.

It is told what to do by lines of JSON, {"do": …}, each of which it answers with the
event `done`, and tells what happens by others, {"event": …}.
"""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import json
import os
from pathlib import Path
import shutil
import sys
from typing import Any, Final

import pytest

_HERE: Final = Path(__file__).parent
_NPM: Final = _HERE.parent.parent / "scripts" / "npm-smpp"


class Server:
    """A running SMSC, and what it has told."""

    port = 0

    def __init__(self, process: Process) -> None:
        assert process.stdin
        self.told: list[dict[str, Any]] = []
        self._process = process
        self._input = process.stdin
        self._heard = asyncio.Condition()
        self._listening = asyncio.create_task(self._listen())

    async def tell(self, do: str, **more: Any) -> None:
        """Have it do something, and wait until it has begun."""
        before = self.count("done")
        self._input.write(json.dumps({"do": do, **more}).encode() + b"\n")
        await self.wait_for("done", before + 1)

    async def wait_for(self, event: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until an event has come so often; returns all of its kind."""
        async with self._heard, asyncio.timeout(120):
            await self._heard.wait_for(lambda: self.count(event) >= count)
        return [each for each in self.told if each["event"] == event]

    def count(self, event: str) -> int:
        return sum(each["event"] == event for each in self.told)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self._process.kill()

    async def stop(self) -> None:
        self._input.close()
        await self._process.wait()
        await self._listening

    async def _listen(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            async with self._heard:
                self.told.append(json.loads(line))
                self._heard.notify_all()


@asynccontextmanager
async def running(*command: str | Path) -> AsyncIterator[Server]:
    """Run a server while the context lasts."""
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    server = Server(process)
    try:
        [listening] = await server.wait_for("listening")
        server.port = listening["port"]
        yield server
    finally:
        await server.stop()


async def npm_command() -> list[str | Path]:
    """Return how to run that of the npm package `smpp`, fetched if need be."""
    if not (shutil.which("node") and shutil.which("npm")):
        missing = "install nodejs and npm, or run scripts/setup --with-node as root"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    process = await asyncio.create_subprocess_exec(_NPM, stdout=PIPE, stderr=PIPE)
    folder, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return ["node", _HERE / "servers" / "npm_smsc.js", folder.decode().strip()]


async def twisted_command() -> list[str | Path]:
    """Return how to run that of smpp.twisted3."""
    return [sys.executable, _HERE / "servers" / "twisted_smsc.py"]


COMMANDS: Final[dict[str, Callable[[], Awaitable[list[str | Path]]]]] = {
    "npm": npm_command,
    "twisted": twisted_command,
}
