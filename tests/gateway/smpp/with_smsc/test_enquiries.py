"""Asking after a message, and taking it back."""

import asyncio

import pytest

from gateway import Gateway, State
from gateway.errors import NoRecordError, ProviderError, UnavailableError
from simulator import smsc as simulator
from simulator.smsc import Fault, FaultKind, SmscSimulator

from ...helpers import draft, eventually, numbers
from .conftest import Add


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


async def test_enquiries_keep_to_the_window_too(
    gateway: Gateway, add: Add, smsc: SmscSimulator
) -> None:
    account = await add(window=5)
    smsc.settings.change({"receipt_timing": "never"})
    sent = await gateway.send("a", draft(*numbers(5)))
    smsc.settings.change({"latency": 0.05})
    sending = asyncio.create_task(gateway.send("a", draft(*numbers(50, first=5))))
    await eventually(lambda: account.provider._link._queue)
    asked = await asyncio.gather(*(gateway.query(each.id) for each in sent))
    assert {each.state for each in asked} == {State.DELIVERED}
    assert all(each.done_at for each in asked)
    await sending
    assert smsc.observation.max_unanswered == 5


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
