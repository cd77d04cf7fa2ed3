"""The simulator as a process: prints its base URL, then serves until told to end."""

import argparse
import asyncio
import json
import os
import signal
import sys
import threading

from .accounts import Account
from .server import WebsmppSimulator
from .settings import Settings
from .statuses import DELAY, default_rules, default_script

_CHUNK = 65_536


def main() -> None:
    """Run the command line."""
    arguments = _parser().parse_args()
    asyncio.run(_serve(arguments))


def _parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator.websmpp",
        description="Plays a websmpp SMS platform on a port of 127.0.0.1. "
        "Prints its base URL as one line. Ends on SIGTERM and SIGINT.",
    )
    parser.add_argument("--port", type=int, default=0, help="0: a free one (default)")
    parser.add_argument(
        "--account",
        action="append",
        type=_account,
        metavar="USER:PASSWORD[:CREDIT]",
        help="an account; may be repeated (default: demo:demo:1000)",
    )
    parser.add_argument("--push-url", help="where all accounts get their receipts")
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
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_setting,
        metavar="NAME=JSON",
        help="a setting, as gmt_reading=correct; may be repeated",
    )
    parser.add_argument("--seconds", type=float, help="end after so many seconds")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end when stdin closes"
    )
    return parser


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


async def _serve(arguments: argparse.Namespace) -> None:
    """Serve until told to end."""
    settings = Settings(
        script=default_script(arguments.delay),
        rules={} if arguments.no_rules else default_rules(arguments.delay),
    )
    settings.change(dict(arguments.set))
    accounts = arguments.account or [Account("demo", "demo")]
    for account in accounts:
        account.push_url = arguments.push_url
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    if arguments.seconds is not None:
        loop.call_later(arguments.seconds, end.set)
    if arguments.until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(loop, end), daemon=True).start()
    simulator = WebsmppSimulator(accounts, settings=settings, port=arguments.port)
    async with simulator:
        print(simulator.base_url, flush=True)
        await end.wait()


def _watch_stdin(loop: asyncio.AbstractEventLoop, end: asyncio.Event) -> None:
    """Read stdin to its end, from a thread: it may be a file or a terminal."""
    # Not through sys.stdin: its lock would be held when the interpreter ends.
    while os.read(sys.stdin.fileno(), _CHUNK):
        pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(end.set)


if __name__ == "__main__":
    main()
