"""The simulator as a process: prints where it listens, then serves until told to end."""

import argparse
import asyncio

from .. import process
from .accounts import Account
from .server import SmsItalySimulator
from .settings import Settings


def main() -> None:
    """Run the command line."""
    parser = process.parser(
        "python -m simulator.smsitaly",
        "Plays an SMS gate (smsitaly TCP) on a port of 127.0.0.1. Prints its host and "
        "port and the URL of its control as one line, as "
        "127.0.0.1:27 http://127.0.0.1:1234.",
    )
    parser.add_argument(
        "--control-port", type=int, default=0, help="0: a free one (default)"
    )
    asyncio.run(_serve(parser.parse_args()))


async def _serve(arguments: argparse.Namespace) -> None:
    """Serve until told to end."""
    settings = Settings()
    settings.change(dict(arguments.set))
    accounts = [
        Account(each.user, each.password, credit=each.credit)
        for each in process.accounts(arguments)
    ]
    end = process.end_of(arguments)
    simulator = SmsItalySimulator(
        accounts,
        settings=settings,
        port=arguments.port,
        control_port=arguments.control_port,
    )
    async with simulator:
        print(f"{simulator.host}:{simulator.port} {simulator.control_url}", flush=True)
        await end.wait()


if __name__ == "__main__":
    main()
