"""A gateway, an SMPP account and a simulated SMSC: messages to their end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from gateway import (
    Account,
    AccountOptions,
    AccountStatus,
    Change,
    Gateway,
    IncomingMessage,
    State,
    outbox as outbox_module,
)
from gateway.errors import (
    InputError,
    LoginError,
    NoRecordError,
    ProviderError,
    SendFailedError,
    SessionsError,
    UnavailableError,
    UnsupportedError,
)
from gateway.model import Message
from gateway.providers import Connection
from gateway.providers.smpp import (
    BindMode,
    LongText,
    SmppLogin,
    SmppProvider,
    line as line_module,
)
from simulator import smsc as simulator
from simulator.smsc import (
    Address,
    CommandStatus,
    Fault,
    FaultKind,
    ShortMessage,
    SmscSimulator,
)

from ..helpers import FaultyConnection, draft, eventually, numbers

FINAL = State.DELIVERED
KILLS = 20


@pytest.fixture
async def smsc() -> AsyncIterator[SmscSimulator]:
    account = simulator.Account("user", "secret", credit=100_000)
    async with SmscSimulator([account]) as running:
        running.settings.script = simulator.default_script(0)
        running.settings.rules = {}
        yield running


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pauses be short."""
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(line_module, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(line_module, "UNBIND_GRACE", 1)


@pytest.fixture
async def gateway(path: Path) -> AsyncIterator[Gateway]:
    """A gateway by the real clock."""
    gateway = await Gateway.open(path)
    yield gateway
    await gateway.close()


type Add = Callable[..., Awaitable[Account]]


@pytest.fixture
def add(gateway: Gateway, smsc: SmscSimulator) -> Add:
    """Add the account `a` with this login, and wait until it is bound."""

    async def add(*, bound: bool = True, **changes: Any) -> Account:
        login = {
            "host": smsc.host,
            "port": smsc.port,
            "system_id": "user",
            "password": "secret",
        }
        provider = SmppProvider(SmppLogin(**login | changes))
        options = AccountOptions(sender="Home", in_flight=50)
        account = await gateway.add_account("a", provider, options)
        if bound:
            await eventually(lambda: provider._link.is_whole)
        return account

    return add


async def ended(changes: list[Change], messages: list[Message]) -> dict[str, State]:
    """Wait until each message has come to its end; returns the states."""
    states: dict[str, State] = {}

    def all_ended() -> bool:
        states.update((each.message.id, each.message.state) for each in changes)
        return all(states[message.id].is_final for message in messages)

    await eventually(all_ended)
    return states


async def test_a_message_to_its_receipt(
    gateway: Gateway, add: Add, smsc: SmscSimulator, changes: list[Change]
) -> None:
    await add()
    messages = await gateway.send("a", draft())
    assert (await ended(changes, messages))[messages[0].id] is State.DELIVERED
    [sent] = smsc.messages
    assert (sent.source, sent.destination, sent.text) == ("Home", "9613123456", "Fire")
    assert sent.expires is not None


@pytest.mark.parametrize("long_text", LongText)
async def test_one_message_has_one_end_however_many_parts(
    gateway: Gateway,
    add: Add,
    smsc: SmscSimulator,
    changes: list[Change],
    long_text: LongText,
) -> None:
    await add(long_text=long_text)
    text = "огонь 😀 " * 30
    messages = await gateway.send("a", draft(text=text))
    await ended(changes, messages)
    assert smsc.messages.whole_texts() == [("Home", "9613123456", text)]
    assert [each.message.state for each in changes].count(State.DELIVERED) == 1


async def test_one_receiver_and_several_transmitters(
    gateway: Gateway, add: Add, smsc: SmscSimulator, changes: list[Change]
) -> None:
    await add(mode=BindMode.TRANSMITTERS_AND_RECEIVER, transmitters=2, window=5)
    assert len(smsc.bound("user")) == 3
    messages = await gateway.send("a", draft(*numbers(30)))
    states = await ended(changes, messages)
    assert set(states.values()) == {State.DELIVERED}
    assert smsc.observation.max_unanswered <= 5


async def test_a_wrong_password_is_told_and_not_tried_again(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    account = await add(password="wrong", bound=False)
    await eventually(lambda: account.status is AccountStatus.LOGIN_REFUSED)
    with pytest.raises(SendFailedError, match="ESME_RINVPASWD: Invalid Password"):
        await gateway.send("a", draft())
    assert smsc.observation.connections == 1


async def test_a_refusal_has_the_servers_code_and_text(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    await add()
    status = simulator.CommandStatus.ESME_RINVDSTADR
    smsc.faults.add(Fault(kind=FaultKind.STATUS, status=status))
    with pytest.raises(
        SendFailedError, match="ESME_RINVDSTADR: Invalid Destination Address"
    ):
        await gateway.send("a", draft())


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
    monkeypatch.setattr(outbox_module, "FIRST_PAUSE", timedelta(milliseconds=10))
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
        assert {states[message.id] for message in messages} == {FINAL}
    # Only what was in the window was sent twice.
    assert len(smsc.messages) == KILLS * (60 + 50)
    assert len(smsc.messages.doubles()) == KILLS * 50


@pytest.mark.parametrize(
    "quirks",
    [
        {"receipt_timing": "early"},
        {"id_form": "HEX", "receipt_id_form": "decimal"},
        {"id_form": "hex", "receipt_id_form": "decimal", "receipt_timing": "early"},
        {"id_form": "decimal", "receipt_id_form": "padded_hex"},
        {"receipt_addresses": "as_submitted"},
        {"receipt_copies": 2, "receipt_order": "reversed"},
    ],
    ids=str,
)
async def test_receipts_of_real_servers_find_their_messages(
    gateway: Gateway,
    add: Add,
    smsc: SmscSimulator,
    changes: list[Change],
    quirks: dict[str, object],
) -> None:
    smsc.settings.change(quirks)
    await add()
    messages = await gateway.send("a", draft(*numbers(20)))
    states = await ended(changes, messages)
    assert set(states.values()) == {State.DELIVERED}


async def test_untracked_messages_ask_for_no_receipt(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    await add()
    [message] = await gateway.send("a", draft(track=False, flash=True))
    assert message.state is State.ACCEPTED
    assert smsc.messages[0].pdu.registered_delivery == 0
    assert smsc.messages[0].flash


async def test_a_message_is_asked_after_on_demand(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    smsc.settings.change({"receipt_timing": "never"})
    await add()
    [message] = await gateway.send("a", draft())
    assert (await gateway.query(message.id)).state is State.DELIVERED
    smsc.settings.rules = {"57": (simulator.Step(0, simulator.MessageState.EXPIRED),)}
    [message] = await gateway.send("a", draft("+9613123457"))
    known = await gateway.query(message.id)
    assert known.state is State.EXPIRED
    assert known.error_code
    [message] = await gateway.send("a", draft("+9613123458"))
    smsc.messages.clear()
    with pytest.raises(NoRecordError, match="ESME_RINVMSGID"):
        await gateway.query(message.id)


@pytest.mark.parametrize(
    ("fault", "binds"),
    [
        (Fault(kind=FaultKind.RESET, times=1), 2),
        (
            Fault(
                kind=FaultKind.STATUS,
                status=simulator.CommandStatus.ESME_ROK,
                times=1,
            ),
            1,
        ),
    ],
    ids=["lost", "unreadable"],
)
async def test_an_enquiry_without_an_answer_may_be_repeated(
    gateway: Gateway, add: Add, smsc: SmscSimulator, fault: Fault, binds: int
) -> None:
    account = await add()
    smsc.settings.script = ()
    [message] = await gateway.send("a", draft())
    smsc.faults.add(fault)
    with pytest.raises(UnavailableError):
        await gateway.query(message.id)
    counts = smsc.observation.counts
    await eventually(
        lambda: (
            counts[simulator.Command.BIND_TRANSCEIVER] == binds
            and account.provider.connection.is_up
        )
    )
    assert (await gateway.query(message.id)).state is State.ENROUTE


async def test_a_message_is_taken_back(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    smsc.settings.script = ()
    await add()
    [message] = await gateway.send("a", draft(text="Fire " * 40))
    assert (await gateway.cancel(message.id)).state is State.DELETED
    assert {each.stage(smsc.clock.now()).state for each in smsc.messages} == {
        simulator.MessageState.DELETED
    }


async def test_a_message_that_has_arrived_is_not_taken_back(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    smsc.settings.change({"receipt_timing": "never"})
    await add()
    [message] = await gateway.send("a", draft())
    with pytest.raises(ProviderError, match="ESME_RCANCELFAIL"):
        await gateway.cancel(message.id)
    await gateway.account("a").provider.close()
    with pytest.raises(UnavailableError, match="closed"):
        await gateway.cancel(message.id)


async def test_each_session_is_told(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    smsc.accounts["user"].receivers = 0
    mode = BindMode.TRANSMITTERS_AND_RECEIVER
    account = await add(mode=mode, transmitters=2, bound=False)
    assert account.provider.connection == Connection()
    await account.check()
    await eventually(lambda: account.provider.connection.has_failed_with("sessions"))
    connection = account.provider.connection
    assert connection.is_up
    assert [(each.role, each.failure is None) for each in connection.sessions] == [
        ("transmitter", True),
        ("transmitter", True),
        ("receiver", False),
    ]
    assert account.status is AccountStatus.ACTIVE
    await gateway.remove_account("a")
    assert account.provider.connection == Connection()


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
    assert str(heard[0][0]) == "the connection ended"
    assert heard[0][1] is False


@pytest.mark.parametrize("mode", BindMode)
async def test_a_login_is_proven_by_a_bind_that_leaves_nothing(
    smsc: SmscSimulator, mode: BindMode
) -> None:
    login = SmppLogin(
        host=smsc.host, port=smsc.port, system_id="user", password="secret", mode=mode
    )
    assert await SmppProvider(login).check_login() is None
    assert not smsc.bound("user")
    counts = smsc.observation.counts
    kinds = 2 if mode is BindMode.TRANSMITTERS_AND_RECEIVER else 1
    assert counts[simulator.Command.UNBIND] == kinds
    with pytest.raises(LoginError):
        await SmppProvider(replace(login, password="wrong")).check_login()


async def test_an_account_that_stands_aside_leaves_its_place(
    gateway: Gateway, add: Add, smsc: SmscSimulator, changes: list[Change]
) -> None:
    account = await add()
    login = SmppLogin(
        host=smsc.host, port=smsc.port, system_id="user", password="secret"
    )
    with pytest.raises(SessionsError, match="ESME_RALYBND"):
        await SmppProvider(login).check_login()
    wrong = SmppProvider(replace(login, password="wrong"))
    with suppress(LoginError):
        async with account.stand_aside():
            messages = await gateway.send("a", draft())
            assert messages[0].state is State.QUEUED
            await wrong.check_login()
    await ended(changes, messages)
    async with account.stand_aside():
        assert await SmppProvider(login).check_login() is None
    assert not smsc.bound("user")
    with suppress(LoginError):
        async with account.stand_aside():
            await gateway.remove_account("a")
            await wrong.check_login()
    assert not smsc.bound("user")


async def test_what_smpp_cannot_do_is_said(gateway: Gateway, add: Add) -> None:
    account = await add()
    with pytest.raises(UnsupportedError, match="no credit enquiry"):
        await account.provider.balance()
    login = SmppLogin(host="x", system_id="u", password="x" * 9)
    with pytest.raises(InputError, match="password: has 9 characters, at most 8 fit"):
        SmppProvider(login)
    await gateway.remove_account("a")
    await account.provider.close()


async def test_removing_an_account_unbinds(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    await add()
    await gateway.remove_account("a")
    await smsc.wait_for(lambda each: not each.sessions)
    counts = smsc.observation.counts
    assert counts[simulator.Command.UNBIND] == 1


@pytest.mark.parametrize("form", ["udh", "sar", "payload"])
async def test_a_message_from_a_phone_comes_in_whole(
    add: Add, smsc: SmscSimulator, form: Any
) -> None:
    account = await add()
    told: list[IncomingMessage] = []
    account.listen_incoming(told.append)
    text = "Is the door shut? 😀 " * 20
    deliveries = smsc.originate("user", "9613123456", "4040", text, form=form)
    await eventually(lambda: told)
    [message] = told
    assert (message.sender, message.recipient) == ("+9613123456", "4040")
    assert message.text == text
    assert message.is_complete
    await smsc.wait_for(lambda _: all(each.acknowledged for each in deliveries))


async def test_a_message_that_cannot_be_recorded_comes_again(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    smsc.settings.deliver_pauses = (0.01,) * 100
    account = await add()
    told: list[IncomingMessage] = []
    account.listen_incoming(told.append)
    connection = FaultyConnection(gateway._journal, "commit")
    connection.error = sqlite3.OperationalError("database or disk is full")
    [delivery] = smsc.originate("user", "9613123456", "4040", "Hi")
    await eventually(lambda: delivery.status == CommandStatus.ESME_RX_T_APPN)
    assert not told
    connection.error = None
    await smsc.wait_for(lambda _: delivery.acknowledged)
    assert [each.text for each in told] == ["Hi"]


async def test_a_receipt_that_names_no_message_is_not_asked_for_again(
    add: Add, smsc: SmscSimulator
) -> None:
    account = await add()
    told: list[IncomingMessage] = []
    account.listen_incoming(told.append)
    receipt = ShortMessage(
        Address(1, 1, "9613123456"),
        Address(3, 0, "4040"),
        short_message=b"stat:DELIVRD",
        esm_class=4,
    )
    delivery = smsc.deliver("user", receipt)
    await eventually(lambda: delivery.status == CommandStatus.ESME_RX_R_APPN)
    assert not told
