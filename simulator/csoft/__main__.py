"""The simulator as a process: prints its URL, then serves until told to end."""

import argparse
import asyncio

from .. import process
from .accounts import Account
from .reports import default_rules, default_script
from .server import CsoftSimulator
from .settings import Settings


def main() -> None:
    """Run the command line."""
    parser = process.parser(
        "python -m simulator.csoft",
        "Plays one host of Connection Software on a port of 127.0.0.1. "
        "Prints the URL of its SOAP service as one line.",
    )
    process.add_scripts(parser)
    parser.add_argument("--receipt-url", help="where all accounts get their receipts")
    parser.add_argument("--receipt-user", help="the Username in all receipts")
    parser.add_argument("--receipt-pin", help="the PIN in all receipts")
    asyncio.run(_serve(parser.parse_args()))


async def _serve(arguments: argparse.Namespace) -> None:
    """Serve until told to end."""
    settings = Settings(
        script=default_script(arguments.delay),
        rules={} if arguments.no_rules else default_rules(arguments.delay),
    )
    settings.change(dict(arguments.set))
    accounts = [
        Account(
            each.user,
            each.password,
            credit=each.credit,
            receipt_url=arguments.receipt_url,
            receipt_user=arguments.receipt_user,
            receipt_pin=arguments.receipt_pin,
        )
        for each in process.accounts(arguments)
    ]
    end = process.end_of(arguments)
    simulator = CsoftSimulator(accounts, settings=settings, port=arguments.port)
    async with simulator:
        print(simulator.url, flush=True)
        await end.wait()


if __name__ == "__main__":
    main()
