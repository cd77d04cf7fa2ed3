"""The simulator as a process: prints its base URL, then serves until told to end."""

import argparse
import asyncio

from .. import process
from .server import WebsmppSimulator
from .settings import Settings
from .statuses import default_rules, default_script


def main() -> None:
    """Run the command line."""
    parser = process.parser(
        "python -m simulator.websmpp",
        "Plays a websmpp SMS platform on a port of 127.0.0.1. "
        "Prints its base URL as one line.",
    )
    process.add_scripts(parser)
    parser.add_argument("--push-url", help="where all accounts get their receipts")
    asyncio.run(_serve(parser.parse_args()))


async def _serve(arguments: argparse.Namespace) -> None:
    """Serve until told to end."""
    settings = Settings(
        script=default_script(arguments.delay),
        rules={} if arguments.no_rules else default_rules(arguments.delay),
    )
    settings.change(dict(arguments.set))
    accounts = process.accounts(arguments)
    for account in accounts:
        account.push_url = arguments.push_url
    end = process.end_of(arguments)
    simulator = WebsmppSimulator(accounts, settings=settings, port=arguments.port)
    async with simulator:
        print(simulator.base_url, flush=True)
        await end.wait()


if __name__ == "__main__":
    main()
