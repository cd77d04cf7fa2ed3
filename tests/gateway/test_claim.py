"""Whether a receipt is meant for a message that is known, or is just being sent."""

import asyncio

from gateway import Account, AccountOptions, Gateway, State

from .conftest import AddAccount
from .helpers import NUMBER, FakeProvider, draft, eventually, make_receipt


async def test_a_known_message(gateway: Gateway, account: Account) -> None:
    await gateway.send("a", draft())
    assert await gateway.claim("a", make_receipt("1", recipient=NUMBER))
    assert await gateway.claim("a", make_receipt("1", recipient=NUMBER))
    assert not await gateway.claim("a", make_receipt("1", recipient="+9613999999"))
    assert not await gateway.claim("a", make_receipt("2", recipient=NUMBER))


async def test_a_receipt_that_overtakes_the_answer(
    gateway: Gateway, provider: FakeProvider, account: Account
) -> None:
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: account.outbox.sending)
    assert await gateway.claim("a", make_receipt("1", recipient=NUMBER[1:]))
    assert await gateway.claim("a", make_receipt("9"))
    assert not await gateway.claim("a", make_receipt("8", recipient="+9613999999"))
    provider.gate.set()
    [message] = await sending
    assert (await gateway.get(message.id)).state is State.DELIVERED
    assert account.outbox.sending == []
    assert not await gateway.claim("a", make_receipt("7", recipient=NUMBER))


async def test_what_another_account_sends_only_where_any_is_meant(
    gateway: Gateway, provider: FakeProvider, add_account: AddAccount
) -> None:
    await add_account()
    await gateway.add_account("b", FakeProvider(), AccountOptions(sender="Home"))
    provider.gate.clear()
    sending = asyncio.create_task(gateway.send("a", draft()))
    await eventually(lambda: gateway.account("a").outbox.sending)
    own = make_receipt("1", recipient=NUMBER)
    any_ = make_receipt("1", recipient=NUMBER, any_account=True)
    assert not await gateway.claim("b", own)
    assert await gateway.claim("b", any_)
    provider.gate.set()
    [message] = await sending
    assert await gateway.claim("b", any_)
    assert (await gateway.get(message.id)).state is State.DELIVERED


async def test_a_request_that_failed_is_not_open(
    gateway: Gateway, provider: FakeProvider, account: Account
) -> None:
    provider.always = RuntimeError("a fault")
    await gateway.send("a", draft())
    assert account.outbox.sending == []
