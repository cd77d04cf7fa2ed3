"""The SMSC and the clients, each a process of its own that ends with its input."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import hashlib
import json
import os
from pathlib import Path
import shutil
import sys
from typing import Final

from ..rounds import Round
from ..spans import Span

_FOLDER: Final = Path(__file__).parent
_SCRIPTS: Final = _FOLDER.parent.parent / "scripts"
_CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
_LONGEST_LINE: Final = 1 << 20


class Child:
    """A process that is told lines, and answers lines."""

    def __init__(self, process: Process) -> None:
        """Take a process with pipes."""
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the process has no pipes")
        self._input, self._output = process.stdin, process.stdout

    def tell(self, line: str) -> None:
        """Write a line."""
        self._input.write(f"{line}\n".encode())

    async def hear(self) -> str:
        """Read a line; raises RuntimeError when the process has ended."""
        line = await self._output.readline()
        if not line:
            raise RuntimeError("a process of the benchmark has ended")
        return line.decode().strip()

    def close(self) -> None:
        """Let the process end."""
        self._input.close()


@asynccontextmanager
async def running(*command: str | Path) -> AsyncIterator[Child]:
    """Run a command while the context lasts."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, limit=_LONGEST_LINE
    )
    child = Child(process)
    try:
        yield child
    finally:
        child.close()
        await process.wait()


@dataclass(frozen=True, slots=True)
class Smsc:
    """The SMSC in C, and where it listens."""

    child: Child
    port: int

    async def push_receipts(self) -> tuple[int, Span]:
        """Have the held receipts sent; returns how many, and the time it took."""
        self.child.tell("push")
        count, start, end = (await self.child.hear()).split()
        return int(count), Span(float(start), float(end))


@asynccontextmanager
async def running_smsc(*options: str) -> AsyncIterator[Smsc]:
    """Run an SMSC with these options while the context lasts."""
    async with running(await _compiled(), *options) as child:
        yield Smsc(child, int(await child.hear()))


@dataclass(frozen=True, slots=True)
class Client:
    """A client with one session bound."""

    child: Child

    async def send(self, count: int) -> Round:
        """Have so many messages sent and answered."""
        self.child.tell(str(count))
        start, end, cpu_seconds = json.loads(await self.child.hear())
        return Round(count, Span(start, end), cpu_seconds)


@asynccontextmanager
async def running_client(name: str, smsc: Smsc, window: int) -> AsyncIterator[Client]:
    """Run one of the clients in Python, by the name of its module."""
    module = f"{__package__}.clients.{name}"
    async with running(
        sys.executable, "-m", module, str(smsc.port), str(window)
    ) as child:
        yield Client(child)


@asynccontextmanager
async def running_npm_client(smsc: Smsc, window: int) -> AsyncIterator[Client]:
    """Run the client of the npm package `smpp`; it is fetched if need be."""
    program = _FOLDER / "clients" / "npm_client.js"
    packages = await _output(_SCRIPTS / "npm-smpp")
    async with running("node", program, packages, str(smsc.port), str(window)) as child:
        yield Client(child)


async def _compiled() -> Path:
    """Return the SMSC's program; it is compiled when its source has changed."""
    source = _FOLDER / "smsc.c"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    program = _CACHE / "sms-gateway" / f"smsc-{digest[:16]}"
    if program.exists():
        return program
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        raise RuntimeError("there is no C compiler; install gcc, or set CC to another")
    program.parent.mkdir(parents=True, exist_ok=True)
    new = program.with_name(f"{program.name}.{os.getpid()}")
    await _output(compiler, "-O2", "-std=gnu11", "-o", new, source)
    return new.rename(program)


async def _output(*command: str | Path) -> str:
    """Run a command and return what it prints; what it complains of is seen."""
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    printed, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{Path(command[0]).name} has failed, see above")
    return printed.decode().strip()
