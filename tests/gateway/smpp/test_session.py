"""A session against a peer that does what it is told, over real sockets."""

import asyncio
from typing import Any

import pytest
from smpplib import command as library, consts

from gateway.errors import (
    InputError,
    JournalError,
    LoginError,
    ProviderError,
    RecipientError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from gateway.providers.smpp.commands import Command, status_name
from gateway.providers.smpp.encode import LAST_SEQUENCE, Bind
from gateway.providers.smpp.session import UNANSWERED_DELIVERIES, State, Timers

from ..helpers import eventually
from .conftest import Bound, MakeBound, connect
from .peer import Listener, Peer, Received, pdu

THROTTLED = consts.SMPP_ESME_RTHROTTLED


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


def requests(bound: Bound, count: int) -> list[asyncio.Task[bytes]]:
    return [
        asyncio.create_task(bound.session.request(Command.QUERY_SM, bytes((number,))))
        for number in range(count)
    ]


async def read(peer: Peer, count: int) -> list[Received]:
    return [await peer.read() for _ in range(count)]


@pytest.mark.parametrize(
    "command",
    [Command.BIND_TRANSMITTER, Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER],
)
async def test_it_binds(listener: Listener, command: Command) -> None:
    connecting = asyncio.ensure_future(connect(listener, command=command))
    peer = await listener.accept()
    request = await peer.bind()
    session = await connecting
    assert request.command == command
    assert request.body == b"user\0secret\0\0\x34\0\0\0"
    assert (session.state, session.server) == (State.BOUND, "SMSC")
    await session.unbind(0)
    assert session.state is State.CLOSED


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (consts.SMPP_ESME_RINVPASWD, LoginError),
        (consts.SMPP_ESME_RINVSYSID, LoginError),
        (consts.SMPP_ESME_RALYBND, UnavailableError),
        (consts.SMPP_ESME_RBINDFAIL, UnavailableError),
        (0x401, ProviderError),
    ],
)
async def test_a_refused_bind(
    listener: Listener, status: int, error: type[ProviderError]
) -> None:
    connecting = asyncio.ensure_future(connect(listener))
    peer = await listener.accept()
    peer.answer(await peer.read(), status=status)
    with pytest.raises(ProviderError) as refused:
        await connecting
    assert type(refused.value) is error
    assert refused.value.code == status_name(status)
    assert await peer.is_closed()


async def test_a_bind_that_nobody_answers(listener: Listener) -> None:
    with pytest.raises(UnavailableError, match="no answer in time"):
        await connect(listener, timers=Timers(session_init=0.1))
    peer = await listener.accept()
    await peer.read()
    assert await peer.is_closed()


async def test_a_bind_that_is_cut_off(listener: Listener) -> None:
    connecting = asyncio.ensure_future(connect(listener))
    peer = await listener.accept()
    await peer.read()
    peer.writer.close()
    with pytest.raises(UnavailableError, match="the server closed the connection"):
        await connecting


async def test_a_bind_response_that_cannot_be_read(listener: Listener) -> None:
    connecting = asyncio.ensure_future(connect(listener))
    peer = await listener.accept()
    peer.answer(await peer.read(), b"no end")
    with pytest.raises(UnavailableError, match="cannot be read: system_id"):
        await connecting
    assert await peer.is_closed()


async def test_a_server_that_is_not_there(unused_tcp_port: int) -> None:
    with pytest.raises(UnavailableError, match=r"^cannot connect: Connection refused$"):
        await connect(Listener(unused_tcp_port, asyncio.Queue()))


async def test_a_bind_that_smpp_cannot_carry_names_its_field(
    listener: Listener,
) -> None:
    with pytest.raises(InputError, match="password"):
        await connect(listener, bind=Bind(system_id="u", password="x" * 9))


async def test_responses_in_any_order(bound: Bound) -> None:
    answers = requests(bound, 3)
    for request in reversed(await read(bound.peer, 3)):
        bound.peer.answer(request, b"to " + request.body)
    assert await asyncio.gather(*answers) == [b"to \0", b"to \1", b"to \2"]
    assert bound.session.unanswered == 0


