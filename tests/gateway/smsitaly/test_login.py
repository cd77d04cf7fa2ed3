"""What the server may say to a login, and what becomes of what waits for it."""

import pytest

from gateway import Gateway, State
from gateway.errors import (
    AddressLockedError,
    BlockedError,
    CreditError,
    InactiveError,
    LoginError,
    ProviderError,
    SendFailedError,
    SessionsError,
    TransientError,
    UnavailableError,
)
from gateway.model import AccountStatus, Message
from gateway.providers.smsitaly import Interface, line as line_module
from simulator.smsitaly import Fault, FaultKind, SmsItalySimulator

from ..helpers import draft
from .conftest import MakeAccount

NUMBER = "+393331234567"
NUMBERS = [f"+39333{number:07}" for number in range(1_000_000, 1_000_020)]

REFUSALS = [
    ("79 [Permission Denied!]", UnavailableError, AccountStatus.UNREACHABLE),
    ("80 [TCP/IP Not Allowed!]", BlockedError, AccountStatus.BLOCKED),
    ("85 [IP Not Available!]", AddressLockedError, AccountStatus.ADDRESS_LOCKED),
    ("87 [IP Locked!]", AddressLockedError, AccountStatus.ADDRESS_LOCKED),
    ("89 [Account Not Valid]", LoginError, AccountStatus.LOGIN_REFUSED),
    ("89 [Account Blocked!]", BlockedError, AccountStatus.BLOCKED),
    ("89 [Account Not Active!]", InactiveError, AccountStatus.INACTIVE),
    ("99 [Credit Not Available!]", CreditError, AccountStatus.NO_CREDIT),
    ("101 [Too many sessions]", SessionsError, AccountStatus.UNREACHABLE),
    ("555 [Something New]", UnavailableError, AccountStatus.UNREACHABLE),
]
LOGINS = [
    (Interface.PACKET, "<Send Login & Data>"),
    (Interface.ASCII, "Account"),
    (Interface.ASCII, "Password"),
]


@pytest.fixture(autouse=True)
def _long_pauses(monkeypatch: pytest.MonkeyPatch, short_pauses: None) -> None:
    """Let nothing be tried again within a test."""
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 60.0)
    monkeypatch.setattr("gateway.outbox.FIRST_PAUSE", 60.0)


async def _send(gateway: Gateway, *numbers: str) -> list[Message]:
    """Return what became of messages at their first try."""
    try:
        return await gateway.send("a", draft(*numbers))
    except SendFailedError as failed:
        return failed.messages


def _says(gate: SmsItalySimulator, command: str, line: str) -> None:
    """Let the gate do nothing and answer so."""
    kind = FaultKind.GARBAGE
    gate.faults.add(Fault(kind=kind, command=command, answer=line, taken=False))


@pytest.mark.parametrize(("words", "error", "status"), REFUSALS)
@pytest.mark.parametrize(("interface", "command"), LOGINS)
async def test_a_refused_login_is_told_and_not_tried_with_every_message(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
    command: str,
    words: str,
    error: type[ProviderError],
    status: AccountStatus,
) -> None:
    _says(gate, command, f"-ERR {words} - [Connection Closed]")
    account = await make_account(interface=interface)
    for message in await _send(gateway, *NUMBERS):
        transient = issubclass(error, TransientError)
        assert message.state is (State.QUEUED if transient else State.FAILED)
        assert message.failure
        assert message.failure.kind == error.kind
        assert str(message.failure) == words.replace(" [", ": ").rstrip("]")
    assert account.status is status
    assert len(gate.observation.sessions) == 1


@pytest.mark.parametrize(("words", "error", "status"), REFUSALS)
async def test_a_refused_login_is_told_where_only_that_is_asked_for(
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    words: str,
    error: type[ProviderError],
    status: AccountStatus,
) -> None:
    _says(gate, "<Send Login>", f"-ERR {words} - [Connection Closed]")
    account = await make_account()
    with pytest.raises(error):
        await account.check()
    assert account.status is status


