"""`python -m demo`: look at it in a browser; `--once`: prove that it works."""

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
import signal
import socket
import sys
import tempfile
from typing import Final

from .api import HomeApi
from .home import StartError, link_checkout, running_home
from .pictures import take_pictures
from .systems import SYSTEMS, DemoSystem, furnish

PORT: Final = 8123
USER: Final = "demo"
PASSWORD: Final = "demo"


def main() -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument(
        "--once",
        action="store_true",
        help="send through each system, wait for the receipts, print and end",
    )
    parser.add_argument("--port", type=int, help=f"{PORT}, or with --once a free one")
    parser.add_argument(
        "--pictures",
        type=Path,
        metavar="FOLDER",
        help="photograph the pages into a folder, and end",
    )
    arguments = parser.parse_args()
    try:
        return asyncio.run(_run(arguments))
    except KeyboardInterrupt, asyncio.CancelledError:
        return 130 if arguments.once else 0
    except StartError as error:
        print(f"demo: Home Assistant does not do what it should: {error}")
    except OSError as error:
        print(f"demo: {error}. Is something else at that port? Try --port.")
    return 1


async def _run(arguments: argparse.Namespace) -> int:
    _end_tidily_on_sigterm()
    is_headless = arguments.once or arguments.pictures
    async with AsyncExitStack() as stack:
        port = arguments.port or PORT
        if is_headless and not arguments.port:
            port = stack.enter_context(_free_port())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sms-")))
        print("Starting Home Assistant ...", file=sys.stderr)
        link_checkout(folder)
        url = await stack.enter_async_context(running_home(folder, port))
        api = await stack.enter_async_context(HomeApi(url))
        await api.onboard(USER, PASSWORD)
        systems = [system(api) for system in SYSTEMS]
        for system in systems:
            await system.set_up(stack)
        if arguments.once:
            if not await _prove(systems):
                return 1
            if not arguments.pictures:
                return 0
        await furnish(api, systems)
        if arguments.pictures:
            for picture in await take_pictures(url, api, arguments.pictures):
                print(picture)
            return 0
        print(f"Look at {url}/sms-gateway  (user {USER}, password {PASSWORD})")
        print("Ctrl-C ends it.")
        await asyncio.Event().wait()
    return 0


async def _prove(systems: list[DemoSystem]) -> bool:
    results = [await system.send_round() for system in systems]
    for result in results:
        print(result, flush=True)
    return all(result.is_complete for result in results)


def _end_tidily_on_sigterm() -> None:
    """Take Home Assistant along when this process is asked to end."""
    if (task := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


@contextmanager
def _free_port() -> Iterator[int]:
    """Hold a port that nobody listens at, lest anybody else be given it."""
    with socket.socket() as holder:
        # Who asks for this very port gets it all the same.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
