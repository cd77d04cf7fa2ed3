"""The simulator as a process: prints where it listens, then serves until told to end."""

import argparse
import asyncio

from .. import process
from .server import SmscSimulator
from .settings import Settings
from .states import default_rules, default_script


def main() -> None:
    """Run the command line."""
    parser = process.parser(
        "python -m simulator.smsc",
        "Plays an SMSC (SMPP 3.4) on a port of 127.0.0.1. "
        "Prints its host and port as one line, as 127.0.0.1:2775.",
    )
    process.add_scripts(parser)
    asyncio.run(_serve(parser.parse_args()))


async def _serve(arguments: argparse.Namespace) -> None:
    """Serve until told to end."""
    settings = Settings(
        script=default_script(arguments.delay),
        rules={} if arguments.no_rules else default_rules(arguments.delay),
    )
    settings.change(dict(arguments.set))
    end = process.end_of(arguments)
    smsc = SmscSimulator(
        process.accounts(arguments), settings=settings, port=arguments.port
    )
    async with smsc:
        print(f"{smsc.host}:{smsc.port}", flush=True)
        await end.wait()


if __name__ == "__main__":
    main()
