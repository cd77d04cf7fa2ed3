"""What goes wrong with a session, and what becomes of the messages."""

import asyncio
from collections import Counter
from itertools import pairwise
import random
from typing import override

import pytest

from gateway import Account, Gateway, OnUncertain, State
from gateway.errors import LoginError, SessionsError, UnavailableError
from gateway.model import AccountStatus
from gateway.providers.smsitaly import (
    Host,
    Interface,
    SmsitalyProvider,
    line as line_module,
    provider as provider_module,
)
from gateway.providers.smsitaly.begun import MOST, Begun, BegunMessages
from gateway.providers.smsitaly.conversation import PROBE_AFTER, PROBE_TIMEOUT
from simulator.smsitaly import (
    Fault,
    FaultKind,
    ManualClock,
    SmsItalySimulator,
)

from ...looptime import LoopTime
from ..helpers import draft, eventually
from .conftest import MakeAccount
from .helpers import login

NUMBER = "+393331234567"


class RestlessClock(ManualClock):
    """A time that passes with each look at it, some turns of the event loop later."""

    def __init__(self) -> None:
        super().__init__()
        self._turns = random.Random(0)

    @override
    def now(self) -> float:
        self._pass(self._turns.randrange(6))
        return super().now()

    def _pass(self, turns: int) -> None:
        loop = asyncio.get_running_loop()
        if turns:
            loop.call_soon(self._pass, turns - 1)
        else:
            loop.call_soon(self.advance, 1)


async def _states(gateway: Gateway, sent: list[str]) -> Counter[State]:
    messages = [await gateway.get(id_) for id_ in sent]
    return Counter(message.state for message in messages)


@pytest.mark.parametrize("size", [1, 0])
async def test_answers_may_come_in_pieces(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
    size: int,
) -> None:
    await make_account(interface=interface)
    gate.faults.add(Fault(kind=FaultKind.SPLIT, size=size))
    for _ in range(3):
        await gateway.send("a", draft(NUMBER))
    assert len(gate.messages) == 3


