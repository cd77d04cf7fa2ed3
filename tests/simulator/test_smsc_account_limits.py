"""What an account may not: its senders, its term, its credit and its rate."""

from simulator.smsc import Account, CommandStatus, ManualClock, SmscSimulator

from .esme import Esme


async def test_senders_not_allowed(esme: Esme, account: Account) -> None:
    account.senders = frozenset({"Home"})
    for source in ("Test", ""):
        response = await esme.submit(source_addr=source)
        assert response.status == CommandStatus.ESME_RINVSRCADR
    assert (await esme.submit(source_addr="Home")).status == CommandStatus.ESME_ROK


async def test_an_account_that_expires_while_it_is_bound(
    esme: Esme, account: Account
) -> None:
    account.expired = True
    assert (await esme.submit()).status == CommandStatus.ESME_RSUBMITFAIL


async def test_too_little_credit(
    esme: Esme, smsc: SmscSimulator, account: Account
) -> None:
    account.credit = account.price
    assert (await esme.submit()).status == CommandStatus.ESME_ROK
    assert (await esme.submit()).status == CommandStatus.ESME_RSUBMITFAIL
    smsc.settings.change({"credit_status": 0x0000_0400})
    assert (await esme.submit()).status == 0x0000_0400
    assert smsc.messages_count == 1


async def test_a_rate(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    smsc.settings.change({"rate": 2})

    async def statuses() -> list[int]:
        responses = [await esme.submit(registered_delivery=0) for _ in range(3)]
        return [response.status for response in responses]

    throttled = CommandStatus.ESME_RTHROTTLED
    assert await statuses() == [0, 0, throttled]
    clock.advance(0.5)
    assert await statuses() == [0, throttled, throttled]
    clock.advance(60)
    smsc.settings.change({"rate_status": "ESME_RMSGQFUL"})
    assert await statuses() == [0, 0, CommandStatus.ESME_RMSGQFUL]
