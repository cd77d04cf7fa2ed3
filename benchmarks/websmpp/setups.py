"""What an account adds to the start, against an entry of core's `ntfy`.

A module is imported only once in a process, so each turn is a process of its own.
"""

import json
import sys
from typing import Final

from ..ntfy import running_ntfy
from ..smpp.processes import running
from ..spans import Span
from ..times import Turn

TURNS: Final = 10
OURS_FIRST: Final = "--ours-first"


async def measure_setups(url: str) -> list[Turn]:
    """Set both up, in as many processes as there are turns."""
    module = f"{__package__}.setting_up"
    turns = []
    async with running_ntfy() as ntfy_url:
        for turn in range(TURNS):
            options = [OURS_FIRST] if turn % 2 else []
            async with running(
                *(sys.executable, "-m", module, url, ntfy_url), *options
            ) as child:
                peer, ours = json.loads(await child.hear())
            turns.append(Turn(Span(*peer), Span(*ours)))
    return turns
