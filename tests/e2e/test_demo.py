"""The demo, as `scripts/demo --once` runs it."""

import asyncio
from pathlib import Path
import re
import sys

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]


async def test_every_system_sends_and_hears_back() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo", "--once"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, (output + errors).decode()
    assert re.fullmatch(r"websmpp 3 3 97 \d+\.\ds\n", output.decode())
