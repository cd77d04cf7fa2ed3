"""The face: what a draft must be, accounts that come and go, receipts."""

import asyncio
from copy import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway import Account, AccountOptions, Gateway, State
from gateway.clock import SystemClock
from gateway.errors import (
    JournalError,
    UnknownAccountError,
    UnknownMessageError,
    UnsupportedError,
)
from gateway.journal import Journal
from gateway.model import Encoding
from gateway.providers import Capabilities, Provider

from .clock import START, ManualClock
from .conftest import AddAccount
from .helpers import (
    NUMBER,
    FakeProvider,
    draft,
    eventually,
    make_message,
    make_receipt,
    numbers,
    refused,
)


@pytest.mark.parametrize(
    ("changes", "field", "key"),
    [
        ({"text": ""}, "message", "message_empty"),
        ({"text": "ж" * 17086}, "message", "message_parts"),
        ({"sender": "a sender too long"}, "sender", "sender_form"),
        ({"schedule": START}, "schedule", "schedule_past"),
        ({"schedule": datetime(2031, 1, 1)}, "schedule", "schedule_past"),  # noqa: DTZ001 - so it is refused
        ({"flash": True}, "flash", "flash_unsupported"),
        ({"validity": timedelta()}, "validity", "validity_short"),
        ({"validity": timedelta.max}, "validity", "validity_long"),
        ({"recipients": []}, "recipient", "numbers_missing"),
        ({"recipients": ["12"]}, "recipient", "number_country"),
        ({"recipients": [12345]}, "recipient", "number_bare"),
    ],
)
async def test_a_bad_value_is_refused_by_its_name(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    changes: dict[str, object],
    field: str,
    key: str,
) -> None:
    with refused(field, key):
        await gateway.send("a", replace(draft(), **changes))
    with refused(field, key):
        await gateway.check("a", replace(draft(), **changes))
    assert provider.requests == []


