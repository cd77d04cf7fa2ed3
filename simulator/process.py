"""What the simulators have in common as processes of their own."""

import argparse
import asyncio
import json
import os
import signal
import sys
import threading

from .accounts import Account
from .scripts import DELAY

_CHUNK = 65_536


def parser(prog: str, description: str) -> argparse.ArgumentParser:
    """Describe the command line that every simulator has."""
    parser = argparse.ArgumentParser(
        prog=prog, description=f"{description} Ends on SIGTERM and SIGINT."
    )
    parser.add_argument("--port", type=int, default=0, help="0: a free one (default)")
    parser.add_argument(
        "--account",
        action="append",
        type=_account,
        metavar="USER:PASSWORD[:CREDIT]",
        help="an account; may be repeated (default: demo:demo:1000)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_setting,
        metavar="NAME=JSON",
        help="a setting; may be repeated",
    )
    parser.add_argument("--seconds", type=float, help="end after so many seconds")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end when stdin closes"
    )
    return parser


def add_scripts(parser: argparse.ArgumentParser) -> None:
    """Describe what the simulators have in common that deliver by scripts."""
    parser.add_argument(
        "--delay",
        type=float,
        default=DELAY,
        metavar="SECONDS",
        help="from the sending to the last status (default: %(default)s)",
    )
    parser.add_argument(
        "--no-rules",
        action="store_true",
        help="deliver to all numbers, whatever they end with",
    )


def accounts(arguments: argparse.Namespace) -> list[Account]:
    """Return the accounts of the command line."""
    return arguments.account or [Account("demo", "demo")]


def end_of(arguments: argparse.Namespace) -> asyncio.Event:
    """Return the event of being told to end, in a running event loop."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    if arguments.seconds is not None:
        loop.call_later(arguments.seconds, end.set)
    if arguments.until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(loop, end), daemon=True).start()
    return end


def _account(text: str) -> Account:
    """Read an account."""
    user, password, credit = (*text.split(":"), "1000")[:3]
    return Account(user, password, credit=credit)


def _setting(text: str) -> tuple[str, object]:
    """Read a setting: JSON, or else a bare word."""
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _watch_stdin(loop: asyncio.AbstractEventLoop, end: asyncio.Event) -> None:
    """Read stdin to its end, from a thread: it may be a file or a terminal."""
    # Not through sys.stdin: its lock would be held when the interpreter ends.
    while os.read(sys.stdin.fileno(), _CHUNK):
        pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(end.set)
