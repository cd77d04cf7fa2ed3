"""`python -m benchmarks [NAME] [--json]`: measure, and print a table or JSON."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
import json
import sys
from typing import Final

from . import reload, smpp, smsitaly, webhook, websmpp
from .figures import Figure

BENCHMARKS: Final[dict[str, Callable[[], Awaitable[list[Figure]]]]] = {
    "websmpp": websmpp.measure,
    "smpp": smpp.measure,
    "smsitaly": smsitaly.measure,
    "webhook": webhook.measure,
    "reload": reload.measure,
}


def main() -> int:
    """Run the benchmarks that are asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "name", nargs="?", choices=list(BENCHMARKS), help="all, if left out"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    arguments = parser.parse_args()
    names = [arguments.name] if arguments.name else list(BENCHMARKS)
    missed = False
    for name in names:
        figures = asyncio.run(BENCHMARKS[name]())
        missed |= any(not figure.is_met for figure in figures)
        if arguments.json:
            values = {figure.name: round(figure.value, 3) for figure in figures}
            print(json.dumps({"benchmark": name, "figures": values}), flush=True)
        else:
            print(_table(name, figures), flush=True)
    return int(missed)


def _table(name: str, figures: list[Figure]) -> str:
    width = max(len(figure.name) for figure in figures)
    rows = [name]
    for figure in figures:
        verdict = "" if figure.is_met else "  MISSED"
        rows.append(
            f"  {figure.name:{width}}  {figure.value:10.3f} {figure.unit:5} "
            f"{figure.bar:14} {figure.note}{verdict}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
