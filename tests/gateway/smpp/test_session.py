"""A session and its requests, against a peer that does what it is told."""

import asyncio

import pytest
from smpplib import consts

from gateway.errors import RecipientError, TransientError, UncertainError
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.encode import LAST_SEQUENCE
from gateway.providers.smpp.session import State

from ...looptime import LoopTime
from ..helpers import eventually
from .conftest import Bound, MakeBound, expire, read, requests
from .peer import pdu

THROTTLED = consts.SMPP_ESME_RTHROTTLED


async def test_responses_in_any_order(bound: Bound) -> None:
    answers = requests(bound, 3)
    for request in reversed(await read(bound.peer, 3)):
        bound.peer.answer(request, b"to " + request.body)
    assert await asyncio.gather(*answers) == [b"to \0", b"to \1", b"to \2"]
    assert bound.session.unanswered == 0


async def test_a_refusal_has_its_name_its_text_and_its_number(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    bound.peer.answer(await bound.peer.read(), status=consts.SMPP_ESME_RINVDSTADR)
    with pytest.raises(RecipientError) as error:
        await answer
    assert error.value.code == "ESME_RINVDSTADR"
    assert error.value.text == "Invalid Destination Address (0x0000000B)"


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


async def test_a_request_that_nobody_answers_is_given_up(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    await bound.peer.read()
    bound.peer.write(Command.ENQUIRE_LINK, 1)  # the server is there
    await bound.peer.read()
    expire(bound.session)
    with pytest.raises(UncertainError):
        await answer
    assert bound.session.state is State.BOUND


async def test_a_server_that_says_nothing_any_more_is_gone(bound: Bound) -> None:
    answers = requests(bound, 2)
    await read(bound.peer, 2)
    expire(bound.session)
    await bound.ended.wait()
    assert bound.session.state is State.CLOSED
    for answer in answers:
        with pytest.raises(UncertainError):
            await answer


async def test_the_timer_runs_for_the_oldest_and_then_for_the_next(
    make_bound: MakeBound, loop_time: LoopTime
) -> None:
    bound = await make_bound(response=60, enquire_link=None)
    [first] = requests(bound, 1)
    request = await bound.peer.read()
    loop_time.advance(40)
    [second] = requests(bound, 1)
    await bound.peer.read()
    bound.peer.answer(request, b"in time")
    assert await first == b"in time"
    loop_time.advance(30)
    timer = bound.session._window._timer
    await eventually(lambda: bound.session._window._timer is not timer)
    assert not second.done()
    loop_time.advance(30)
    with pytest.raises(UncertainError):
        await second


async def test_a_silent_connection_is_asked_after(make_bound: MakeBound) -> None:
    bound = await make_bound(enquire_link=0.05)
    for _ in range(2):
        request = await bound.peer.read()
        assert request.command == Command.ENQUIRE_LINK
        bound.peer.answer(request)
    await bound.peer.read()
    expire(bound.session)
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
    bound.session._watch.heard_at = -1e9
    bound.session._watch.start()
    bound.peer.answer(request)
    await answer
    assert (await bound.peer.read()).command == Command.ENQUIRE_LINK


async def test_a_session_without_messages_is_unbound(make_bound: MakeBound) -> None:
    bound = await make_bound(inactivity=0.05, enquire_link=None)
    request = await bound.peer.read()
    assert request.command == Command.UNBIND
    bound.peer.answer(request)
    await bound.ended.wait()


async def test_a_session_that_waits_for_an_answer_is_left_later(
    make_bound: MakeBound,
) -> None:
    bound = await make_bound(inactivity=60, enquire_link=None)
    [answer] = requests(bound, 1)
    request = await bound.peer.read()
    watch = bound.session._watch
    watch.busy_at = -1e9
    watch.start()
    assert watch._timer is not None
    assert watch._timer.when() > asyncio.get_running_loop().time() + 30
    bound.peer.answer(request)
    await answer
    watch.start()
    assert (await bound.peer.read()).command == Command.UNBIND


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


async def test_an_unbind_takes_nothing_else_for_its_answer(bound: Bound) -> None:
    unbinding = asyncio.create_task(bound.session.unbind(60))
    request = await bound.peer.read()
    bound.peer.write(Command.ENQUIRE_LINK, request.sequence)
    bound.peer.write(Command.UNBIND_RESP, request.sequence + 1)
    assert (await bound.peer.read()).command == Command.ENQUIRE_LINK_RESP
    assert not unbinding.done()
    bound.peer.answer(request)
    await unbinding
    assert bound.session.stray_responses == 1


async def test_unbinding_does_not_wait_for_ever(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    await bound.peer.read()
    await bound.session.unbind(0.01)
    with pytest.raises(UncertainError):
        await answer
    # The server is told all the same.
    assert (await bound.peer.read()).command == Command.UNBIND
    assert await bound.peer.is_closed()


async def test_a_response_byte_by_byte(bound: Bound) -> None:
    [answer] = requests(bound, 1)
    request = await bound.peer.read()
    for octet in pdu(Command.QUERY_SM_RESP, request.sequence, b"body"):
        bound.session.data_received(bytes((octet,)))
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
