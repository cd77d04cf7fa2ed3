"""Asking after a message on demand."""

import pytest

from gateway import Account, AccountStatus, Gateway, State
from gateway.errors import (
    NoRecordError,
    UnavailableError,
    UnknownAccountError,
    UnknownMessageError,
)
from gateway.model import Submission

from .helpers import BUSY, FakeProvider, draft


async def test_the_open_parts_are_asked_after(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.answers.append(Submission(("1", "2"), "ok"))
    [message] = await gateway.send("a", draft())
    provider.statuses["1"] = State.DELIVERED
    known = await gateway.query(message.id)
    assert [part.state for part in known.parts] == [State.DELIVERED, State.ACCEPTED]
    provider.statuses["2"] = State.DELIVERED
    assert (await gateway.query(message.id)).state is State.DELIVERED
    assert (await gateway.query(message.id)).state is State.DELIVERED
    assert provider.asked == ["1", "2", "2"]


async def test_a_message_that_waits_is_told_as_it_is(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.always = BUSY
    [message] = await gateway.send("a", draft())
    assert (await gateway.query(message.id)).state is State.QUEUED
    assert provider.asked == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NoRecordError("no"), AccountStatus.ACTIVE),
        (UnavailableError("down"), AccountStatus.UNREACHABLE),
    ],
)
async def test_an_enquiry_that_fails_raises(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    error: NoRecordError | UnavailableError,
    status: AccountStatus,
) -> None:
    [message] = await gateway.send("a", draft())
    provider.statuses["1"] = error
    with pytest.raises(type(error)):
        await gateway.query(message.id)
    assert account.status is status


async def test_what_nobody_knows_raises(gateway: Gateway, account: Account) -> None:
    with pytest.raises(UnknownMessageError):
        await gateway.query("none")
    [message] = await gateway.send("a", draft())
    await gateway.remove_account("a")
    with pytest.raises(UnknownAccountError):
        await gateway.query(message.id)
