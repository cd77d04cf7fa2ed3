"""Messages through a gate: what it takes, what it says, what that comes to."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from gateway import Gateway, State
from gateway.errors import (
    AccountExpiredError,
    AddressLockedError,
    BlockedError,
    CreditError,
    InactiveError,
    LoginError,
    ProviderError,
    RecipientError,
    RecipientLockedError,
    ScheduleError,
    SenderError,
    SendFailedError,
    TextError,
    UnsupportedError,
)
from gateway.model import AccountStatus, Credit
from gateway.providers.smsitaly import Host, Interface, SmsitalyProvider, Unicode
from gateway.reasons import Reason
from simulator.smsitaly import Fault, FaultKind, Field, SmsItalySimulator, Status

from ..helpers import draft, refused
from .conftest import MakeAccount
from .helpers import login

NUMBER = "+393331234567"


async def test_a_message_is_taken(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    await make_account(interface=interface)
    [message] = await gateway.send("a", draft(NUMBER, text="Perché no?"))
    assert message.state is State.ACCEPTED
    assert message.answer
    assert message.answer.startswith("+OK 01 1999 [SMS SEND MESSAGE TO: +393331234567")
    [taken] = gate.messages
    assert (taken.recipient, taken.sender, taken.text) == (NUMBER, "Home", "Perché no?")
    assert taken.interface == interface
    assert taken.fields[Field.SMS_REF] == message.id
    assert taken.fields[Field.SMS_VALIDITY] == "1440"


@pytest.mark.parametrize("unicode", list(Unicode))
@pytest.mark.parametrize(
    "text", ["Ωmega 😀", "two\nlines", "5 €", "[brackets] {and} ~more^ \\ |"]
)
async def test_every_text_arrives_as_it_was_written(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
    unicode: Unicode,
    text: str,
) -> None:
    await make_account(interface=interface, unicode=unicode)
    await gateway.send("a", draft(NUMBER, text=text))
    assert [message.text for message in gate.messages] == [text]


@pytest.mark.parametrize("char", map(chr, range(7)))
async def test_a_text_with_a_character_that_delimits_is_refused(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount, char: str
) -> None:
    await make_account()
    with refused("message", "message_character", character=f"U+000{ord(char)}"):
        await gateway.send("a", draft(NUMBER, text=f"Fire{char}!"))
    assert not gate.observation.sessions


@pytest.mark.parametrize("char", ["x", "Ω"])
async def test_a_long_text_arrives_in_parts(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
    char: str,
) -> None:
    await make_account(interface=interface)
    text = char * 200
    [message] = await gateway.send("a", draft(NUMBER, text=text, flash=True))
    assert message.state is State.ACCEPTED
    assert "".join(part.text for part in gate.messages) == text
    headers = [part.header for part in gate.messages]
    count = len(headers)
    assert [header[-2:] for header in headers] == [
        bytes((count, number)) for number in range(1, count + 1)
    ]
    assert len({header[:4] for header in headers}) == 1
    assert {part.fields[Field.DCS] for part in gate.messages} <= {"10", "18"}


async def test_a_broadcast_costs_one_round_trip_for_each_number(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    await make_account()
    numbers = [f"+39333{number:07}" for number in range(1_000_000, 1_000_050)]
    messages = await gateway.send("a", draft(*numbers))
    assert {message.state for message in messages} == {State.ACCEPTED}
    assert [taken.recipient for taken in gate.messages] == numbers
    assert {taken.text for taken in gate.messages} == {"Fire"}
    [session] = gate.observation.sessions
    assert session.lines == 50


async def test_only_the_number_changes_in_commands(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    await make_account(interface=Interface.ASCII)
    numbers = [f"+39333{number:07}" for number in range(1_000_000, 1_000_010)]
    await gateway.send("a", draft(*numbers))
    assert [taken.recipient for taken in gate.messages] == numbers
    counts = gate.observation.counts
    assert counts["PhoneNumber"] == 10
    assert counts["TextMessage"] == counts["Sender"] == counts["CountryCode"] == 1


async def test_texts_that_differ_are_not_mixed_up(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    gate.settings.kept_values = "first"
    gate.settings.optional_fields = "kept"
    await make_account(interface=interface)
    texts = ["one", "two", "two", "Ω", "one"]
    for text in texts:
        await gateway.send("a", draft(NUMBER, text=text))
    assert [taken.text for taken in gate.messages] == texts


async def test_a_schedule_is_the_servers_time(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    gate.settings.utc_offset = 3600.0
    await make_account(interface=interface, time_zone=timezone(timedelta(hours=1)))
    schedule = datetime.now(UTC) + timedelta(hours=13)
    await gateway.send("a", draft(NUMBER, schedule=schedule))
    [taken] = gate.messages
    assert taken.scheduled
    assert 0 <= taken.scheduled - schedule.timestamp() < 60


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (72, TextError),
        (73, ProviderError),
        (74, ScheduleError),
        (75, ProviderError),
        (76, ProviderError),
        (77, TextError),
        (84, SenderError),
        (86, RecipientLockedError),
        (88, TextError),
        (92, ScheduleError),
        (93, TextError),
        (94, RecipientError),
        (95, RecipientError),
        (96, RecipientError),
        (100, ProviderError),
    ],
)
async def test_a_refusal_reaches_the_sender_and_the_session_goes_on(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    code: int,
    error: type[ProviderError],
) -> None:
    await make_account()
    await gateway.send("a", draft(NUMBER))
    gate.faults.add(
        Fault(kind=FaultKind.ERROR, command="<Send Data>", code=code, times=1)
    )
    with pytest.raises(SendFailedError) as raised:
        await gateway.send("a", draft(NUMBER))
    [failed] = raised.value.failed
    assert failed.failure
    assert failed.failure.kind == error.kind
    assert failed.failure.code == str(code)
    await gateway.send("a", draft(NUMBER))
    assert len(gate.observation.sessions) == 1
    assert len(gate.messages) == 2


async def test_a_command_that_is_refused_stops_its_message_only(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    await make_account(interface=Interface.ASCII)
    gate.accounts["alice"].gsm_codes = frozenset({"333"})
    with pytest.raises(SendFailedError, match="95: Gsm Code Not Valid"):
        await gateway.send("a", draft("+393471234567"))
    assert gate.observation.counts["SendSMS"] == 0
    await gateway.send("a", draft(NUMBER))
    assert [taken.recipient for taken in gate.messages] == [NUMBER]
    assert len(gate.observation.sessions) == 1


async def test_what_became_of_a_message_cannot_be_asked_nor_undone(
    gateway: Gateway, make_account: MakeAccount
) -> None:
    await make_account()
    [message] = await gateway.send("a", draft(NUMBER))
    with refused("account", "enquiry_unsupported", UnsupportedError):
        await gateway.query(message.id)
    with refused("account", "cancel_unsupported", UnsupportedError):
        await gateway.cancel(message.id)


async def test_a_locked_recipient_is_refused_by_name(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    gate.accounts["alice"].locked_recipients = frozenset({NUMBER})
    await make_account(interface=interface)
    with pytest.raises(SendFailedError, match="86: Recipient Locked From Account!"):
        await gateway.send("a", draft(NUMBER))


async def test_a_short_code_is_refused_without_asking(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    await make_account()
    with pytest.raises(SendFailedError) as error:
        await gateway.send("a", draft("12345"))
    [message] = error.value.messages
    assert message.failure
    assert message.failure.text == Reason("destination_short")
    assert not gate.observation.sessions


@pytest.mark.parametrize(
    ("code", "error", "status"),
    [
        (80, BlockedError, AccountStatus.BLOCKED),
        (85, AddressLockedError, AccountStatus.ADDRESS_LOCKED),
        (87, AddressLockedError, AccountStatus.ADDRESS_LOCKED),
        (89, LoginError, AccountStatus.LOGIN_REFUSED),
        (99, CreditError, AccountStatus.NO_CREDIT),
    ],
)
async def test_a_login_that_is_refused_fails_the_message(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    code: int,
    error: type[ProviderError],
    status: AccountStatus,
) -> None:
    account = await make_account(interface=Interface.ASCII)
    gate.faults.add(Fault(kind=FaultKind.ERROR, command="Password", code=code))
    with pytest.raises(SendFailedError) as raised:
        await gateway.send("a", draft(NUMBER))
    [failed] = raised.value.failed
    assert failed.failure
    assert (failed.failure.kind, failed.failure.code) == (error.kind, str(code))
    assert account.status is status
    assert not gate.messages


@pytest.mark.parametrize(
    ("said", "error", "status"),
    [
        (Status.INACTIVE, InactiveError, AccountStatus.INACTIVE),
        (Status.STANDBY, InactiveError, AccountStatus.STANDBY),
        (Status.EXPIRED, AccountExpiredError, AccountStatus.EXPIRED),
        (Status.BLOCKED, BlockedError, AccountStatus.BLOCKED),
    ],
)
async def test_an_account_that_may_not_send_has_no_wrong_password(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    said: Status,
    error: type[ProviderError],
    status: AccountStatus,
) -> None:
    """The login was taken: `Account Not Valid` is about the status it told."""
    account = await make_account(interface=Interface.ASCII)
    _answers(gate, "Password", f"+OK 01 2000 [ID ACCOUNT: 0000 STATUS: {said}]")
    _answers(gate, "SendSMS", "-ERR 89 [Account Not Valid] - [Connection Closed]")
    with pytest.raises(SendFailedError) as raised:
        await gateway.send("a", draft(NUMBER))
    [failed] = raised.value.failed
    assert failed.failure
    assert str(failed.failure) == "89: Account Not Valid"
    assert failed.failure.kind == error.kind
    assert account.status is status


@pytest.mark.parametrize("command", ["SendSMS", "SmsQuery"])
async def test_an_account_that_is_active_and_not_valid_has_to_log_in_anew(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount, command: str
) -> None:
    account = await make_account(interface=Interface.ASCII)
    refusal = "-ERR 89 [Account Not Valid] - [Connection Closed]"
    _answers(gate, command, refusal)
    if command == "SendSMS":
        with pytest.raises(SendFailedError):
            await gateway.send("a", draft(NUMBER))
    else:
        with pytest.raises(LoginError):
            await account.check()
    assert account.status is AccountStatus.LOGIN_REFUSED


def _answers(gate: SmsItalySimulator, command: str, line: str) -> None:
    kind = FaultKind.GARBAGE
    gate.faults.add(Fault(kind=kind, command=command, answer=line, times=1))


async def test_a_status_that_the_server_tells_holds_until_it_tells_another(
    gateway: Gateway, gate: SmsItalySimulator, make_account: MakeAccount
) -> None:
    account = await make_account()
    await gateway.send("a", draft(NUMBER))
    _answers(gate, "SmsQuery", "+OK 01 [Standby]")
    await account.check()
    await gateway.send("a", draft(NUMBER))
    assert account.status is AccountStatus.STANDBY
    await account.check()
    assert account.status is AccountStatus.ACTIVE


@pytest.mark.parametrize("ends", [False, True])
async def test_a_login_is_checked_where_questions_are_not_understood(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
    ends: bool,
) -> None:
    """The login tells the credit and the status, each message the credit."""
    gate.faults.add(
        Fault(kind=FaultKind.ERROR, command="SmsQuery", code=100, ends=ends)
    )
    account = await make_account(interface=interface)
    assert await account.check() == Credit(Decimal(2000))
    await gateway.send("a", draft(NUMBER))
    assert await account.check() == Credit(Decimal(1999))
    assert account.status is AccountStatus.ACTIVE
    gate.accounts["alice"].password = "changed"
    gate.shut_down()
    await gate.wait_for(lambda gate: not gate.sessions)
    with pytest.raises(LoginError):
        await account.check()


async def test_credit_and_status_are_told_with_every_answer(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
) -> None:
    account = await make_account(interface=interface)
    told: list[Credit] = []
    account.listen_credit(told.append)
    await gateway.send("a", draft(NUMBER))
    await gateway.send("a", draft(NUMBER, text="x" * 200))
    assert told[-1] == Credit(Decimal(1997))
    assert await account.check() == Credit(Decimal(1997))
    gate.accounts["alice"].status = Status.STANDBY
    await account.provider.balance()
    assert account.status is AccountStatus.STANDBY


async def test_a_login_is_checked_without_an_account(
    gate: SmsItalySimulator, interface: Interface
) -> None:
    hosts = (Host(gate.host, gate.port),)
    provider = SmsitalyProvider(login(hosts=hosts, interface=interface))
    assert await provider.check_login() == Credit(Decimal(2000))
    await gate.wait_for(lambda gate: not gate.sessions)
    wrong = SmsitalyProvider(login(hosts=hosts, interface=interface, password="wrong"))
    with pytest.raises(LoginError, match="Account Not Valid"):
        await wrong.check_login()
    await gate.wait_for(lambda gate: not gate.sessions)
