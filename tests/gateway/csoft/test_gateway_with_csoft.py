"""The whole way: gateway, provider, webhook and a simulated host over real sockets."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway import AccountOptions, Gateway, OnUncertain, State, outbox
from gateway.errors import JournalError, UnsupportedError
from gateway.ledger import early
from gateway.model import Receipt
from gateway.providers.csoft import CsoftProvider, ReceiptLogin
from simulator.csoft import (
    CsoftSimulator,
    Fault,
    FaultKind,
    Report,
    Step,
    default_rules,
)

from ..clock import ManualClock
from ..helpers import FakeProvider, draft, eventually, numbers
from .conftest import USER, MakeProvider, Webhook
from .helpers import FIELDS, soap


@pytest.fixture
def receiving(host: CsoftSimulator, webhook: Webhook) -> CsoftSimulator:
    """A host that posts receipts to the webhook."""
    host.accounts[USER].receipt_url = webhook.url
    host.settings.script = (Step(0, Report.OK),)
    return host


async def add(gateway: Gateway, provider: CsoftProvider, **options: Any) -> None:
    await gateway.add_account("a", provider, AccountOptions(sender="Home", **options))


async def test_every_end_is_told(
    gateway: Gateway, csoft: CsoftProvider, receiving: CsoftSimulator
) -> None:
    receiving.settings.rules = default_rules(0)
    await add(gateway, csoft)
    messages = await gateway.send("a", draft(*numbers(11)))
    await receiving.wait_for(lambda each: each.poster.acknowledged == 13)
    found = {each.recipient[-2:]: await gateway.get(each.id) for each in messages}
    assert {end: message.state for end, message in found.items()} == {
        "00": State.DELIVERED,
        "01": State.UNDELIVERABLE,
        "02": State.EXPIRED,
        "03": State.UNDELIVERABLE,
        "04": State.DELETED,
        "05": State.UNKNOWN,
        "06": State.ENROUTE,
        "07": State.ACCEPTED,
        "08": State.DELIVERED,
        "09": State.EXPIRED,
        "10": State.REJECTED,
    }
    assert found["05"].error_code == "77"
    assert found["01"].error_code == "4"
    assert found["00"].answer is not None
    assert "Report: 0; Timestamp1: " in found["00"].answer


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"receipt_timing": "early"},
        {"receipt_copies": 3},
        {"receipt_batch": 4, "receipt_order": "shuffled"},
        {"receipt_encoding": "form"},
        {"receipt_http": "1.1", "receipt_chunked": True},
        {"receipt_soap": "1.2", "receipt_soap_action": ""},
        {"receipt_envelope_prefix": "S", "receipt_prefix": ""},
        {"receipt_qualified": True, "receipt_types": False},
        {"receipt_namespace": "http://www.csoft.co.uk/dtd/sendsms5.xsd"},
        {"receipt_content_type": None, "receipt_declaration": False},
        {"receipt_content_type": "application/x-www-form-urlencoded"},
        {"receipt_charset": "UTF-16", "receipt_charset_told": True},
        {"receipt_charset": "ISO-8859-1"},
        {"receipt_bom": True, "receipt_whitespace": True},
        {"receipt_values": "escaped", "receipt_plus": True},
        {"receipt_values": "cdata", "receipt_unset": "null"},
    ],
    ids=str,
)
async def test_receipts_in_every_form_and_order_are_matched(
    gateway: Gateway,
    csoft: CsoftProvider,
    receiving: CsoftSimulator,
    form: dict[str, object],
) -> None:
    receiving.settings.change(form)
    await add(gateway, csoft)
    changes: list[State] = []
    gateway.listen(lambda told: changes.extend(each.message.state for each in told))
    await gateway.send("a", draft(*numbers(8)))
    await eventually(lambda: changes.count(State.DELIVERED) == 8)
    await receiving.wait_for(lambda each: each.poster.acknowledged == 8)
    assert changes.count(State.DELIVERED) == 8
    assert gateway.account("a").statistics.delivered == 8
    assert len(gateway._ledger._early) == 0
    assert {post.status for post in receiving.posts} == {200}
    assert all(each.attempts == 1 for each in receiving.receipts)


async def test_a_receipt_of_no_message_is_told_so_and_kept(
    gateway: Gateway, csoft: CsoftProvider, webhook: Webhook
) -> None:
    await add(gateway, csoft)
    async with aiohttp.ClientSession() as session:
        answer = await session.post(webhook.url, data=soap(FIELDS))
        assert answer.status == 200
        assert b">-1</Report>" in await answer.read()
    assert len(gateway._ledger._early) == 1


async def test_a_flood_of_unknown_ids_is_bounded(
    gateway: Gateway,
    csoft: CsoftProvider,
    webhook: Webhook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.ledger.early.LIMIT", 50)
    assert early.LIMIT == 50
    await add(gateway, csoft)
    async with aiohttp.ClientSession() as session:
        for post in range(5):
            receipts = [
                FIELDS | {"MessageIdentifier": f"{post}-{number}"}
                for number in range(100)
            ]
            answer = await session.post(webhook.url, data=soap(*receipts))
            assert (await answer.read()).count(b">-1</Report>") == 100
    assert len(gateway._ledger._early) <= 100
    assert len(await gateway._journal.early_receipts("a")) <= 100


async def test_a_wrong_login_changes_nothing_and_is_counted(
    gateway: Gateway,
    csoft: CsoftProvider,
    receiving: CsoftSimulator,
    webhook: Webhook,
) -> None:
    webhook.login = ReceiptLogin(username="home", pin="1234")
    receiving.settings.receipt_pauses = ()
    await add(gateway, csoft)
    [message] = await gateway.send("a", draft())
    await receiving.wait_for(lambda each: each.posts)
    assert webhook.refused == 1
    assert receiving.posts[0].verdicts[0].report == Report.INVALID_LOGIN
    assert (await gateway.get(message.id)).state is State.ACCEPTED
    account = receiving.accounts[USER]
    account.receipt_user, account.receipt_pin = "home", "1234"
    [message] = await gateway.send("a", draft())
    await receiving.wait_for(lambda each: each.poster.acknowledged)
    assert webhook.refused == 1
    assert (await gateway.get(message.id)).state is State.DELIVERED


@pytest.mark.parametrize("any_account", [False, True])
async def test_a_message_of_another_account_only_where_that_is_wanted(
    gateway: Gateway,
    session: aiohttp.ClientSession,
    webhook: Webhook,
    any_account: bool,
) -> None:
    webhook.any_account = any_account
    await add(gateway, CsoftProvider(session))
    await gateway.add_account("b", FakeProvider(), AccountOptions(sender="Home"))
    [message] = await gateway.send("b", draft("+447009123456"))
    posted = FIELDS | {"MessageIdentifier": "1"}
    answer = await session.post(webhook.url, data=soap(posted))
    known = b">0</Report>" in await answer.read()
    assert known is any_account
    state = (await gateway.get(message.id)).state
    assert (state is State.DELIVERED) is any_account
    # A number that is not the message's own matches nothing.
    [other] = await gateway.send("b", draft("+447009123457"))
    posted = FIELDS | {"MessageIdentifier": "2"}
    answer = await session.post(webhook.url, data=soap(posted))
    assert b">-1</Report>" in await answer.read()
    assert (await gateway.get(other.id)).state is State.ACCEPTED


async def test_an_account_for_receipts_only_refuses_to_send(
    gateway: Gateway, session: aiohttp.ClientSession
) -> None:
    await add(gateway, CsoftProvider(session))
    with pytest.raises(UnsupportedError, match="receipts only"):
        await gateway.send("a", draft())
    assert await gateway.account("a").check() is None


async def test_messages_that_waited_fail_when_the_login_is_gone(
    gateway: Gateway,
    make_provider: MakeProvider,
    session: aiohttp.ClientSession,
    host: CsoftSimulator,
    clock: ManualClock,
) -> None:
    await add(gateway, make_provider())
    host.faults.add(Fault(kind=FaultKind.HTTP_STATUS))
    [message] = await gateway.send("a", draft())
    assert message.state is State.QUEUED
    await gateway.remove_account("a")
    await add(gateway, CsoftProvider(session))
    clock.advance(outbox.FIRST_PAUSE * 2)
    await eventually(lambda: gateway.account("a").statistics.failed)
    assert (await gateway.get(message.id)).state is State.FAILED


async def test_an_answer_that_was_lost_sends_twice_or_not_at_all(
    gateway: Gateway, csoft: CsoftProvider, host: CsoftSimulator, clock: ManualClock
) -> None:
    await add(gateway, csoft)
    host.faults.add(Fault(kind=FaultKind.RESET, times=1))
    [message] = await gateway.send("a", draft())
    assert message.state is State.QUEUED
    clock.advance(outbox.FIRST_PAUSE * 2)
    await eventually(lambda: host.messages_count == 2)
    await gateway.remove_account("a")
    await add(gateway, csoft, on_uncertain=OnUncertain.HOLD)
    host.faults.add(Fault(kind=FaultKind.RESET, times=1))
    [message] = await gateway.send("a", draft(text="held"))
    assert message.state is State.UNKNOWN
    assert host.messages_count == 3


async def test_an_outage_loses_nothing(
    path: Path,
    gateway: Gateway,
    make_provider: MakeProvider,
    host: CsoftSimulator,
    clock: ManualClock,
) -> None:
    await add(gateway, make_provider())
    host.faults.add(Fault(kind=FaultKind.SOAP_FAULT))
    messages = await gateway.send("a", draft(*numbers(20)))
    assert {message.state for message in messages} == {State.QUEUED}
    await gateway.close()
    host.faults.clear()
    again = await Gateway.open(path, clock)
    await again.add_account("a", make_provider(), AccountOptions(sender="Home"))
    clock.advance(outbox.FIRST_PAUSE * 2)
    await eventually(lambda: host.messages_count == 20)
    assert host.messages.doubles() == []
    await again.close()


async def test_a_journal_that_fails_has_receipts_brought_again(
    gateway: Gateway, csoft: CsoftProvider, receiving: CsoftSimulator
) -> None:
    receiving.settings.receipt_pauses = (0.01,) * 100
    receiving.settings.script = ()
    await add(gateway, csoft)
    [message] = await gateway.send("a", draft())
    claim = gateway.claim
    failures = [JournalError("full")] * 2

    async def failing(account_id: str, receipt: Receipt) -> bool:
        if failures:
            raise failures.pop()
        return await claim(account_id, receipt)

    gateway.claim = failing  # type: ignore[method-assign]
    receiving.report(message.parts[0].provider_id, Report.OK)
    await receiving.wait_for(lambda each: each.poster.acknowledged)
    assert [post.status for post in receiving.posts] == [503, 503, 200]
    assert (await gateway.get(message.id)).state is State.DELIVERED
