"""Messages on their way to the SMSC, in whatever form, and what it refuses."""

import pytest

from gateway import AccountStatus, Change, Gateway, State
from gateway.errors import SendFailedError
from gateway.providers.smpp import BindMode, LongText
from simulator import smsc as simulator
from simulator.smsc import Fault, FaultKind, SmscSimulator

from ...helpers import draft, eventually, numbers
from .conftest import Add, ended


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
