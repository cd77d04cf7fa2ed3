"""A server that answers wrongly, late or not at all: each message ends all the same."""

import asyncio

import pytest

from gateway import (
    Account,
    Change,
    Gateway,
    OnUncertain,
    State,
    outbox as outbox_module,
)
from gateway.providers.smpp import SmppProvider, Timers
from gateway.providers.smpp.session import Session
from simulator import smsc as simulator
from simulator.smsc import Fault, FaultKind, SmscSimulator

from ....looptime import LoopTime
from ...helpers import draft, eventually, numbers
from .conftest import Add, ended

SUBMIT = simulator.Command.SUBMIT_SM


@pytest.fixture(autouse=True)
def _retried_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "FIRST_PAUSE", 0.01)


def session_of(account: Account) -> Session:
    """Return the account's session."""
    assert isinstance(account.provider, SmppProvider)
    assert account.provider._link
    [line] = account.provider._link._lines
    assert line.session
    return line.session


@pytest.mark.parametrize("sequence", [None, 0])
async def test_a_message_refused_by_a_nack_goes_out_again(
    gateway: Gateway,
    add: Add,
    smsc: SmscSimulator,
    changes: list[Change],
    sequence: int | None,
) -> None:
    await add()
    status = simulator.CommandStatus.ESME_RSYSERR
    fault = Fault(
        kind=FaultKind.NACK, command=SUBMIT, status=status, sequence=sequence, times=1
    )
    smsc.faults.add(fault)
    messages = await gateway.send("a", draft())
    assert str(messages[0].failure).startswith("ESME_RSYSERR")
    assert set((await ended(changes, messages)).values()) == {State.DELIVERED}
    assert len(smsc.messages) == 1


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.UNKNOWN_SEQUENCE])
async def test_only_a_message_whose_answer_is_lost_goes_out_twice(
    gateway: Gateway,
    add: Add,
    smsc: SmscSimulator,
    changes: list[Change],
    loop_time: LoopTime,
    kind: FaultKind,
) -> None:
    session = session_of(await add())
    smsc.faults.add(Fault(kind=kind, command=SUBMIT, times=1))
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(5))))
    await smsc.wait_for(lambda each: len(each.messages) == 5)
    await eventually(lambda: session.unanswered == 1)
    loop_time.advance(Timers().response)
    messages = await sending
    assert set((await ended(changes, messages)).values()) == {State.DELIVERED}
    assert len(smsc.messages) == 6
    assert len(smsc.messages.doubles()) == 1


async def test_a_server_that_reads_no_more_is_left(
    gateway: Gateway, add: Add, smsc: SmscSimulator, loop_time: LoopTime
) -> None:
    # It does not see either that the connection is closed.
    smsc.accounts["user"].receivers = 2
    session = session_of(await add())
    smsc.settings.change({"receipt_timing": "never"})
    smsc.faults.add(Fault(kind=FaultKind.DEAF, command=SUBMIT, times=1))
    await gateway.send("a", draft())
    sending = asyncio.create_task(gateway.send("a", draft(text="Again")))
    await eventually(lambda: session.unanswered == 1)
    loop_time.advance(Timers().response)
    [message] = await sending
    assert message.state is State.QUEUED
    await smsc.wait_for(lambda each: len(each.messages) == 2)
    assert smsc.observation.connections == 2


async def test_a_server_that_enquires_is_answered_and_keeps_the_session(
    add: Add, smsc: SmscSimulator
) -> None:
    smsc.settings.change({"enquire_link_after": 0.02})
    account = await add()
    answer = simulator.Command.ENQUIRE_LINK_RESP
    await smsc.wait_for(lambda each: each.observation.counts[answer] >= 5)
    assert account.provider.connection.is_up
    assert smsc.observation.connections == 1


async def test_a_server_that_says_nothing_after_unbind_is_left(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    smsc.settings.change({"after_unbind": "silent"})
    await add()
    await gateway.remove_account("a")
    await smsc.wait_for(lambda each: not each.sessions)


async def test_what_a_killed_server_left_unanswered_is_held_and_the_rest_goes_out(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    account = await add(window=50, on_uncertain=OnUncertain.HOLD)
    smsc.faults.add(Fault(kind=FaultKind.LATENCY, seconds=600, command=SUBMIT))
    # The receipts would tell.
    smsc.settings.change({"receipt_timing": "never"})
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(60))))
    await smsc.wait_for(lambda each: len(each.messages) == 50)
    smsc.faults.clear()
    [session] = smsc.sessions
    session.reset()
    messages = await sending
    await eventually(lambda: account.provider.connection.is_up)
    await smsc.wait_for(lambda each: len(each.messages) == 60)
    await eventually(lambda: not account.outbox._workers)
    await gateway._ledger.settle()
    states = [(await gateway.get(each.id)).state for each in messages]
    assert states.count(State.UNKNOWN) == 50
    assert states.count(State.ACCEPTED) == 10
    assert not smsc.messages.doubles()
