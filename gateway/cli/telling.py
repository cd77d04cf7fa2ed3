"""What the command line says: a line for people, or JSON for programs."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
import json
import sys
from typing import Any, Final

from ..errors import InputError
from ..model import Message

UNUSABLE: Final = 2
_PATIENCE: Final = 1.0
"""Seconds of sending before its progress is shown, and between two looks at it."""
_OPTIONS: Final = {
    "encoding": "--encoding",
    "format": "--format",
    "host": "--host",
    "message": "--text",
    "output": "--output",
    "password": "SMS_GATEWAY_PASSWORD",
    "pin": "SMS_GATEWAY_PASSWORD",
    "recipient": "NUMBER",
    "schedule": "--schedule",
    "sender": "--sender",
    "server": "--server",
    "time_zone": "--time-zone",
    "url": "--url",
    "wait": "--wait",
}
"""What mends the value of a field here; others are the user name."""


def row(message: Message) -> dict[str, Any]:
    """Lay a message out; never its text."""
    return {
        "id": message.id,
        "recipient": message.recipient,
        "state": message.state,
        "provider_ids": message.provider_ids,
        "error_code": message.error_code,
        "reason": str(message.failure) if message.failure else None,
    }


@asynccontextmanager
async def progress(
    taken: Callable[[], int], total: int, *, shown: bool
) -> AsyncIterator[None]:
    """Show how many are taken, on one line that goes again, if it takes long."""
    loop = asyncio.get_running_loop()
    width = 0
    timer: asyncio.TimerHandle | None = None

    def look() -> None:
        nonlocal width, timer
        line = f"{taken()} of {total} taken"
        width = max(width, len(line))
        print(f"\r{line:{width}}", end="", file=sys.stderr, flush=True)
        timer = loop.call_later(_PATIENCE, look)

    if shown:
        timer = loop.call_later(_PATIENCE, look)
    try:
        yield
    finally:
        if timer:
            timer.cancel()
        if width:
            print(f"\r{'':{width}}\r", end="", file=sys.stderr, flush=True)


def refuse(options: argparse.Namespace, error: InputError) -> int:
    """Tell what cannot be used, and by what option it is mended."""
    field = error.field
    option = _OPTIONS.get(field, "--user")
    sentence = f"{option}: {error}"
    if "number" in options:
        sentence = f"nothing was sent: {sentence}"
    told = {"field": field, "option": option, "key": error.text.key, "text": sentence}
    return complain(options, told, UNUSABLE)


def complain(options: argparse.Namespace, told: dict[str, str], code: int) -> int:
    """Say on standard error what went wrong; returns the exit code."""
    if options.json:
        print(json.dumps({"error": told}, ensure_ascii=False), file=sys.stderr)
    else:
        print(f"error: {told['text']}", file=sys.stderr)
    return code


def tell(result: dict[str, Any]) -> None:
    """Answer with one JSON object."""
    print(json.dumps(result, ensure_ascii=False))