async def test_all_bad_numbers_are_named_and_nothing_is_sent(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    bad = [str(number) for number in range(1, 8)]
    for count, named in ((2, "1, 2"), (5, "1, 2, 3, 4, 5"), (7, "1, 2, 3, 4, 5, …")):
        with refused("recipient", "numbers_unusable", count=count, numbers=named):
            await gateway.send("a", draft(NUMBER, *bad[:count]))
    assert provider.requests == []


async def test_a_check_sends_nothing(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    await gateway.check("a", draft())
    assert provider.requests == []
    assert account.statistics.queued == 0


async def test_each_number_gets_one_message(
    gateway: Gateway, add_account: AddAccount, provider: FakeProvider
) -> None:
    await add_account(region="LB")
    messages = await gateway.send("a", draft(NUMBER, "03 123 456", "12345", "12345"))
    assert [message.recipient for message in messages] == [NUMBER, "12345"]


async def test_a_draft_goes_before_the_account(
    gateway: Gateway, add_account: AddAccount
) -> None:
    await add_account(time_to_live=timedelta(hours=2))
    [one] = await gateway.send("a", draft())
    assert (one.sender, one.expires_at) == ("Home", START + timedelta(hours=2))
    schedule = START + timedelta(days=1)
    [two] = await gateway.send(
        "a",
        draft(
            sender="+961 3 1",
            schedule=schedule,
            validity=timedelta(hours=1),
            reference="r",
            encoding=Encoding.UNICODE,
        ),
    )
    assert (two.sender, two.expires_at) == ("96131", schedule + timedelta(hours=1))
    assert (two.reference, two.encoding) == ("r", Encoding.UNICODE)


async def test_thousands_of_numbers(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.limit = 10_000
    messages = await gateway.send("a", draft(*numbers(3_000), track=False))
    assert len(messages) == 3_000
    assert account.statistics.sent == 3_000
    assert len(provider.requests) == 1


async def test_accounts_come_and_go(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    assert gateway.accounts == [account]
    assert gateway.account("a") is account
    await gateway.remove_account("a")
    assert gateway.accounts == []
    with pytest.raises(UnknownAccountError):
        gateway.account("a")
    with pytest.raises(UnknownAccountError):
        await gateway.send("a", draft())
    with pytest.raises(UnknownAccountError):
        await account.send([make_message()])
    with pytest.raises(UnknownAccountError):
        await gateway.receive("a", make_receipt())


async def test_an_account_added_again_takes_the_place_of_the_old_one(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    again = await gateway.add_account("a", FakeProvider(), AccountOptions())
    assert provider.closed
    assert gateway.accounts == [again]


async def test_a_forgotten_account_leaves_nothing(
    gateway: Gateway, account: Account
) -> None:
    [message] = await gateway.send("a", draft())
    await gateway.remove_account("a")
    await gateway.forget_account("a")
    with pytest.raises(UnknownMessageError):
        await gateway.get(message.id)


async def test_a_restart_on_the_same_file(
    path: Path, clock: ManualClock, gateway: Gateway, account: Account
) -> None:
    [message] = await gateway.send("a", draft())
    await gateway.close()
    again = await Gateway.open(path, clock)
    await again.add_account("a", FakeProvider())
    received = await again.receive("a", make_receipt("1"))
    assert received
    assert (received.id, received.state) == (message.id, State.DELIVERED)
    await again.close()


async def test_receipts_come_from_outside(gateway: Gateway, account: Account) -> None:
    assert await gateway.receive("a", make_receipt("1")) is None
    [message] = await gateway.send("a", draft())
    await gateway._ledger.settle()
    assert (await gateway.get(message.id)).state is State.DELIVERED
    assert account.tracker._pushed


async def test_a_cancelled_start_leaves_no_account(
    gateway: Gateway, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def read_for_ever(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(gateway._journal, "unfinished", read_for_ever)
    adding = asyncio.create_task(gateway.add_account("a", provider))
    await begun.wait()
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert gateway.accounts == []


async def test_an_account_cannot_start_on_a_journal_that_fails(
    gateway: Gateway, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise JournalError("unreadable")

    monkeypatch.setattr(gateway._journal, "unfinished", fail)
    with pytest.raises(JournalError):
        await gateway.add_account("a", provider)
    assert gateway.accounts == []


async def test_a_gateway_on_the_clock_of_the_machine(tmp_path: Path) -> None:
    gateway = await Gateway.open(tmp_path / "journal.db")
    assert isinstance(gateway._clock, SystemClock)
    await gateway.add_account("a", FakeProvider(), AccountOptions(sender="Home"))
    [message] = await gateway.send("a", draft())
    assert message.state is State.ACCEPTED
    called = asyncio.Event()
    gateway._clock.call_later(0, called.set)
    gateway._clock.call_later(0, pytest.fail)()
    await called.wait()
    await gateway.close()


class BareProvider(FakeProvider):
    """A system that can do nothing beyond sending."""

    capabilities = Capabilities()
    bulk_limit = Provider.bulk_limit
    submit_bulk = Provider.submit_bulk
    status = Provider.status
    cancel = Provider.cancel
    coverage = Provider.coverage
    close = Provider.close


async def test_a_system_that_can_only_send(gateway: Gateway) -> None:
    provider = BareProvider()
    account = await gateway.add_account("a", provider)
    with refused("schedule", "schedule_unsupported", UnsupportedError):
        await gateway.send("a", draft(schedule=START + timedelta(days=1)))
    with pytest.raises(UnsupportedError):
        await account.coverage(1)
    with pytest.raises(UnsupportedError):
        await provider.status("1")
    with pytest.raises(UnsupportedError):
        await provider.cancel("1", make_message())
    assert provider.connection is None
    with pytest.raises(UnsupportedError):
        await provider.submit_bulk([])
    await gateway.send("a", draft(*numbers(3), track=False))
    assert [len(request) for request in provider.requests] == [1, 1, 1]
    assert len(account.tracker) == 0
    await eventually(lambda: account.statistics.sent == 3)


async def test_the_journal_is_closed_with_the_gateway(
    gateway: Gateway, account: Account
) -> None:
    await gateway.close()
    assert isinstance(gateway._journal, Journal)
    with pytest.raises(JournalError):
        await gateway.get("m1")