async def test_answers_may_come_at_once(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    await make_account(interface=Interface.ASCII)
    gate.faults.add(Fault(kind=FaultKind.JOIN, hold=3, command="CountryCode"))
    gate.faults.add(Fault(kind=FaultKind.JOIN, hold=3, command="GsmCode"))
    gate.faults.add(Fault(kind=FaultKind.JOIN, hold=3, command="PhoneNumber"))
    await gateway.send("a", draft(NUMBER))
    assert len(gate.messages) == 1


async def test_a_session_that_was_shut_down_is_opened_again(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    account = await make_account(interface=interface)
    await gateway.send("a", draft(NUMBER))
    gate.shut_down()
    await gate.wait_for(lambda gate: not gate.sessions)
    assert account.status is AccountStatus.ACTIVE
    [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.ACCEPTED
    assert [each.reason for each in gate.observation.sessions] == ["-ERR 102", ""]


async def test_a_shut_down_in_place_of_the_answer_doubles_nothing(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    await make_account(interface=interface)
    await gateway.send("a", draft(NUMBER))
    name = "<Send Data>" if interface is Interface.PACKET else "SendSMS"
    gate.faults.add(Fault(kind=FaultKind.ERROR, command=name, code=102, times=1))
    [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.ACCEPTED
    assert len(gate.messages) == 2


async def test_shut_downs_behind_any_answer_lose_and_double_nothing(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    """In one piece with the answer, with a pipelined one, and in pieces."""
    account = await make_account(interface=interface)
    packets = interface is Interface.PACKET
    for name in ["<Send Data>"] if packets else ["PhoneNumber", "SendSMS"]:
        for kind in (FaultKind.SHUTDOWN, FaultKind.ERROR):
            gate.faults.add(Fault(kind=kind, command=name, code=102, chance=0.05))
    gate.faults.add(Fault(kind=FaultKind.SPLIT, size=0, chance=0.3))
    numbers = [f"+39333{number:07}" for number in range(1_000_000, 1_000_200)]
    sent = [message.id for message in await gateway.send("a", draft(*numbers))]
    await eventually(lambda: account.statistics.queued == 0)
    assert await _states(gateway, sent) == {State.ACCEPTED: 200}
    assert sorted(taken.recipient for taken in gate.messages) == numbers
    reasons = Counter(each.reason for each in gate.observation.sessions)
    assert reasons["-ERR 102"] >= 5


@pytest.mark.parametrize("gate_clock", [RestlessClock])
async def test_shut_downs_at_random_moments_are_normal(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    """What is cut off may be there twice; nothing is lost."""
    gate.settings.shutdown_after = 40
    account = await make_account(interface=interface)
    numbers = [f"+39333{number:07}" for number in range(1_000_000, 1_000_200)]
    sent: list[str] = []
    for number in numbers:
        sent += [message.id for message in await gateway.send("a", draft(number))]
    await eventually(lambda: account.statistics.queued == 0)
    assert await _states(gateway, sent) == {State.ACCEPTED: 200}
    assert {taken.recipient for taken in gate.messages} == set(numbers)
    await gate.wait_for(
        lambda gate: any(
            each.reason == "-ERR 102" for each in gate.observation.sessions
        )
    )


async def test_a_message_whose_answer_was_cut_off_is_sent_again(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    await make_account(interface=interface)
    await gateway.send("a", draft(NUMBER))
    name = "<Send Data>" if interface is Interface.PACKET else "SendSMS"
    gate.faults.add(Fault(kind=FaultKind.DROP, command=name, times=1))
    [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.QUEUED
    await gate.wait_for(lambda gate: gate.messages_count == 3)
    assert len(gate.messages.doubles()) == 1


async def test_such_a_message_is_held_where_that_is_wanted(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    await make_account(on_uncertain=OnUncertain.HOLD)
    gate.faults.add(Fault(kind=FaultKind.RESET, command="<Send Login & Data>", times=1))
    [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.UNKNOWN
    assert len(gate.messages) == 1


async def test_what_was_not_told_to_be_sent_is_certain_not_to_be(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    await make_account(interface=Interface.ASCII, on_uncertain=OnUncertain.HOLD)
    gate.faults.add(Fault(kind=FaultKind.DROP, command="GsmCode", times=1))
    [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.QUEUED
    await gate.wait_for(lambda gate: gate.messages_count == 1)


async def test_parts_that_were_taken_make_the_rest_uncertain(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    await make_account(on_uncertain=OnUncertain.HOLD)
    gate.faults.add(Fault(kind=FaultKind.ERROR, command="<Send Data>", code=102))
    gate.faults.add(
        Fault(kind=FaultKind.ERROR, command="<Send Login & Data>", code=101, every=2)
    )
    [message] = await gateway.send("a", draft(NUMBER, text="x" * 400))
    assert message.state is State.UNKNOWN
    assert message.failure
    assert "1 of 3 parts were taken" in message.failure.text


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.ERROR])
async def test_parts_that_were_taken_are_not_sent_again(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    kind: FaultKind,
) -> None:
    await make_account()
    await gateway.send("a", draft(NUMBER))
    fault = Fault(
        kind=kind, command="<Send Data>", code=101, every=3, times=1, taken=False
    )
    gate.faults.add(fault)
    [message] = await gateway.send("a", draft(NUMBER, text="x" * 600))
    assert message.state is State.QUEUED
    # A message between them has no part in it.
    await gateway.send("a", draft(NUMBER))
    await gate.wait_for(lambda gate: gate.messages_count == 6)
    parts = [taken for taken in gate.messages if taken.header]
    assert "".join(part.text for part in parts) == "x" * 600
    assert [part.header[-1] for part in parts] == [1, 2, 3, 4]
    assert len({part.header[:-1] for part in parts}) == 1
    await eventually(lambda: gateway.account("a").statistics.queued == 0)
    answer = (await gateway.get(message.id)).answer
    assert answer
    assert answer.count("+OK 01") == 4


async def test_what_was_taken_is_forgotten_with_the_message(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    account = await make_account()
    gate.faults.add(
        Fault(kind=FaultKind.ERROR, command="<Send Data>", code=101, times=1)
    )
    gate.faults.add(
        Fault(kind=FaultKind.ERROR, command="<Send Data>", code=93, times=1)
    )
    await gateway.send("a", draft(NUMBER, text="x" * 400))
    await eventually(lambda: account.statistics.queued == 0)
    assert not _provider(account)._begun._begun


def test_only_so_many_begun_messages_are_remembered() -> None:
    begun = BegunMessages()
    for number in range(MOST + 1):
        begun.put(str(number), Begun(number, ["+OK 01"]))
    begun.put("unbegun", Begun(0))
    assert begun.take("0") is None
    assert begun.take("unbegun") is None
    last = begun.take(str(MOST))
    assert last
    assert last.reference == MOST
    assert begun.take(str(MOST)) is None


async def test_a_broadcast_with_a_drop_after_every_50th_loses_none(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    """Doubles are those only whose answer was cut off."""
    await make_account()
    gate.faults.add(Fault(kind=FaultKind.DROP, command="<Send Data>", every=50))
    numbers = [f"+39333{number:07}" for number in range(1_000_000, 1_001_000)]
    sent = [message.id for message in await gateway.send("a", draft(*numbers))]
    await eventually(lambda: gateway.account("a").statistics.queued == 0)
    assert await _states(gateway, sent) == {State.ACCEPTED: 1000}
    assert {taken.recipient for taken in gate.messages} == set(numbers)
    dropped = [each for each in gate.observation.sessions if each.reason == "drop"]
    assert len(gate.messages.doubles()) == len(dropped) >= 19


async def test_nobody_can_be_reached(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    gate.refuse_connections()
    account = await make_account()
    [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.QUEUED
    assert account.status is AccountStatus.UNREACHABLE
    connection = account.provider.connection
    assert connection
    assert not connection.is_up
    await gate.accept_connections()
    await gate.wait_for(lambda gate: gate.messages_count == 1)
    await eventually(lambda: account.status is AccountStatus.ACTIVE)


async def test_a_second_session_is_no_storm_of_logins(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 60.0)
    account = await make_account(interface=Interface.ASCII)
    gate.faults.add(Fault(kind=FaultKind.ERROR, command="Password", code=101))
    numbers = [f"+39333{number:07}" for number in range(1_000_000, 1_000_020)]
    messages = await gateway.send("a", draft(*numbers))
    assert {message.state for message in messages} == {State.QUEUED}
    assert len(gate.observation.sessions) == 1
    connection = account.provider.connection
    assert connection
    assert connection.has_failed_with(SessionsError.kind)


async def test_a_wrong_login_is_tried_once(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    account = await make_account(password="wrong")
    with pytest.raises(LoginError):
        await account.check()
    with pytest.raises(LoginError):
        await account.check()
    assert len(gate.observation.sessions) == 1
    assert account.status is AccountStatus.LOGIN_REFUSED


async def test_an_idle_session_is_asked_for_a_sign_of_life(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    loop_time: LoopTime,
) -> None:
    """A message is not sent into a connection that is dead."""
    await make_account()
    await gateway.send("a", draft(NUMBER))
    gate.faults.add(Fault(kind=FaultKind.SILENCE, command="SmsQuery", times=1))
    loop_time.advance(PROBE_AFTER)
    sending = asyncio.create_task(gateway.send("a", draft(NUMBER)))
    await gate.wait_for(lambda gate: gate.observation.counts["SmsQuery"] == 1)
    loop_time.advance(PROBE_TIMEOUT)
    [message] = await sending
    assert message.state is State.ACCEPTED
    assert len(gate.observation.sessions) == 2
    assert len(gate.messages) == 2


@pytest.mark.parametrize(
    "kind", [FaultKind.GARBAGE, FaultKind.FLOOD, FaultKind.SILENCE, FaultKind.MIDWAY]
)
async def test_an_answer_that_cannot_be_read_leaves_the_message_uncertain(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    loop_time: LoopTime,
    kind: FaultKind,
) -> None:
    await make_account()
    await gateway.send("a", draft(NUMBER))
    gate.faults.add(Fault(kind=kind, command="<Send Data>", size=20_000, times=1))
    sending = asyncio.create_task(gateway.send("a", draft(NUMBER)))
    await gate.wait_for(lambda gate: gate.messages_count == 2)
    if kind is FaultKind.SILENCE:
        loop_time.advance(login().timeout)
    [message] = await sending
    assert message.failure
    assert message.failure.kind == "uncertain"
    await gate.wait_for(lambda gate: gate.messages_count == 3)


async def test_an_answer_twice_ends_the_session(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    await make_account()
    gate.faults.add(Fault(kind=FaultKind.TWICE, command="<Send Login & Data>", times=1))
    await gateway.send("a", draft(NUMBER))
    await gate.wait_for(lambda gate: not gate.sessions)
    [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.ACCEPTED


async def test_a_session_may_be_kept_alive(
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(provider_module, "KEEP_ALIVE", 0.01)
    account = await make_account(keep_alive=True)
    await gate.wait_for(lambda gate: gate.observation.counts["SmsQuery"] >= 3)
    assert len(gate.observation.sessions) == 1
    gate.shut_down()
    await gate.wait_for(lambda gate: len(gate.observation.sessions) == 2)
    await eventually(lambda: account.status is AccountStatus.ACTIVE)


async def test_a_refused_login_is_not_kept_trying(
    gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    account = await make_account(keep_alive=True, password="wrong")
    await eventually(lambda: account.status is AccountStatus.LOGIN_REFUSED)
    keeping = _provider(account)._keeping
    assert keeping
    await keeping
    assert len(gate.observation.sessions) == 1


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (80, AccountStatus.BLOCKED),
        (85, AccountStatus.ADDRESS_LOCKED),
        (87, AccountStatus.ADDRESS_LOCKED),
        (99, AccountStatus.NO_CREDIT),
        (101, AccountStatus.UNREACHABLE),
    ],
)
async def test_a_session_that_is_to_be_kept_is_no_reason_to_hammer(
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    monkeypatch: pytest.MonkeyPatch,
    loop_time: LoopTime,
    code: int,
    status: AccountStatus,
) -> None:
    """Each pause is twice as long as the one before."""
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 60.0)
    monkeypatch.setattr("gateway.pauses._JITTER", (1.0, 1.0))
    gate.faults.add(Fault(kind=FaultKind.ERROR, command="<Send Login>", code=code))
    account = await make_account(keep_alive=True)
    line = _provider(account)._line
    opened: list[float] = []

    async def pass_time() -> None:
        """Let time pass while nothing else does."""
        if line.state is line_module.LineState.WAITING:
            loop_time.advance(1)
        await asyncio.sleep(0)

    while len(opened) < 5:
        await pass_time()
        if len(gate.observation.sessions) > len(opened):
            opened.append(loop_time())
    assert account.status is status
    for pause, (before, after) in zip(
        (60, 120, 240, 300), pairwise(opened), strict=True
    ):
        assert after - before >= pause
    gate.faults.clear()
    while account.status is not AccountStatus.ACTIVE:
        await pass_time()


async def test_a_session_is_kept_by_a_question_that_is_not_understood(
    gate: SmsItalySimulator, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_module, "KEEP_ALIVE", 0.01)
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 60.0)
    gate.faults.add(Fault(kind=FaultKind.ERROR, command="SmsQuery", code=100))
    await make_account(keep_alive=True)
    await gate.wait_for(lambda gate: gate.observation.counts["SmsQuery"] >= 3)
    assert len(gate.observation.sessions) == 1


async def test_a_closed_account_takes_nothing(
    gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    account = await make_account()
    await account.check()
    await account.provider.close()
    await gate.wait_for(lambda gate: not gate.sessions)
    with pytest.raises(UnavailableError, match="closed"):
        await account.provider.balance()


async def test_the_time_in_which_nothing_answers_ends(
    gate: SmsItalySimulator, loop_time: LoopTime
) -> None:
    gate.faults.add(Fault(kind=FaultKind.SILENCE, command="<Send Login>"))
    hosts = (Host(gate.host, gate.port),)
    provider = SmsitalyProvider(login(hosts=hosts))
    checking = asyncio.create_task(provider.check_login())
    await gate.wait_for(lambda gate: gate.observation.counts["<Send Login>"] == 1)
    loop_time.advance(login().timeout)
    with pytest.raises(UnavailableError, match="no answer in time"):
        await checking


def _provider(account: Account) -> SmsitalyProvider:
    provider = account.provider
    assert isinstance(provider, SmsitalyProvider)
    return provider
