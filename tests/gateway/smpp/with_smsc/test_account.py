"""The account itself: its sessions, its login, its place at the server, its end."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest

from gateway import AccountStatus, Change, Gateway, OnUncertain, State
from gateway.errors import LoginError, SessionsError, UnsupportedError
from gateway.providers import Connection
from gateway.providers.smpp import BindMode, SmppLogin, SmppProvider
from simulator import smsc as simulator
from simulator.smsc import SmscSimulator

from ...helpers import draft, eventually, numbers, refused
from .conftest import Add, ended


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
    with refused("account", "credit_unsupported", UnsupportedError):
        await account.provider.balance()
    login = SmppLogin(host="x", system_id="u", password="x" * 9)
    with refused("password", "password_length", most=8):
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


async def test_a_stop_gives_back_what_was_not_sent_even_where_doubt_is_held(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    account = await add(rate=0.001, on_uncertain=OnUncertain.HOLD)
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(8))))
    await smsc.wait_for(lambda each: each.messages)
    await eventually(lambda: account.provider._link._queue)
    await gateway.remove_account("a")
    messages = [await gateway.get(each.id) for each in await sending]
    states = Counter(each.state for each in messages)
    assert states[State.QUEUED] == 8 - len(smsc.messages) > 0
    assert not any(each.submitting for each in messages)
    assert {str(each.failure) for each in messages if each.state is State.QUEUED} == {
        "the account is closed"
    }
    await add(on_uncertain=OnUncertain.HOLD)
    await smsc.wait_for(lambda each: len(each.messages) == 8)
    assert not smsc.messages.doubles()
