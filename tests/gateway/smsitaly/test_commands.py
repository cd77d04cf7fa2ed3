"""The ASCII interface: each command's own refusal, and what the session is then."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway import Gateway, State
from gateway.errors import (
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
)
from gateway.model import AccountStatus
from gateway.providers.smsitaly import Interface
from simulator.smsitaly import Fault, FaultKind, SmsItalySimulator

from ..helpers import draft
from .conftest import MakeAccount

NUMBER = "+393331234567"
CLOSED = " - [Connection Closed]"


def _answers(gate: SmsItalySimulator, command: str, line: str) -> None:
    """Let the gate answer the next such command so, and do nothing."""
    kind = FaultKind.GARBAGE
    gate.faults.add(
        Fault(kind=kind, command=command, answer=line, times=1, taken=False)
    )


@pytest.mark.parametrize(
    ("command", "words", "error"),
    [
        ("CountryCode", "96 [Country Code Not Valid]", RecipientError),
        ("GsmCode", "95 [Gsm Code Not Valid]", RecipientError),
        ("PhoneNumber", "94 [Phone Number Not Valid]", RecipientError),
        ("Sender", "84 [Sender Not Valid]", SenderError),
        ("TextMessage", "93 [Sms Text Message Not Valid]", TextError),
        ("SmsType", "88 [Sms Type Not Valid]", TextError),
        ("SmsDay", "92 [Sms Day Not Valid]", ScheduleError),
        ("SmsMonth", "92 [Sms Month Not Valid]", ScheduleError),
        ("SmsYear", "92 [Sms Year Not Valid]", ScheduleError),
        ("SmsHour", "92 [Sms Hour Not Valid]", ScheduleError),
        ("SmsMinute", "92 [Sms Minute Not Valid]", ScheduleError),
        ("SmsAmPm", "92 [Sms AmPm Not Valid]", ScheduleError),
        ("UDH", "77 [Udh Not Valid]", TextError),
        ("Delivery", "76 [Delivery Request Not Valid]", ProviderError),
        ("Notification", "75 [Notification Not Valid]", ProviderError),
        ("SmsValidity", "74 [SmsValidity Not valid]", ScheduleError),
        ("SmsRef", "73 [SmsRef Not valid]", ProviderError),
        ("DCS", "72 [Dcs Not valid]", TextError),
        ("SendSMS", "86 [Recipient Locked From Account!]", RecipientLockedError),
        ("SendSMS", "100 [String Not Valid or Bad Command Request]", ProviderError),
    ],
)
async def test_a_command_that_is_refused_leaves_the_session_usable(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    command: str,
    words: str,
    error: type[ProviderError],
) -> None:
    """Nothing is sent then, and the next message says everything again."""
    account = await make_account(
        interface=Interface.ASCII, receipts=True, mail_to="a@example.org"
    )
    _answers(gate, command, f"-ERR {words}")
    # All commands are needed: in parts, at a time, with a report and a mail.
    everything = draft(
        NUMBER, text="x" * 161, schedule=datetime.now(UTC) + timedelta(hours=3)
    )
    with pytest.raises(SendFailedError) as raised:
        await gateway.send("a", everything)
    [failed] = raised.value.failed
    assert failed.failure
    assert failed.failure.kind == error.kind
    assert str(failed.failure) == words.replace(" [", ": ").rstrip("]")
    assert not gate.messages
    assert account.status is AccountStatus.ACTIVE
    [message] = await gateway.send("a", everything)
    assert message.state is State.ACCEPTED
    assert "".join(taken.text for taken in gate.messages) == "x" * 161
    assert len(gate.observation.sessions) == 1


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("100 [String Not Valid or Bad Command Request]", ProviderError),
        ("99 [Credit Not Available!]", CreditError),
        ("89 [Account Not Valid]", LoginError),
        ("89 [Account Blocked!]", BlockedError),
        ("89 [Account Not Active!]", InactiveError),
    ],
)
async def test_a_refusal_to_send_may_end_the_session(
    gateway: Gateway,
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    words: str,
    error: type[ProviderError],
) -> None:
    account = await make_account(interface=Interface.ASCII)
    _answers(gate, "SendSMS", f"-ERR {words}{CLOSED}")
    with pytest.raises(SendFailedError) as raised:
        await gateway.send("a", draft(NUMBER))
    [failed] = raised.value.failed
    assert failed.failure
    assert failed.failure.kind == error.kind
    await gate.wait_for(lambda gate: not gate.sessions)
    [message] = await gateway.send("a", draft(NUMBER))
    assert message.state is State.ACCEPTED
    assert account.status is AccountStatus.ACTIVE
    assert len(gate.observation.sessions) == 2


@pytest.mark.parametrize("words", ["89 [Account Not Valid]", "89 [Account Blocked!]"])
async def test_a_question_that_is_refused_ends_the_session(
    gate: SmsItalySimulator,
    make_account: MakeAccount,
    interface: Interface,
    words: str,
) -> None:
    account = await make_account(interface=interface)
    _answers(gate, "SmsQuery", f"-ERR {words} -[Connection Closed]")
    error = LoginError if "Valid" in words else BlockedError
    with pytest.raises(error):
        await account.check()
    await gate.wait_for(lambda gate: not gate.sessions)
    assert await account.check()
    assert account.status is AccountStatus.ACTIVE
