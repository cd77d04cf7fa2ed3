"""A gateway that sends to ten thousand numbers through its journal."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
import time
from typing import Final

from gateway import AccountOptions, Change, Draft, Gateway, State
from gateway.providers.smpp import SmppLogin, SmppProvider

from ..bare_journal import folder_on_disk
from ..figures import Figure
from ..probes import LoopProbe, peak_mib, probing, resident_mib
from ..rounds import Pair, Round, rates_note, ratio
from ..spans import Span
from ..times import Turn, slowness, times_note
from ..witness import Witness
from .bare import BareSession, running_bare
from .clients.rounds import TEXT
from .processes import Smsc, running_client, running_smsc

RECIPIENTS: Final = 10_000
ROUNDS: Final = 5
WINDOW: Final = 50


@dataclass(frozen=True, slots=True)
class _Sent:
    pair: Pair
    bare_probe: LoopProbe
    probe: LoopProbe
    growth_mib: float
    receipts: Turn


@dataclass(slots=True)
class Broadcast:
    """The turns of one run."""

    turns: list[_Sent] = field(default_factory=list)

    async def run(self) -> None:
        """Send in turn with the peers, and take the receipts after each turn."""
        async with (
            running_smsc("--receipts", "held") as smsc,
            running_smsc() as smpplib_smsc,
            running_smsc("--receipts", "held") as bare_smsc,
            running_client("smpplib_client", smpplib_smsc, WINDOW) as smpplib,
            running_bare(bare_smsc, WINDOW) as bare,
            _running_gateway(smsc) as gateway,
        ):
            await gateway.send("bench", _draft(_numbers(ROUNDS, 100)))
            await smsc.push_receipts()
            for turn in range(ROUNDS):
                peer = await smpplib.send(RECIPIENTS)
                numbers = _numbers(turn, RECIPIENTS)
                async with probing() as bare_probe:
                    await bare.send(numbers)
                bare_receipts = await _answer_receipts(bare, bare_smsc)
                before = resident_mib()
                async with probing() as probe:
                    ours = await _send(gateway, numbers)
                growth = peak_mib() - before
                receipts = Turn(bare_receipts, await _take_receipts(gateway, smsc))
                self.turns.append(
                    _Sent(Pair(peer, ours), bare_probe, probe, growth, receipts)
                )

    def figures(self, witness: Witness) -> list[Figure]:
        """Return what it comes to."""
        pairs = [each.pair for each in self.turns]
        held = [1000 * each.probe.longest(witness) for each in self.turns]
        bare_held = [1000 * each.bare_probe.longest(witness) for each in self.turns]
        receipts = [each.receipts for each in self.turns]
        own = median(witness.seconds(each.ours) for each in receipts)
        return [
            Figure(
                name="gateway_10000_vs_smpplib",
                value=ratio(pairs, witness),
                at_least=1,
                note=rates_note(pairs, witness),
            ),
            Figure(
                name="gateway_10000_growth_mib",
                value=max(each.growth_mib for each in self.turns),
                unit="MiB",
                at_most=30,
                note="at the highest",
            ),
            Figure(
                name="gateway_10000_longest_hold_vs_bare_session",
                # What else the machine does only adds to it.
                value=min(held) / min(bare_held),
                at_most=5,
                note=f"{min(held):.1f} to {max(held):.1f} ms "
                f"against {min(bare_held):.1f} to {max(bare_held):.1f}",
            ),
            Figure(
                name="receipts_vs_bare_session",
                value=1 / slowness(receipts, witness),
                at_least=0.02,
                note=times_note(receipts, witness),
            ),
            Figure(
                name="receipts_per_second",
                value=RECIPIENTS / own,
                unit="/s",
                note=f"{RECIPIENTS:,} journalled and answered",
            ),
        ]


@asynccontextmanager
async def _running_gateway(smsc: Smsc) -> AsyncIterator[Gateway]:
    """Open a gateway with an account that is bound."""
    with folder_on_disk() as folder:
        gateway = await Gateway.open(folder / "journal.db")
        try:
            login = SmppLogin(
                host="127.0.0.1",
                port=smsc.port,
                system_id="bench",
                password="bench",
                window=WINDOW,
            )
            account = await gateway.add_account(
                "bench",
                SmppProvider(login),
                AccountOptions(sender="Bench", in_flight=WINDOW),
            )
            bound = asyncio.Event()
            stop_listening = account.listen(lambda _error: bound.set())
            await bound.wait()
            stop_listening()
            yield gateway
        finally:
            await gateway.close()


async def _send(gateway: Gateway, numbers: Sequence[str]) -> Round:
    start, cpu = time.monotonic(), time.process_time()
    messages = await gateway.send("bench", _draft(numbers))
    sent = Round(len(numbers), Span.since(start), time.process_time() - cpu)
    states = {message.state for message in messages}
    if states != {State.ACCEPTED}:
        raise RuntimeError(f"the messages are {states}")
    return sent


async def _answer_receipts(bare: BareSession, smsc: Smsc) -> Span:
    """Return how long the SMSC waits for the answers of the bare session."""
    (_, span), _ = await asyncio.gather(
        smsc.push_receipts(), bare.take_receipts(RECIPIENTS)
    )
    return span


async def _take_receipts(gateway: Gateway, smsc: Smsc) -> Span:
    """Return how long the SMSC waits for the answers to all receipts."""
    delivered = 0

    def count(changes: Sequence[Change]) -> None:
        nonlocal delivered
        delivered += sum(each.message.state is State.DELIVERED for each in changes)

    stop_listening = gateway.listen(count)
    pushed, span = await smsc.push_receipts()
    stop_listening()
    if not pushed == delivered == RECIPIENTS:
        raise RuntimeError(f"{pushed} receipts came, {delivered} were taken")
    return span


def _draft(numbers: Sequence[str]) -> Draft:
    return Draft(recipients=numbers, text=TEXT)


def _numbers(series: int, count: int) -> list[str]:
    """Return numbers that no other series has."""
    return [f"+9617{series:02}{number:05}" for number in range(count)]
