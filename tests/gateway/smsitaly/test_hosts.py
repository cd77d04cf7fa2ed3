"""Two hosts: which one is asked when, and when the first one is again."""

import asyncio
from dataclasses import replace

import pytest

from gateway import Gateway, OnUncertain, State
from gateway.errors import SessionsError
from gateway.providers.smsitaly import Host, Interface, line as line_module
from simulator.smsitaly import Fault, FaultKind, SmsItalySimulator

from ...looptime import LoopTime
from ..helpers import draft
from .conftest import MakeAccount
from .helpers import login

NUMBER = "+393331234567"


def _hosts(*gates: SmsItalySimulator) -> tuple[Host, ...]:
    return tuple(Host(gate.host, gate.port) for gate in gates)


async def test_the_second_host_takes_over_and_the_first_comes_back(
    gateway: Gateway,
    gate: SmsItalySimulator,
    backup: SmsItalySimulator,
    make_account: MakeAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await make_account(hosts=_hosts(gate, backup))
    gate.refuse_connections()
    await gateway.send("a", draft(NUMBER))
    assert len(backup.messages) == 1
    await gate.accept_connections()
    backup.shut_down()
    await backup.wait_for(lambda gate: not gate.sessions)
    await gateway.send("a", draft(NUMBER))
    assert len(backup.messages) == 2  # the first has not been tried again yet
    monkeypatch.setattr(line_module, "RETURN_AFTER", 0.0)
    backup.shut_down()
    await backup.wait_for(lambda gate: not gate.sessions)
    await gateway.send("a", draft(NUMBER))
    assert len(gate.messages) == 1


async def test_a_host_that_denies_permission_is_passed_over(
    gateway: Gateway,
    gate: SmsItalySimulator,
    backup: SmsItalySimulator,
    make_account: MakeAccount,
) -> None:
    gate.faults.add(Fault(kind=FaultKind.ERROR, command="Connection", code=79))
    await make_account(hosts=_hosts(gate, backup))
    await gateway.send("a", draft(NUMBER))
    assert len(backup.messages) == 1


@pytest.mark.parametrize(
    "kind", [FaultKind.SILENCE, FaultKind.GARBAGE, FaultKind.DROP, FaultKind.RESET]
)
async def test_a_host_that_does_not_greet_is_passed_over(
    gateway: Gateway,
    gate: SmsItalySimulator,
    backup: SmsItalySimulator,
    make_account: MakeAccount,
    loop_time: LoopTime,
    kind: FaultKind,
) -> None:
    gate.faults.add(Fault(kind=kind, command="Connection"))
    await make_account(hosts=_hosts(gate, backup))
    sending = asyncio.create_task(gateway.send("a", draft(NUMBER)))
    await gate.wait_for(lambda gate: gate.observation.counts["Connection"] == 1)
    if kind is FaultKind.SILENCE:
        loop_time.advance(line_module.CONNECT_TIMEOUT)
    await sending
    await backup.wait_for(lambda gate: gate.messages_count == 1)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.SILENCE),
        Fault(kind=FaultKind.DROP),
        Fault(kind=FaultKind.RESET),
        Fault(kind=FaultKind.GARBAGE),
        Fault(kind=FaultKind.ERROR, code=79),
        Fault(kind=FaultKind.ERROR, code=100),
    ],
    ids=lambda fault: f"{fault.kind}{fault.code if fault.kind == 'error' else ''}",
)
@pytest.mark.parametrize("command", ["Account", "Password", "<Send Login"])
async def test_a_host_that_greets_and_takes_no_login_is_passed_over(
    gateway: Gateway,
    gate: SmsItalySimulator,
    backup: SmsItalySimulator,
    make_account: MakeAccount,
    loop_time: LoopTime,
    command: str,
    fault: Fault,
) -> None:
    packets = command.startswith("<")
    names = ["<Send Login>", "<Send Login & Data>"] if packets else [command]
    for name in names:
        gate.faults.add(replace(fault, command=name, taken=False))
    interface = Interface.PACKET if packets else Interface.ASCII
    await make_account(hosts=_hosts(gate, backup), interface=interface)
    sending = asyncio.create_task(gateway.send("a", draft(NUMBER)))
    await gate.wait_for(lambda gate: gate.observation.counts[names[-1]] == 1)
    if fault.kind is FaultKind.SILENCE:
        loop_time.advance(login().timeout)
    [message] = await sending
    assert message.state is State.QUEUED
    await backup.wait_for(lambda backup: backup.messages_count == 1)
    assert not gate.messages


async def test_a_host_that_takes_the_login_again_is_the_first_again(
    gateway: Gateway,
    gate: SmsItalySimulator,
    backup: SmsItalySimulator,
    make_account: MakeAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The session at the backup need not end for that."""
    gate.refuse_connections()
    await make_account(hosts=_hosts(gate, backup))
    for _ in range(2):
        await gateway.send("a", draft(NUMBER))
    assert len(backup.messages) == 2
    await gate.accept_connections()
    with monkeypatch.context() as patch:
        patch.setattr(line_module, "RETURN_AFTER", 0.0)
        await gateway.send("a", draft(NUMBER))
    for _ in range(2):
        await gateway.send("a", draft(NUMBER))
    assert (len(gate.messages), len(backup.messages)) == (3, 2)
    assert [each.reason for each in backup.observation.sessions] == ["client"]


async def test_a_session_is_not_given_up_for_a_host_that_is_still_down(
    gateway: Gateway,
    gate: SmsItalySimulator,
    backup: SmsItalySimulator,
    make_account: MakeAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate.refuse_connections()
    await make_account(hosts=_hosts(gate, backup))
    await gateway.send("a", draft(NUMBER))
    monkeypatch.setattr(line_module, "RETURN_AFTER", 0.0)
    await gateway.send("a", draft(NUMBER))
    assert len(backup.messages) == 2
    assert len(backup.observation.sessions) == 1


async def test_no_message_is_risked_to_find_out_whether_a_host_is_well_again(
    gateway: Gateway,
    gate: SmsItalySimulator,
    backup: SmsItalySimulator,
    make_account: MakeAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate.faults.add(Fault(kind=FaultKind.ERROR, command="Connection", code=79, times=1))
    gate.faults.add(Fault(kind=FaultKind.DROP, command="<Send Login>"))
    gate.faults.add(Fault(kind=FaultKind.DROP, command="<Send Login & Data>"))
    await make_account(hosts=_hosts(gate, backup), on_uncertain=OnUncertain.HOLD)
    await gateway.send("a", draft(NUMBER))
    with monkeypatch.context() as patch:
        patch.setattr(line_module, "RETURN_AFTER", 0.0)
        [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.QUEUED
    await backup.wait_for(lambda backup: backup.messages_count == 2)
    assert not gate.messages


@pytest.mark.parametrize("command", ["Connection", "<Send Login & Data>"])
async def test_too_many_sessions_are_too_many_at_the_other_host_too(
    gateway: Gateway,
    gate: SmsItalySimulator,
    backup: SmsItalySimulator,
    make_account: MakeAccount,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 60.0)
    gate.faults.add(Fault(kind=FaultKind.ERROR, command=command, code=101))
    account = await make_account(hosts=_hosts(gate, backup))
    [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.QUEUED
    assert not backup.observation.sessions
    connection = account.provider.connection
    assert connection
    assert connection.has_failed_with(SessionsError.kind)
