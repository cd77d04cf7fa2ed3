"""Simulators as processes of their own."""

from asyncio import create_subprocess_exec
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import sys


@asynccontextmanager
async def process(
    module: str, *arguments: str, stdin: int = DEVNULL
) -> AsyncIterator[Process]:
    """Run a simulator as a process, killed if it has not ended."""
    process = await create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=stdin, stdout=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def first_line(process: Process) -> str:
    """Return the line that a simulator prints."""
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()
