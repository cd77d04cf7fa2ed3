"""What a server may ask of a session, and what it may not."""

import asyncio
from typing import Any

import pytest
from smpplib import command as library, consts

from gateway.errors import JournalError, UnavailableError, UncertainError
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.session import UNANSWERED_DELIVERIES, State

from ..helpers import eventually
from .conftest import Bound, read, requests
from .peer import Received, pdu


class _Client:
    sequence = 1

    def next_sequence(self) -> int:
        return 1


def deliver_sm(text: bytes = b"hello", **fields: Any) -> bytes:
    """Let smpplib write the body of a deliver_sm."""
    body: bytes = library.factory(
        "deliver_sm", client=_Client(), short_message=text, **fields
    ).generate()
    return body[16:]


async def test_enquiries_of_the_server_are_answered(bound: Bound) -> None:
    bound.peer.write(Command.ENQUIRE_LINK, 0x80000001)
    assert await bound.peer.read() == Received(
        Command.ENQUIRE_LINK_RESP, 0, 0x80000001, b""
    )


async def test_the_server_may_unbind(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    await bound.peer.read()
    bound.peer.write(Command.UNBIND, 7)
    assert (await bound.peer.read())[:3] == (Command.UNBIND_RESP, 0, 7)
    with pytest.raises(UncertainError):
        await answer
    await bound.ended.wait()
    with pytest.raises(UnavailableError, match="the connection is closed"):
        await bound.session.request(Command.QUERY_SM)


async def test_a_delivery_is_answered_when_it_has_been_taken(bound: Bound) -> None:
    for sequence in (0, 5, 0xFFFFFFFF):
        bound.peer.write(Command.DELIVER_SM, sequence, deliver_sm())
    bound.peer.write(Command.DATA_SM, 6, b"\0\1\1123\0\5\0Home\0\0\0\0")
    await eventually(lambda: len(bound.taken) == 4)
    assert bound.taken[0][0].octets == b"hello"
    bound.taken[1][1].resolve(None)
    bound.taken[0][1].resolve(None)
    bound.taken[2][1].fail(JournalError("disk full"))
    bound.taken[3][1].resolve(None)
    resent = consts.SMPP_ESME_RX_T_APPN
    assert await read(bound.peer, 4) == [
        Received(Command.DELIVER_SM_RESP, 0, 5, b"\0"),
        Received(Command.DELIVER_SM_RESP, 0, 0, b"\0"),
        Received(Command.DELIVER_SM_RESP, resent, 0xFFFFFFFF, b"\0"),
        Received(Command.DATA_SM_RESP, 0, 6, b"\0"),
    ]


async def test_a_delivery_that_comes_with_the_end_is_answered(bound: Bound) -> None:
    unbinding = asyncio.create_task(bound.session.unbind(60))
    request = await bound.peer.read()
    assert request.command == Command.UNBIND
    bound.peer.write_bytes(
        pdu(Command.DELIVER_SM, 5, deliver_sm())
        + pdu(Command.UNBIND_RESP, request.sequence)
    )
    await eventually(lambda: bound.taken and not bound.session.unanswered)
    bound.taken[0][1].resolve(None)
    assert await bound.peer.read() == Received(Command.DELIVER_SM_RESP, 0, 5, b"\0")
    await unbinding
    assert await bound.peer.is_closed()


async def test_a_delivery_that_breaks_the_specification_is_refused(
    bound: Bound,
) -> None:
    bound.peer.write(Command.DELIVER_SM, 5, deliver_sm()[:-1])
    bound.peer.write(Command.DELIVER_SM, 6, deliver_sm() + b"\x04")
    assert [(each.status, each.sequence) for each in await read(bound.peer, 2)] == [
        (consts.SMPP_ESME_RINVPARLEN, 5),
        (consts.SMPP_ESME_RINVOPTPARSTREAM, 6),
    ]
    assert bound.taken == []


async def test_a_fault_of_ours_does_not_end_the_session(
    bound: Bound, caplog: pytest.LogCaptureFixture
) -> None:
    bound.fault = ZeroDivisionError("the very secret text")
    bound.peer.write(Command.DELIVER_SM, 5, deliver_sm())
    assert (await bound.peer.read()).status == consts.SMPP_ESME_RX_T_APPN
    assert bound.session.state is State.BOUND
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


async def test_a_flood_of_deliveries_is_read_no_faster_than_it_is_taken(
    bound: Bound,
) -> None:
    amount = 4 * UNANSWERED_DELIVERIES
    body = deliver_sm(b"x" * 254)
    for number in range(amount):
        bound.peer.write(Command.DELIVER_SM, number, body)
    await eventually(lambda: not bound.session._transport.is_reading())
    assert len(bound.taken) < amount
    for _ in range(amount):
        await eventually(bound.taken.__len__)
        bound.taken.pop()[1].resolve(None)
    await read(bound.peer, amount)
    assert bound.session._transport.is_reading()


async def test_unknown_requests_are_refused(bound: Bound) -> None:
    bound.peer.write(0x00000BAD, 5, b"anything")
    bound.peer.write(Command.SUBMIT_SM, 6)
    bound.peer.write(Command.OUTBIND, 7, b"a\0b\0")
    bound.peer.write(Command.ALERT_NOTIFICATION, 8, b"\0\0\0\0\0\0")
    bound.peer.write(Command.ENQUIRE_LINK, 9)
    nack = Command.GENERIC_NACK
    assert await read(bound.peer, 4) == [
        Received(nack, consts.SMPP_ESME_RINVCMDID, 5, b""),
        Received(nack, consts.SMPP_ESME_RINVCMDID, 6, b""),
        Received(nack, consts.SMPP_ESME_RINVBNDSTS, 7, b""),
        Received(Command.ENQUIRE_LINK_RESP, 0, 9, b""),
    ]


@pytest.mark.parametrize("length", [0, 15, 2**31])
async def test_a_length_that_cannot_be_ends_the_session(
    bound: Bound, length: int
) -> None:
    [answer] = requests(bound, 1)
    await bound.peer.read()
    bound.peer.write_bytes(length.to_bytes(4) + bytes(12))
    assert await bound.peer.read() == Received(
        Command.GENERIC_NACK, consts.SMPP_ESME_RINVCMDLEN, 0, b""
    )
    with pytest.raises(UncertainError):
        await answer
    await bound.ended.wait()


async def test_a_server_that_does_not_read_is_sent_no_more(bound: Bound) -> None:
    bound.session.pause_writing()
    assert not bound.session.is_free
    assert not bound.session._transport.is_reading()
    free = asyncio.Event()
    bound.session.on_free(free.set)
    bound.session.resume_writing()
    assert free.is_set()
    assert bound.session.is_free
    assert bound.session._transport.is_reading()
