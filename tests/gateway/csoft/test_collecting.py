"""Incoming messages are collected, and none is lost once it was."""

import asyncio
from collections.abc import Sequence

import pytest

from gateway import AccountOptions, Gateway, IncomingMessage
from gateway.errors import JournalError, LoginError, ProviderError, UnavailableError
from gateway.ledger import Recording
from gateway.model import AccountStatus, Credit, Fragment, Message, Receipt
from gateway.providers.csoft import CsoftProvider, collector
from gateway.providers.csoft.collector import Collector
from simulator.csoft import CsoftSimulator, Fault, FaultKind, Service

from ..helpers import eventually
from .conftest import USER, MakeProvider


def fragment(text: str) -> Fragment:
    return Fragment(
        sender="+447700900123", recipient="60777", octets=text.encode(), charset="utf-8"
    )


class FakeInbox:
    """Takes fragments, unless its journal is broken."""

    def __init__(self) -> None:
        self.broken = False
        self.taken: list[str] = []
        self.offered = 0
        self.news: list[ProviderError | None] = []

    def receive(self, receipt: Receipt) -> Recording[Message | None]:
        raise NotImplementedError

    def take(self, fragment: Fragment) -> Recording[None]:
        self.offered += 1
        recording = Recording[None]()
        if self.broken:
            recording.fail(JournalError("full"))
        else:
            self.taken.append(fragment.octets.decode())
            recording.resolve(None)
        return recording

    def note_connection(self, error: ProviderError | None) -> None:
        self.news.append(error)

    def note_credit(self, credit: Credit) -> None:
        raise NotImplementedError

    def note_status(self, status: AccountStatus) -> None:
        raise NotImplementedError


class Mailbox:
    """Gives what is in it, once."""

    def __init__(self, *answers: Sequence[Fragment] | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def collect(self) -> Sequence[Fragment]:
        self.asked += 1
        await self.gate.wait()
        answer = self.answers.pop(0) if self.answers else []
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def inbox() -> FakeInbox:
    return FakeInbox()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LONGEST_PAUSE", "LOGIN_PAUSE", "FIRST_RECORDING_PAUSE"):
        monkeypatch.setattr(collector, name, 0.001)


async def test_all_that_comes_is_handed_over(inbox: FakeInbox) -> None:
    mailbox = Mailbox([fragment("1"), fragment("2")], [], [fragment("3")])
    collecting = Collector(mailbox.collect, 0.001)
    collecting.start(inbox)
    await eventually(lambda: inbox.taken == ["1", "2", "3"])
    await collecting.close()
    asked = mailbox.asked
    await asyncio.sleep(0)
    assert mailbox.asked == asked


async def test_failures_are_told_and_end_nothing(
    inbox: FakeInbox, caplog: pytest.LogCaptureFixture
) -> None:
    errors = [UnavailableError("down"), LoginError("no"), ProviderError("odd")]
    mailbox = Mailbox(*errors, ValueError("the very secret text"), [fragment("1")])
    collecting = Collector(mailbox.collect, 0.001)
    collecting.start(inbox)
    await eventually(lambda: inbox.taken == ["1"])
    await collecting.close()
    assert inbox.news[:4] == [*errors, None]
    assert "Unexpected error while collecting: ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_pauses_grow_and_are_long_after_a_refused_login(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("gateway.pauses._JITTER", (1.0, 1.0))
    collecting = Collector(Mailbox().collect, 60)
    failure = UnavailableError("down")
    assert [collecting._pause_after(failure, each) for each in range(6)] == [
        60, 120, 240, 480, 900, 900,
    ]  # fmt: skip
    assert collecting._pause_after(LoginError("no"), 0) == 3600
    rare = Collector(Mailbox().collect, 7200)
    assert rare._pause_after(failure, 3) == 7200
    assert rare._pause_after(LoginError("no"), 3) == 7200


async def test_what_is_not_recorded_is_handed_over_again_and_nothing_collected(
    inbox: FakeInbox,
) -> None:
    mailbox = Mailbox([fragment("1"), fragment("2")])
    inbox.broken = True
    collecting = Collector(mailbox.collect, 0.001)
    collecting.start(inbox)
    await eventually(lambda: inbox.offered >= 6)
    assert mailbox.asked == 1
    inbox.broken = False
    await eventually(lambda: inbox.taken == ["1", "2"])
    await eventually(lambda: mailbox.asked > 1)
    await collecting.close()


async def test_what_is_not_recorded_by_the_end_waits_for_the_next_start(
    inbox: FakeInbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox = Mailbox([fragment("1")])
    inbox.broken = True
    collecting = Collector(mailbox.collect, 0.001)
    collecting.start(inbox)
    await eventually(lambda: inbox.offered)
    await collecting.close()
    assert "1 incoming messages are not recorded yet" in caplog.text
    inbox.broken = False
    collecting.start(inbox)
    await eventually(lambda: inbox.taken == ["1"])
    await collecting.close()


async def test_an_answer_under_way_is_waited_for(inbox: FakeInbox) -> None:
    mailbox = Mailbox([fragment("1")])
    mailbox.gate.clear()
    collecting = Collector(mailbox.collect, 0.001)
    collecting.start(inbox)
    await eventually(lambda: mailbox.asked)
    closing = asyncio.create_task(collecting.close())
    await eventually(collecting._closing.is_set)
    mailbox.gate.set()
    await closing
    assert inbox.taken == ["1"]


async def test_but_not_for_ever(
    inbox: FakeInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "CLOSE_GRACE", 0.001)
    mailbox = Mailbox()
    mailbox.gate.clear()
    collecting = Collector(mailbox.collect, 0.001)
    collecting.start(inbox)
    await eventually(lambda: mailbox.asked)
    await collecting.close()
    await collecting.close()
    assert inbox.taken == []


@pytest.mark.parametrize("form", ["nested", "plain"])
async def test_from_a_phone_to_the_listener(
    gateway: Gateway, make_provider: MakeProvider, host: CsoftSimulator, form: str
) -> None:
    host.settings.change({"collected_message": form, "collect_most": 2})
    for number in range(5):
        host.deliver(USER, "447700900123", f"Hi & bye {number} 😀")
    account = await gateway.add_account(
        "a", make_provider(collect_every=0.001), AccountOptions()
    )
    told: list[IncomingMessage] = []
    account.listen_incoming(told.append)
    await eventually(lambda: len(told) == 5)
    assert [each.text for each in told] == [f"Hi & bye {n} 😀" for n in range(5)]
    assert {(each.sender, each.recipient) for each in told} == {
        ("+447700900123", "+447537400000")
    }


async def test_an_outage_is_seen_and_survived(
    gateway: Gateway, make_provider: MakeProvider, host: CsoftSimulator
) -> None:
    host.faults.add(Fault(kind=FaultKind.HTTP_STATUS, service=Service.COLLECT))
    account = await gateway.add_account(
        "a", make_provider(collect_every=0.001), AccountOptions()
    )
    told: list[IncomingMessage] = []
    account.listen_incoming(told.append)
    await eventually(lambda: account.status is AccountStatus.UNREACHABLE)
    host.deliver(USER, "447700900123", "Hi")
    host.faults.clear()
    await eventually(lambda: told)
    assert account.status is AccountStatus.ACTIVE


async def test_a_long_list_is_read_beside_the_event_loop(
    csoft: CsoftProvider, host: CsoftSimulator
) -> None:
    for number in range(500):
        host.deliver(USER, "447700900123", f"{number} " + "long " * 30)
    fragments = await csoft._collect()
    assert len(fragments) == 500
    assert fragments[499].octets.startswith(b"499 long")
