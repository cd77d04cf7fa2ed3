"""An account: its status, its figures, its daily pruning; and statistics."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
import sqlite3
from unittest.mock import Mock

import pytest
from yarl import URL

from gateway import Account, AccountStatus, Credit, Gateway, State
from gateway.errors import (
    AccountExpiredError,
    BlockedError,
    CreditError,
    InactiveError,
    LoginError,
    ProviderError,
    RecipientError,
    SendFailedError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from gateway.model import Change
from gateway.providers import Provider
from gateway.providers.smpp import SmppLogin, SmppProvider
from gateway.providers.websmpp import WebsmppLogin, WebsmppProvider
from gateway.statistics import Statistics

from .clock import START, ManualClock
from .conftest import AddAccount
from .helpers import (
    FakeProvider,
    FaultyConnection,
    draft,
    eventually,
    make_message,
    make_receipt,
    numbers,
    restart,
    settle,
)

REFUSALS = [
    (LoginError("no"), AccountStatus.LOGIN_REFUSED),
    (AccountExpiredError("no"), AccountStatus.EXPIRED),
    (BlockedError("no"), AccountStatus.BLOCKED),
    (InactiveError("no"), AccountStatus.INACTIVE),
    (CreditError("no"), AccountStatus.NO_CREDIT),
    (RecipientError("no"), AccountStatus.ACTIVE),
    (TransientError("busy"), AccountStatus.ACTIVE),
    (UnavailableError("down"), AccountStatus.UNREACHABLE),
    (UncertainError("lost"), AccountStatus.UNREACHABLE),
]


@pytest.mark.parametrize(("error", "status"), REFUSALS)
async def test_what_an_error_says_about_the_account(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    error: ProviderError,
    status: AccountStatus,
) -> None:
    heard: list[ProviderError | None] = []
    end = account.listen(heard.append)
    provider.answers.append(error)
    with suppress(SendFailedError):
        await gateway.send("a", draft())
    assert account.status is status
    assert heard == [error]
    # A message that is accepted proves everything.
    await gateway.send("a", draft())
    assert account.status is AccountStatus.ACTIVE
    assert heard == [error, None]
    end()
    await account.check()
    assert len(heard) == 2


@pytest.mark.parametrize("error", [BlockedError("no"), InactiveError("no")])
async def test_a_login_that_is_taken_again_ends_its_refusal(
    gateway: Gateway, account: Account, provider: FakeProvider, error: ProviderError
) -> None:
    provider.answers.append(error)
    with suppress(SendFailedError):
        await gateway.send("a", draft())
    await account.check()
    assert account.status is AccountStatus.ACTIVE


@pytest.mark.parametrize("said", [AccountStatus.INACTIVE, AccountStatus.STANDBY])
async def test_what_the_provider_says_of_the_account_holds(
    gateway: Gateway, account: Account, provider: FakeProvider, said: AccountStatus
) -> None:
    account.note_status(said)
    await gateway.send("a", draft())
    assert account.status is said
    provider.answers += [InactiveError("no"), UnavailableError("down")]
    with suppress(SendFailedError):
        await gateway.send("a", draft())
    assert account.status is said
    await gateway.send("a", draft())
    assert account.status is AccountStatus.UNREACHABLE
    await gateway.send("a", draft())
    assert account.status is said
    account.note_status(AccountStatus.ACTIVE)
    await gateway.send("a", draft())
    assert account.status is AccountStatus.ACTIVE


async def test_a_login_that_is_taken_is_not_expired(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    provider.answers.append(AccountExpiredError("no"))
    with pytest.raises(SendFailedError):
        await gateway.send("a", draft())
    assert account.status is AccountStatus.EXPIRED
    await account.check()
    assert account.status is AccountStatus.ACTIVE


async def test_what_is_said_with_the_login_to_be_expired_is_so_until_a_message_is_taken(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    account.note_status(AccountStatus.EXPIRED)
    await account.check()
    account.note_connection(None)
    assert account.status is AccountStatus.EXPIRED
    provider.answers.append(UnavailableError("down"))
    await gateway.send("a", draft())
    assert account.status is AccountStatus.UNREACHABLE
    await account.check()
    assert account.status is AccountStatus.EXPIRED
    await gateway.send("a", draft())
    assert account.status is AccountStatus.ACTIVE
    # It is not remembered, either.
    account.note(UnavailableError("down"))
    await account.check()
    assert account.status is AccountStatus.ACTIVE


async def test_what_refused_the_login_is_kept_until_it_is_taken(
    gateway: Gateway, account: Account, provider: FakeProvider
) -> None:
    assert account.refusal is None
    provider.balance_error = LoginError("wrong")
    with pytest.raises(LoginError):
        await account.check()
    assert account.refusal is provider.balance_error
    provider.answers += [LoginError("locked"), TransientError("busy")]
    with pytest.raises(SendFailedError):
        await gateway.send("a", draft())
    assert str(account.refusal) == "locked"
    await gateway.send("a", draft())
    assert str(account.refusal) == "locked"
    provider.balance_error = None
    await account.check()
    assert account.refusal is None
    account.note(LoginError("wrong"))
    await gateway.send("a", draft())
    assert account.refusal is None


async def test_a_refusal_is_told_with_its_status(account: Account) -> None:
    heard: list[tuple[AccountStatus, ProviderError | None]] = []
    account.listen(lambda _: heard.append((account.status, account.refusal)))
    refusal = LoginError("wrong")
    account.note(refusal)
    await account.check()
    assert heard == [
        (AccountStatus.LOGIN_REFUSED, refusal),
        (AccountStatus.ACTIVE, None),
    ]


async def test_what_the_provider_says_of_the_account_outlives_a_check(
    account: Account,
) -> None:
    account.note_status(AccountStatus.BLOCKED)
    await account.check()
    assert account.status is AccountStatus.BLOCKED
    account.note_status(AccountStatus.ACTIVE)
    account.note(BlockedError("no"))
    await account.check()
    assert account.status is AccountStatus.ACTIVE


@pytest.mark.parametrize(
    ("before", "credit", "after"),
    [
        (AccountStatus.UNREACHABLE, 0, AccountStatus.ACTIVE),
        (AccountStatus.LOGIN_REFUSED, 0, AccountStatus.ACTIVE),
        (AccountStatus.NO_CREDIT, 0, AccountStatus.NO_CREDIT),
        (AccountStatus.NO_CREDIT, 1, AccountStatus.ACTIVE),
        (AccountStatus.EXPIRED, 0, AccountStatus.ACTIVE),
    ],
)
async def test_what_the_balance_proves(
    account: Account,
    provider: FakeProvider,
    before: AccountStatus,
    credit: int,
    after: AccountStatus,
) -> None:
    account.status = before
    provider.credit = Credit(Decimal(credit))
    assert await account.check() == provider.credit
    assert account.status is after


async def test_what_one_session_proves_is_no_proof_of_one_that_was_refused(
    gateway: Gateway,
) -> None:
    class Connected(FakeProvider):
        connection = Mock(has_failed_with=Mock(return_value=True))

    account = await gateway.add_account("a", Connected())
    refusal = LoginError("wrong")
    account.note(refusal)
    account.note_connection(None)
    await account.check()
    assert account.status is AccountStatus.LOGIN_REFUSED
    assert account.refusal is refusal
    Connected.connection.has_failed_with.return_value = False
    account.note_connection(None)
    assert account.status is AccountStatus.ACTIVE
    assert account.refusal is None


async def test_a_balance_that_fails_is_told(
    account: Account, provider: FakeProvider
) -> None:
    provider.balance_error = LoginError("wrong")
    with pytest.raises(LoginError):
        await account.check()
    assert account.status is AccountStatus.LOGIN_REFUSED


async def test_a_check_made_before_is_noted(account: Account) -> None:
    account.note(LoginError("wrong"))
    assert account.status is AccountStatus.LOGIN_REFUSED


async def test_an_enquiry_proves_no_login(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    await gateway.send("a", draft())
    account.status = AccountStatus.LOGIN_REFUSED
    clock.advance(5)
    await eventually(lambda: provider.asked and not account.tracker._workers)
    assert account.status is AccountStatus.LOGIN_REFUSED


async def test_a_failing_listener_loses_no_message(
    gateway: Gateway, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ValueError

    account.listen(fail)
    [message] = await gateway.send("a", draft())
    assert message.state is State.ACCEPTED
    assert "A listener failed: ValueError" in caplog.text


async def test_coverage_comes_from_the_provider(account: Account) -> None:
    assert (await account.coverage(3)).content_type == "text/csv"


async def test_old_messages_are_forgotten_every_day(
    gateway: Gateway, add_account: AddAccount, clock: ManualClock
) -> None:
    account = await add_account(keep_for=timedelta(hours=12))
    [message] = await gateway.send("a", draft())
    await gateway.receive("a", make_receipt("1"))
    assert await account.recent(5) == [await gateway.get(message.id)]
    clock.advance(60)
    await eventually(lambda: account._pruning and account._pruning.done())
    assert await gateway.get(message.id)
    clock.advance(timedelta(days=1))
    await eventually(lambda: account._pruning and account._pruning.done())
    assert await account.recent(5) == []
    # What was counted stays counted.
    account = await restart(gateway, account.provider)
    assert account.statistics.delivered == 1


async def test_a_pruning_that_fails_is_logged_and_done_the_next_day(
    gateway: Gateway,
    account: Account,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    disk = FaultyConnection(gateway._journal, "commit")
    disk.error = sqlite3.OperationalError("full")
    clock.advance(60)
    await eventually(lambda: account._pruning and account._pruning.done())
    assert "could not be forgotten" in caplog.text
    assert max(clock.pauses) == 86400
    disk.error = None


async def test_stopping_ends_a_pruning(
    gateway: Gateway, account: Account, clock: ManualClock
) -> None:
    clock.advance(60)
    await gateway.remove_account("a")
    assert account._pruning
    assert account._pruning.done()
    assert clock.pauses == []


async def test_figures_survive_a_restart(
    gateway: Gateway, account: Account, provider: FakeProvider, clock: ManualClock
) -> None:
    await gateway.send("a", draft(*numbers(4)))
    provider.answers.extend([TransientError("busy"), CreditError("no")])
    await gateway.send("a", draft())
    with pytest.raises(SendFailedError):
        await gateway.send("a", draft())
    clock.advance(1)
    for provider_id, state in (
        ("1", State.DELIVERED),
        ("2", State.DELIVERED),
        ("3", State.UNDELIVERABLE),
    ):
        await gateway.receive("a", make_receipt(provider_id, state))
    await settle(gateway)

    def figures(account: Account) -> tuple[object, ...]:
        figures = account.statistics
        return (
            figures.sent,
            figures.delivered,
            figures.undelivered,
            figures.failed,
            figures.queued,
            figures.last_delivered_at,
            figures.last_latency,
        )

    before = figures(account)
    assert before == (4, 2, 1, 1, 1, clock.now(), timedelta(seconds=1))
    assert account.statistics.delivery_rate == pytest.approx(200 / 3)
    assert account.statistics.last_state is State.UNDELIVERABLE
    account = await restart(gateway, provider)
    assert figures(account) == before
    assert account.statistics.delivery_rate == pytest.approx(200 / 3)


def test_figures_of_a_new_account() -> None:
    statistics = Statistics(Counter(), [], [])
    assert statistics.delivery_rate is None
    assert statistics.last_state is None


def test_a_message_that_expired_unsent_has_failed() -> None:
    statistics = Statistics(Counter(), [], [])
    message = make_message()
    statistics.update(Change(message, None))
    assert statistics.queued == 1
    statistics.update(
        Change(make_message(state=State.EXPIRED, finished_at=START), State.QUEUED)
    )
    assert (statistics.queued, statistics.failed) == (0, 1)
    assert statistics.delivery_rate is None


async def test_a_provider_that_cannot_close_stops_nobody(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail() -> None:
        raise OSError

    monkeypatch.setattr(provider, "close", fail)
    await gateway.close()
    assert "An account did not stop: OSError" in caplog.text
    assert gateway.accounts == []


@pytest.mark.parametrize(
    ("login", "state"), [("demo", State.DELIVERED), ("other", State.ACCEPTED)]
)
async def test_a_receipt_may_come_through_another_system_of_the_same_login(
    gateway: Gateway,
    account: Account,
    provider: FakeProvider,
    login: str,
    state: State,
) -> None:
    provider.login = "demo"
    twin = FakeProvider()
    twin.login = login
    await gateway.add_account("b", twin)
    [message] = await gateway.send("a", draft())
    receipt = make_receipt(message.parts[0].provider_id, recipient=message.recipient)
    await gateway.receive("b", receipt)
    assert (await gateway.get(message.id)).state is state


def test_where_a_login_is_shared() -> None:
    websmpp = WebsmppProvider(
        Mock(), WebsmppLogin(url=URL("http://127.0.0.1"), user="demo", password="x")
    )
    smpp = SmppProvider(SmppLogin(host="127.0.0.1", system_id="demo", password="x"))
    assert websmpp.shared_login == smpp.shared_login == "demo"


def test_most_logins_are_of_one_system_only() -> None:
    class Plain(FakeProvider):
        shared_login = Provider.shared_login

    assert Plain().shared_login is None
