"""What the SMSC brings: messages of phones, and receipts that name none."""

import sqlite3
from typing import Any

import pytest

from gateway import Gateway, IncomingMessage
from simulator.smsc import Address, CommandStatus, ShortMessage, SmscSimulator

from ...helpers import FaultyConnection, eventually
from .conftest import Add


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
