"""Broadcasts over one session of the packet interface, through the journal."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import median
import time
from typing import Final

from gateway import AccountOptions, Draft, Gateway, State
from gateway.providers.smsitaly import Host, SmsitalyLogin, SmsitalyProvider

from ..bare_journal import folder_on_disk
from ..figures import Figure
from ..provider import running_smsitaly
from ..rounds import Pair, Round, cost_ratio, costs_note, quiet, rate
from ..spans import Span
from ..witness import Witness, watching
from .bare import running_bare
from .lines import TEXT, Lines, numbers_of

MESSAGES: Final = 1000
ROUNDS: Final = 20
_ACCOUNT: Final = "bench"
_BARE_ACCOUNT: Final = "peer"
"""An account may have one session."""


async def measure() -> list[Figure]:
    """Measure everything; takes less than a minute."""
    credit = 10 * ROUNDS * MESSAGES
    accounts = [
        f"--account={name}:bench:{credit}" for name in (_ACCOUNT, _BARE_ACCOUNT)
    ]
    pairs: list[Pair] = []
    async with watching() as witness, running_smsitaly(*accounts) as (host, port, gate):
        hosts = (Host(host, port),)
        lines = Lines(
            SmsitalyLogin(hosts=hosts, account=_BARE_ACCOUNT, password="bench")
        )
        login = SmsitalyLogin(hosts=hosts, account=_ACCOUNT, password="bench")
        async with running_bare(host, port) as bare, _running_gateway(login) as gateway:
            for turn in range(ROUNDS):
                numbers = numbers_of(turn, MESSAGES)
                peer = await bare.send(lines.of(numbers), numbers)
                pairs.append(Pair(peer, await _broadcast(gateway, numbers)))
        answered = sum(
            each["lines"]
            for each in await gate.ask("sessions?limit=1000")
            if each["account"] == _ACCOUNT
        )
    return _figures(pairs, answered, witness)


def _figures(pairs: Sequence[Pair], lines: int, witness: Witness) -> list[Figure]:
    rounds = [pair.ours for pair in pairs]
    kept = quiet(rounds, witness, lambda each: [each.span])
    return [
        Figure(
            name="round_trips_per_message",
            value=lines / sum(each.count for each in rounds),
            at_most=1,
            note="lines that the server answered, the login in the first of them",
        ),
        Figure(
            name="cpu_vs_bare_connection",
            value=cost_ratio(pairs, witness),
            at_most=10,
            note=costs_note(pairs, witness),
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


@asynccontextmanager
async def _running_gateway(login: SmsitalyLogin) -> AsyncIterator[Gateway]:
    """Open a gateway with an account."""
    with folder_on_disk() as folder:
        gateway = await Gateway.open(folder / "journal.db")
        try:
            await gateway.add_account(
                "bench", SmsitalyProvider(login), AccountOptions(sender="Bench")
            )
            yield gateway
        finally:
            await gateway.close()


async def _broadcast(gateway: Gateway, numbers: Sequence[str]) -> Round:
    start, cpu = time.monotonic(), time.process_time()
    messages = await gateway.send("bench", Draft(recipients=numbers, text=TEXT))
    sent = Round(len(numbers), Span.since(start), time.process_time() - cpu)
    states = {message.state for message in messages}
    if states != {State.ACCEPTED}:
        raise RuntimeError(f"the messages are {states}")
    return sent