async def test_a_refusal_has_its_name_and_its_text(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    bound.peer.answer(await bound.peer.read(), status=consts.SMPP_ESME_RINVDSTADR)
    with pytest.raises(RecipientError) as error:
        await answer
    assert error.value.code == "ESME_RINVDSTADR"
    assert error.value.text == "Invalid Destination Address"


@pytest.mark.parametrize("sequence", [None, 0])
async def test_a_nack_refuses_its_request_with_or_without_a_number(
    bound: Bound, sequence: int | None
) -> None:
    [answer] = requests(bound, 1)
    request = await bound.peer.read()
    number = request.sequence if sequence is None else sequence
    bound.peer.write(Command.GENERIC_NACK, number, status=consts.SMPP_ESME_RUNKNOWNERR)
    with pytest.raises(TransientError, match="ESME_RUNKNOWNERR"):
        await answer


async def test_a_nack_without_a_number_is_nobodys_when_there_are_two(
    bound: Bound,
) -> None:
    answers = requests(bound, 2)
    received = await read(bound.peer, 2)
    bound.peer.write(Command.GENERIC_NACK, 0, status=THROTTLED)
    for request in received:
        bound.peer.answer(request)
    assert await asyncio.gather(*answers) == [b"", b""]
    assert bound.session.stray_responses == 1


async def test_responses_to_nothing_are_counted_and_passed_over(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    request = await bound.peer.read()
    for sequence in (request.sequence + 1, 0, 0xFFFFFFFF):
        bound.peer.write(Command.SUBMIT_SM_RESP, sequence, b"1\0")
    bound.peer.answer(request, b"a")
    bound.peer.answer(request, b"b")
    bound.peer.write(Command.ENQUIRE_LINK, 9)
    assert await answer == b"a"
    await bound.peer.read()
    assert bound.session.stray_responses == 4


async def test_a_response_of_another_command_is_no_answer(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    request = await bound.peer.read()
    bound.peer.write(Command.CANCEL_SM_RESP, request.sequence)
    with pytest.raises(UncertainError):
        await answer


async def test_the_window_is_full_until_something_is_answered(
    make_bound: MakeBound,
) -> None:
    bound = await make_bound(window=2)
    free = asyncio.Event()
    bound.session.on_free(free.set)
    assert bound.session.is_free
    answers = requests(bound, 2)
    received = await read(bound.peer, 2)
    assert not bound.session.is_free
    free.clear()
    bound.peer.answer(received[1])
    await free.wait()
    assert bound.session.is_free
    bound.peer.answer(received[0])
    await asyncio.gather(*answers)


async def test_sequence_numbers_go_round_and_pass_over_those_in_use(
    bound: Bound,
) -> None:
    [first] = requests(bound, 1)
    assert (await bound.peer.read()).sequence == 2
    bound.session._window._last_sequence = LAST_SEQUENCE - 1
    answers = requests(bound, 3)
    received = await read(bound.peer, 3)
    assert [each.sequence for each in received] == [LAST_SEQUENCE, 1, 3]
    for request in received:
        bound.peer.answer(request)
    bound.peer.write(Command.QUERY_SM_RESP, 2)
    await asyncio.gather(first, *answers)


def expire(bound: Bound) -> None:
    """Let the response timer of everything open run out."""
    window = bound.session._window
    assert window._timer
    window._timer.cancel()
    window._timeout = -1
    window._look()


async def test_a_request_that_nobody_answers_is_given_up(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    await bound.peer.read()
    bound.peer.write(Command.ENQUIRE_LINK, 1)  # the server is there
    await bound.peer.read()
    expire(bound)
    with pytest.raises(UncertainError):
        await answer
    assert bound.session.state is State.BOUND


async def test_a_server_that_says_nothing_any_more_is_gone(bound: Bound) -> None:
    answers = requests(bound, 2)
    await read(bound.peer, 2)
    expire(bound)
    await bound.ended.wait()
    assert bound.session.state is State.CLOSED
    for answer in answers:
        with pytest.raises(UncertainError):
            await answer


async def test_the_timer_runs_for_the_oldest_and_then_for_the_next(
    make_bound: MakeBound,
) -> None:
    bound = await make_bound(response=0.05)
    first, second = requests(bound, 2)
    bound.peer.answer(await bound.peer.read(), b"in time")
    await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(second.exception(), UncertainError)


async def test_a_silent_connection_is_asked_after(make_bound: MakeBound) -> None:
    bound = await make_bound(enquire_link=0.05)
    for _ in range(2):
        request = await bound.peer.read()
        assert request.command == Command.ENQUIRE_LINK
        bound.peer.answer(request)
    await bound.peer.read()
    expire(bound)
    await bound.ended.wait()


async def test_nothing_is_asked_while_an_answer_is_awaited(
    make_bound: MakeBound,
) -> None:
    bound = await make_bound(enquire_link=0.01)
    [answer] = requests(bound, 1)
    request = await bound.peer.read()
    while request.command != Command.QUERY_SM:
        bound.peer.answer(request)
        request = await bound.peer.read()
    bound.session._heard_at = -1e9
    bound.session._watch()
    bound.peer.answer(request)
    await answer
    assert (await bound.peer.read()).command == Command.ENQUIRE_LINK


async def test_enquiries_of_the_server_are_answered(bound: Bound) -> None:
    bound.peer.write(Command.ENQUIRE_LINK, 0x80000001)
    assert await bound.peer.read() == Received(
        Command.ENQUIRE_LINK_RESP, 0, 0x80000001, b""
    )


async def test_a_session_without_messages_is_unbound(make_bound: MakeBound) -> None:
    bound = await make_bound(inactivity=0.05, enquire_link=None)
    request = await bound.peer.read()
    assert request.command == Command.UNBIND
    bound.peer.answer(request)
    await bound.ended.wait()


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


async def test_unbinding_waits_for_open_responses(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    request = await bound.peer.read()
    unbinding = asyncio.create_task(bound.session.unbind(60))
    await eventually(lambda: bound.session.state is State.UNBINDING)
    assert not bound.session.is_free
    bound.peer.answer(request, b"done")
    assert await answer == b"done"
    request = await bound.peer.read()
    assert request.command == Command.UNBIND
    bound.peer.answer(request)
    await unbinding
    assert await bound.peer.is_closed()
    await bound.session.unbind(60)  # once more is no fault


async def test_unbinding_does_not_wait_for_ever(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    await bound.session.unbind(0.01)
    with pytest.raises(UncertainError):
        await answer


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


async def test_a_response_byte_by_byte(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    request = await bound.peer.read()
    for octet in pdu(Command.QUERY_SM_RESP, request.sequence, b"body"):
        bound.peer.write_bytes(bytes((octet,)))
        await bound.peer.writer.drain()
        await asyncio.sleep(0)
    assert await answer == b"body"


async def test_a_connection_that_breaks_in_the_middle_of_a_pdu(bound: Bound) -> None:
    answers = requests(bound, 3)
    received = await read(bound.peer, 3)
    bound.peer.answer(received[0], b"whole")
    bound.peer.write_bytes(pdu(Command.QUERY_SM_RESP, received[1].sequence, b"x")[:-1])
    await bound.peer.writer.drain()
    bound.peer.writer.close()
    assert await answers[0] == b"whole"
    for answer in answers[1:]:
        with pytest.raises(UncertainError, match="the connection was lost"):
            await answer
    assert bound.ended.is_set()


async def test_what_is_sent_in_one_turn_leaves_in_one_write(
    bound: Bound,
) -> None:
    written: list[bytes] = []
    recorder = _Recorder(bound.session._transport, written)
    bound.session._transport = recorder  # type: ignore[assignment]
    answers = requests(bound, 5)
    for request in await read(bound.peer, 5):
        bound.peer.answer(request)
    await asyncio.gather(*answers)
    assert len(written) == 1


class _Recorder:
    """A transport that remembers what is written."""

    def __init__(self, transport: Any, written: list[bytes]) -> None:
        self._transport = transport
        self._written = written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._written.append(data)
        self._transport.write(data)


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


async def test_a_cancelled_request_leaves_no_trace(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    request = await bound.peer.read()
    answer.cancel()
    bound.peer.answer(request)
    bound.peer.write(Command.ENQUIRE_LINK, 1)
    await bound.peer.read()
    assert bound.session.unanswered == 0
    [lost] = requests(bound, 1)
    await bound.peer.read()
    lost.cancel()
    bound.peer.writer.close()
    await bound.ended.wait()
