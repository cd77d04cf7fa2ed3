"""Days of an account, in simulated time: what it leaves behind."""

import asyncio
from datetime import UTC, datetime, timedelta
import gc
import math
import selectors
import tracemalloc
from typing import Any, Final, NamedTuple, override

from gateway.ledger import Recording
from gateway.model import Receipt
from gateway.providers.smpp import SmppLogin, SmppProvider, Timers
from gateway.providers.smpp.session import Session
from gateway.providers.smpp.window import Pending
from simulator import smsc as simulator
from simulator.smsc import SmscSimulator

from ...helpers import make_message

START: Final = 1_900_000_000.0
HOUR: Final = 3600.0
ROUND: Final = 20
"""Messages of a busy hour."""
LATE: Final = 30 * HOUR
"""When a receipt comes, after its message."""
UNTIL_QUIET: Final = LATE + HOUR / 36
"""Seconds until all receipts have come, and no enquiry is just under way."""
DROP_EVERY: Final = 3
"""Hours."""


class JumpingSelector(selectors.DefaultSelector):
    """Waits for nobody: when nothing is to be read, the time is that of the next timer.

    What has been written to a socket of this machine can be read at once.
    """

    now = 0.0

    @override
    def select(self, timeout: float | None = None) -> Any:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        ready = super().select(0.001)
        if not ready:
            # Rounded up, as by the real one: no timer runs before it is due.
            self.now += math.ceil(1000 * timeout) / 1000
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop whose time only passes in jumps."""

    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    @override
    def time(self) -> float:
        return self._jumping.now


class LoopClock:
    """The simulator's clock, by the time of the loop."""

    def now(self) -> float:
        return START + asyncio.get_running_loop().time()

    def call_at(self, moment: float, callback: Any) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_at(moment - START, callback)


class Office:
    """Takes receipts, and keeps nothing but their number."""

    def __init__(self) -> None:
        self.receipts = 0
        self.bound = asyncio.Event()

    def receive(self, _receipt: Receipt) -> Recording[None]:
        self.receipts += 1
        done = Recording[None]()
        done.resolve(None)
        return done

    def note_connection(self, error: Exception | None) -> None:
        if error is None:
            self.bound.set()


class Left(NamedTuple):
    """What there is of everything."""

    sessions: int
    requests: int
    tasks: int
    timers: int


def count_what_is_left() -> Left:
    gc.collect()
    objects = gc.get_objects()
    return Left(
        sessions=sum(type(each) is Session for each in objects),
        requests=sum(type(each) is Pending for each in objects),
        tasks=len(asyncio.all_tasks()),
        timers=sum(
            not handle.cancelled()
            # A loop has no other way to tell them.
            for handle in asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
        ),
    )


def memory() -> int:
    """Return the octets that the SMPP room holds."""
    gc.collect()
    snapshot = tracemalloc.take_snapshot().filter_traces(
        [tracemalloc.Filter(inclusive=True, filename_pattern="*/providers/smpp/*")]
    )
    return sum(each.size for each in snapshot.statistics("filename"))


async def live(provider: SmppProvider, smsc: SmscSimulator, hours: int) -> None:
    """Send now and then, be silent between, and lose the connection."""
    for hour in range(hours):
        message = make_message(expires_at=datetime.now(UTC) + timedelta(days=30))
        await asyncio.gather(*(provider.submit(message) for _ in range(ROUND)))
        await asyncio.sleep(HOUR / 2)
        if hour % DROP_EVERY == 0:
            for session in list(smsc.sessions):
                session.reset()
        await asyncio.sleep(HOUR / 2)


async def days() -> None:
    loop = asyncio.get_running_loop()
    account = simulator.Account("user", "secret", credit=1_000_000)
    office = Office()
    async with SmscSimulator([account], clock=LoopClock()) as smsc:
        smsc.settings.script = simulator.default_script(LATE)
        smsc.settings.rules = {}
        provider = SmppProvider(
            SmppLogin(
                host=smsc.host,
                port=smsc.port,
                system_id="user",
                password="secret",
                timers=Timers(enquire_link=900),
            )
        )
        await provider.start(office)
        await office.bound.wait()
        await live(provider, smsc, 24)
        await asyncio.sleep(UNTIL_QUIET)
        before, memory_before = count_what_is_left(), memory()
        assert office.receipts == 24 * ROUND

        await live(provider, smsc, 24)
        await asyncio.sleep(UNTIL_QUIET)
        left = count_what_is_left()
        assert left[:3] == before[:3]
        # That of the window is set again only when it fires.
        assert max(before.timers, left.timers) <= 2
        assert office.receipts == 2 * 24 * ROUND
        assert memory() - memory_before < 16 * 1024
        assert smsc.observation.connections > 2 * 24 // DROP_EVERY
        assert loop.time() >= 48 * HOUR + 2 * LATE

        assert before.sessions == 1
        assert before.requests == 0
        await provider.close()
    assert count_what_is_left()[:3] == (0, 0, 1)


def test_days_with_drops_and_late_receipts_leave_nothing_behind(
    socket_enabled: None,
) -> None:
    tracemalloc.start()
    try:
        with asyncio.Runner(loop_factory=JumpingLoop) as runner:
            runner.run(days())
    finally:
        tracemalloc.stop()
