"""The demo, as `scripts/demo --once` runs it, and what its visitor sees."""

import asyncio
from pathlib import Path
import re
import sys

import pytest

from demo.pictures import find_browser

from .conftest import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.timeout(1800)]

PICTURES = ["integration", "device", "action", "dashboard"] if find_browser() else []


async def test_every_system_sends_and_hears_back_and_every_page_opens(
    tmp_path: Path,
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo", "--once"),
        *(["--pictures", tmp_path] if PICTURES else []),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, (output + errors).decode()
    websmpp, smpp, smsitaly, csoft, *pictures = output.decode().splitlines()
    assert re.fullmatch(r"websmpp 3 3 97 \d+\.\ds", websmpp)
    assert re.fullmatch(r"smpp 3 3 - \d+\.\ds", smpp)
    assert re.fullmatch(r"smsitaly 3 - 97 \d+\.\ds", smsitaly)
    assert re.fullmatch(r"csoft 3 3 97\.0000 \d+\.\ds", csoft)
    assert [Path(picture).stem for picture in pictures] == PICTURES
