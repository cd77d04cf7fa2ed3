"""smsitaly: a broadcast over one session of the packet interface, through the journal."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
import tempfile
import time
from typing import Final

from gateway import AccountOptions, Draft, Gateway, State
from gateway.providers.smsitaly import Host, SmsitalyLogin, SmsitalyProvider

from .figures import Figure
from .provider import running_smsitaly
from .rounds import Round, quiet, rate
from .spans import Span
from .witness import Witness, watching

MESSAGES: Final = 1000
ROUNDS: Final = 20
TEXT: Final = "The washing machine in the cellar is done. Please hang the laundry up. "
_ROOT: Final = Path(__file__).parent.parent


async def measure() -> list[Figure]:
    """Measure everything; takes less than a minute."""
    credit = 10 * ROUNDS * MESSAGES
    # Below the checkout, not in /tmp, which may be memory: the journal must hit a disk.
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=_ROOT) as folder:
        async with (
            watching() as witness,
            running_smsitaly("--account", f"bench:bench:{credit}") as (
                host,
                port,
                gate,
            ),
        ):
            gateway = await Gateway.open(Path(folder) / "journal.db")
            try:
                login = SmsitalyLogin(
                    hosts=(Host(host, port),), account="bench", password="bench"
                )
                await gateway.add_account(
                    "bench", SmsitalyProvider(login), AccountOptions(sender="Bench")
                )
                rounds = [await _broadcast(gateway, turn) for turn in range(ROUNDS)]
            finally:
                await gateway.close()
            lines = sum(each["lines"] for each in await gate.ask("sessions?limit=1000"))
    return _figures(rounds, lines, witness)


def _figures(rounds: Sequence[Round], lines: int, witness: Witness) -> list[Figure]:
    kept = quiet(rounds, witness, lambda each: [each.span])
    costs = [1e6 * each.cpu_seconds / each.count for each in kept or rounds]
    known = f"{len(kept)} of {len(rounds)} rounds quiet"
    return [
        Figure(
            name="round_trips_per_message",
            value=lines / sum(each.count for each in rounds),
            at_most=1,
            note="lines that the server answered, the login in the first of them",
        ),
        Figure(
            name="cpu_us_per_message",
            value=median(costs) if kept else min(costs),
            unit="us",
            at_most=150,
            note=known if kept else f"the least of {len(rounds)} rounds, none quiet",
        ),
        Figure(
            name="messages_per_second",
            value=median(map(rate, kept)) if kept else max(map(rate, rounds)),
            unit="/s",
        ),
        Figure(
            name="machine_frozen_share",
            value=witness.frozen_share,
            note="stood still as a whole",
        ),
    ]


async def _broadcast(gateway: Gateway, turn: int) -> Round:
    numbers = [f"+39333{turn:02}{number:05}" for number in range(MESSAGES)]
    start, cpu = time.monotonic(), time.process_time()
    messages = await gateway.send("bench", Draft(recipients=numbers, text=TEXT))
    sent = Round(MESSAGES, Span.since(start), time.process_time() - cpu)
    states = {message.state for message in messages}
    if states != {State.ACCEPTED}:
        raise RuntimeError(f"the messages are {states}")
    return sent
