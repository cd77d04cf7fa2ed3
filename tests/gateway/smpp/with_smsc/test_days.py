"""Days of an account, in simulated time: what they leave behind."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
import gc
from pathlib import Path
import tracemalloc
from typing import Final, NamedTuple

import pytest

from gateway import AccountOptions, Change, Gateway, Message, State
from gateway.providers.smpp import SmppLogin, SmppProvider, Timers
from gateway.providers.smpp.session import Session
from gateway.providers.smpp.window import Pending
from simulator import smsc as simulator
from simulator.smsc import SmscSimulator

from ...helpers import draft, numbers
from ...jumping import JumpingClock, JumpingLoop, SimulatorClock, wait_for_databases

HOUR: Final = 3600.0
ROUND: Final = 20
"""Messages of a busy hour."""
VALIDITY: Final = timedelta(days=5)
LATE: Final = 30 * HOUR
"""When a receipt comes, after its message."""
UNTIL_QUIET: Final = LATE + HOUR / 36
"""Seconds until all receipts have come, and no enquiry is just under way."""
DROP_EVERY: Final = 3
"""Hours."""
LEAST_LEAK: Final = 100
"""Octets for each message; caches may still fill up."""


class Left(NamedTuple):
    """What there is of everything."""

    sessions: int
    requests: int
    tasks: int
    messages: int
    timers: int


def count_what_is_left() -> Left:
    gc.collect()
    objects = gc.get_objects()
    return Left(
        sessions=sum(type(each) is Session for each in objects),
        requests=sum(type(each) is Pending for each in objects),
        tasks=len(asyncio.all_tasks()),
        messages=sum(type(each) is Message for each in objects),
        timers=sum(
            not handle.cancelled()
            # A loop has no other way to tell them.
            for handle in asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
        ),
    )


def memory() -> int:
    """Return the octets that the gateway holds."""
    gc.collect()
    snapshot = tracemalloc.take_snapshot().filter_traces(
        [
            tracemalloc.Filter(inclusive=True, filename_pattern="*/gateway/*"),
            tracemalloc.Filter(inclusive=False, filename_pattern="*/tests/*"),
        ]
    )
    return sum(each.size for each in snapshot.statistics("filename"))


@asynccontextmanager
async def running_gateway(path: Path, smsc: SmscSimulator) -> AsyncIterator[Gateway]:
    """Open a gateway with an account, `a`, at an SMSC whose receipts come late."""
    smsc.settings.script = simulator.default_script(LATE)
    smsc.settings.rules = {}
    login = SmppLogin(
        host=smsc.host,
        port=smsc.port,
        system_id="user",
        password="secret",
        timers=Timers(enquire_link=900),
    )
    gateway = await Gateway.open(path, JumpingClock())
    try:
        await gateway.add_account(
            "a", SmppProvider(login), AccountOptions(sender="Home", in_flight=ROUND)
        )
        yield gateway
    finally:
        await gateway.close()


async def live(gateway: Gateway, smsc: SmscSimulator, hours: int) -> None:
    """Send now and then, be silent between, and lose the connection."""
    for hour in range(hours):
        messages = await gateway.send("a", draft(*numbers(ROUND), validity=VALIDITY))
        assert {message.state for message in messages} == {State.ACCEPTED}
        del messages
        await asyncio.sleep(HOUR / 2)
        if hour % DROP_EVERY == 0:
            for session in list(smsc.sessions):
                session.reset()
        await asyncio.sleep(HOUR / 2)


async def days(path: Path) -> None:
    loop = asyncio.get_running_loop()
    delivered = 0

    def count(changes: Sequence[Change]) -> None:
        nonlocal delivered
        delivered += sum(each.message.state is State.DELIVERED for each in changes)

    user = simulator.Account("user", "secret", credit=1_000_000)
    async with (
        SmscSimulator([user], clock=SimulatorClock()) as smsc,
        running_gateway(path, smsc) as gateway,
    ):
        gateway.listen(count)
        await live(gateway, smsc, 24)
        await asyncio.sleep(UNTIL_QUIET)
        before, memory_before = count_what_is_left(), memory()
        assert delivered == 24 * ROUND

        await live(gateway, smsc, 24)
        await asyncio.sleep(UNTIL_QUIET)
        left = count_what_is_left()
        assert left[:4] == before[:4]
        # That of the window is set again only when it fires.
        assert abs(before.timers - left.timers) <= 1
        assert delivered == 2 * 24 * ROUND
        assert memory() - memory_before < 24 * ROUND * LEAST_LEAK
        assert smsc.observation.connections > 2 * 24 // DROP_EVERY
        assert loop.time() >= 48 * HOUR + 2 * LATE

        assert before.sessions == 1
        assert before.requests == 0
    assert count_what_is_left()[:3] == (0, 0, 1)


def test_days_with_drops_and_late_receipts_leave_nothing_behind(
    socket_enabled: None, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_databases(monkeypatch)
    tracemalloc.start()
    try:
        with asyncio.Runner(loop_factory=JumpingLoop) as runner:
            runner.run(days(path))
    finally:
        tracemalloc.stop()
