"""A server that is not there, or goes away: nothing is lost, and it is told."""

import asyncio

import pytest

from gateway import AccountStatus, Change, Gateway, State, outbox as outbox_module
from gateway.errors import ProviderError
from gateway.reasons import Reason
from simulator import smsc as simulator
from simulator.smsc import Fault, FaultKind, SmscSimulator

from ...helpers import draft, eventually, numbers
from .conftest import Add, ended

KILLS = 20


async def test_a_server_that_comes_later_gets_what_waits(
    gateway: Gateway, add: Add, smsc: SmscSimulator, changes: list[Change]
) -> None:
    await smsc.stop()
    account = await add(bound=False)
    messages = await gateway.send("a", draft())
    assert messages[0].state is State.QUEUED
    await eventually(lambda: account.status is AccountStatus.UNREACHABLE)
    await smsc.start()
    await ended(changes, messages)
    assert account.status is AccountStatus.ACTIVE
    assert len(smsc.messages) == 1


@pytest.mark.timeout(900)
async def test_a_server_killed_again_and_again_loses_nothing(
    gateway: Gateway,
    add: Add,
    smsc: SmscSimulator,
    changes: list[Change],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox_module, "FIRST_PAUSE", 0.01)
    await add(window=50)
    for turn in range(KILLS):
        fault = Fault(
            kind=FaultKind.LATENCY, seconds=600, command=simulator.Command.SUBMIT_SM
        )
        smsc.faults.add(fault)
        before = len(smsc.messages)
        sending = asyncio.create_task(
            gateway.send("a", draft(*numbers(60, first=100 * turn)))
        )
        await smsc.wait_for(lambda each, seen=before: len(each.messages) >= seen + 50)
        smsc.faults.clear()
        for session in list(smsc.sessions):
            session.reset()
        messages = await sending
        states = await ended(changes, messages)
        assert {states[message.id] for message in messages} == {State.DELIVERED}
    # Only what was in the window was sent twice.
    assert len(smsc.messages) == KILLS * (60 + 50)
    assert len(smsc.messages.doubles()) == KILLS * 50


async def test_a_connection_that_is_lost_is_told_at_once(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    account = await add()
    heard: list[tuple[ProviderError | None, bool]] = []
    account.listen(
        lambda error: heard.append((error, account.provider.connection.is_up))
    )
    [session] = smsc.sessions
    session.reset()
    await eventually(lambda: (None, True) in heard)
    assert isinstance(heard[0][0], ProviderError)
    assert heard[0][0].text == Reason("connection_ended")
    assert heard[0][1] is False
