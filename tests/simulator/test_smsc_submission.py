"""Taking messages: SMPP specification v3.4, clauses 4.4, 4.7 and 5.2."""

import re

import pytest

from simulator.smsc import Account, Command, ManualClock, SmscSimulator

from .esme import Esme, example


async def test_a_message(esme: Esme, smsc: SmscSimulator, account: Account) -> None:
    assert (await esme.submit()).message_id == "2541524"
    (message,) = smsc.messages
    assert (message.source, message.destination) == ("Test", "96170123456")
    assert message.text == "testing English message"
    assert (message.user, message.session) == ("testUser", 1)
    assert not message.flash
    assert account.credit == 999


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("decimal", r"2541524"),
        ("padded", r"0002541524"),
        ("hex", r"26c7d4"),
        ("HEX", r"26C7D4"),
        ("padded_hex", r"000026c7d4"),
        ("uuid", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("zero", r"0"),
    ],
)
async def test_message_ids(
    esme: Esme, smsc: SmscSimulator, form: str, written: str
) -> None:
    smsc.settings.change({"id_form": form})
    message_id = (await esme.submit()).message_id
    assert re.fullmatch(written, message_id)
    assert smsc.messages.by_id(message_id) is smsc.messages[0]


async def test_doubles(esme: Esme, smsc: SmscSimulator) -> None:
    await esme.submit()
    await esme.submit(short_message=b"something else")
    await esme.submit()
    assert smsc.messages.doubles() == [smsc.messages[2]]


async def test_doubles_of_segments(esme: Esme, smsc: SmscSimulator) -> None:
    """A repeated segment is one whatever its reference, an equal next one is not."""
    for reference, number in ((1, 1), (1, 2), (9, 1)):
        data = bytes((5, 0, 3, reference, 2, number)) + b"same"
        await esme.submit(esm_class=0x40, short_message=data)
    assert smsc.messages.doubles() == [smsc.messages[2]]


async def test_data_sm(esme: Esme, smsc: SmscSimulator, clock: ManualClock) -> None:
    fields = example(message_payload=b"Hi")
    del fields["short_message"]
    response = await esme.request("data_sm", **fields)
    assert response.command == Command.DATA_SM_RESP
    assert response.message_id == "2541524"
    assert smsc.messages[0].text == "Hi"
    clock.advance(1)
    assert (await esme.take()).read.receipted_message_id == b"2541524"


async def test_replace_if_present(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
) -> None:
    """Clause 5.2.18: the same addresses and service_type, and not yet sent."""
    flag = {"replace_if_present_flag": 1, "registered_delivery": 0}
    ids = [
        (await esme.submit(**flag)).message_id,
        (await esme.submit(**flag, short_message=b"newer")).message_id,
        (await esme.submit(**flag, service_type="CMT")).message_id,
        (await esme.submit(**flag, source_addr="Other")).message_id,
    ]
    assert ids == ["2541524", "2541524", "2541525", "2541526"]
    assert smsc.messages[0].text == "newer"
    clock.advance(1)
    assert (await esme.submit(**flag)).message_id == "2541527"