@pytest.mark.parametrize("command", ["Account", "Password"])
async def test_a_login_that_is_no_string_to_the_server_refuses_no_message(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount, command: str
) -> None:
    gate.faults.add(Fault(kind=FaultKind.ERROR, command=command, code=100))
    account = await make_account(interface=Interface.ASCII)
    messages = await _send(gateway, *NUMBERS)
    assert {message.state for message in messages} == {State.QUEUED}
    assert account.status is AccountStatus.UNREACHABLE
    assert len(gate.observation.sessions) == 1


async def test_a_login_with_data_that_is_no_string_is_told_apart(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    """The login alone, and then the data alone."""
    gate.faults.add(
        Fault(kind=FaultKind.ERROR, command="<Send Login & Data>", code=100)
    )
    await make_account()
    messages = await _send(gateway, *NUMBERS)
    assert {message.state for message in messages} == {State.ACCEPTED}
    assert [taken.recipient for taken in gate.messages] == NUMBERS
    assert [session.lines for session in gate.observation.sessions] == [1, 21]


async def test_data_that_is_no_string_refuses_its_own_message_only(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    for command in ("<Send Login & Data>", "<Send Data>"):
        gate.faults.add(
            Fault(
                kind=FaultKind.ERROR,
                command=command,
                code=100,
                destination=NUMBERS[0],
            )
        )
    account = await make_account()
    refused, *messages = await _send(gateway, *NUMBERS)
    assert refused.state is State.FAILED
    assert refused.failure
    assert refused.failure.code == "100"
    assert {message.state for message in messages} == {State.ACCEPTED}
    assert account.status is AccountStatus.ACTIVE


async def test_neither_the_login_nor_the_data_is_a_string(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    for command in ("<Send Login & Data>", "<Send Login>"):
        gate.faults.add(Fault(kind=FaultKind.ERROR, command=command, code=100))
    await make_account()
    messages = await _send(gateway, *NUMBERS)
    assert {message.state for message in messages} == {State.QUEUED}
    assert len(gate.observation.sessions) == 2


@pytest.mark.parametrize("closed", ["", " - [Connection Closed]"])
async def test_a_field_that_is_refused_with_the_login_is_of_its_message_only(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount, closed: str
) -> None:
    kind, name = FaultKind.GARBAGE, "<Send Login & Data>"
    line = f"-ERR 94 [Phone Number Not Valid]{closed}"
    gate.faults.add(Fault(kind=kind, command=name, answer=line, times=1, taken=True))
    await make_account()
    refused, *messages = await _send(gateway, *NUMBERS)
    assert refused.state is State.FAILED
    assert {message.state for message in messages} == {State.ACCEPTED}
    assert len(gate.observation.sessions) == (2 if closed else 1)


@pytest.mark.parametrize(("interface", "command"), LOGINS)
@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.SHUTDOWN])
async def test_a_shut_down_in_the_login_is_as_good_as_one_before_it(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
    command: str,
    kind: FaultKind,
) -> None:
    gate.faults.add(Fault(kind=kind, command=command, code=102, times=1))
    account = await make_account(interface=interface)
    [message] = await _send(gateway, NUMBER)
    assert message.state is State.ACCEPTED
    assert account.status is AccountStatus.ACTIVE
    assert len(gate.messages) == 1


async def test_a_shut_down_right_after_the_greeting_is_as_good_as_one_before_it(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    gate.faults.add(Fault(kind=FaultKind.SHUTDOWN, command="Connection", times=1))
    account = await make_account(interface=interface)
    [message] = await _send(gateway, NUMBER)
    assert message.state is State.ACCEPTED
    assert account.status is AccountStatus.ACTIVE
    assert len(gate.observation.sessions) == 2


@pytest.mark.parametrize(("interface", "command"), LOGINS)
async def test_a_server_that_shuts_down_every_login_is_left_alone_for_a_while(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
    command: str,
) -> None:
    gate.faults.add(Fault(kind=FaultKind.ERROR, command=command, code=102))
    account = await make_account(interface=interface)
    messages = await _send(gateway, *NUMBERS)
    assert {message.state for message in messages} == {State.QUEUED}
    assert len(gate.observation.sessions) == 2
    assert account.status is AccountStatus.UNREACHABLE
    connection = account.provider.connection
    assert connection
    assert not connection.is_up
