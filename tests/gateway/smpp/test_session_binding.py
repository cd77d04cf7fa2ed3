"""How a session comes about, or does not."""

import asyncio
import socket

import pytest
from smpplib import consts

from gateway.errors import (
    LoginError,
    ProviderError,
    SessionsError,
    UnavailableError,
)
from gateway.ledger import Recording
from gateway.providers.smpp.commands import RESPONSE, Command, status_name
from gateway.providers.smpp.encode import Bind
from gateway.providers.smpp.session import Session, State
from gateway.providers.smpp.timers import Timers
from gateway.reasons import Reason

from ...looptime import LoopTime
from ..helpers import refused
from .conftest import BIND, Bound, connect
from .peer import Listener, pdu


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
        (consts.SMPP_ESME_RALYBND, SessionsError),
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


async def test_a_bind_that_nobody_answers(
    listener: Listener, loop_time: LoopTime
) -> None:
    connecting = asyncio.ensure_future(connect(listener, timers=Timers()))
    peer = await listener.accept()
    await peer.read()
    loop_time.advance(Timers().session_init)
    with pytest.raises(UnavailableError, match="no answer in time"):
        await connecting
    assert await peer.is_closed()


async def test_a_bind_that_is_cut_off(listener: Listener) -> None:
    connecting = asyncio.ensure_future(connect(listener))
    peer = await listener.accept()
    await peer.read()
    peer.writer.close()
    with pytest.raises(UnavailableError) as error:
        await connecting
    assert error.value.text == Reason("connection_ended")


async def test_a_bind_that_ends_with_its_response(listener: Listener) -> None:
    connecting = asyncio.ensure_future(connect(listener))
    peer = await listener.accept()
    request = await peer.read()
    answer = pdu(request.command | RESPONSE, request.sequence, b"SMSC\0")
    peer.write_bytes(answer + pdu(Command.UNBIND, 1))
    with pytest.raises(UnavailableError) as error:
        await connecting
    assert error.value.text == Reason("connection_ended")


async def test_a_bind_response_that_cannot_be_read(listener: Listener) -> None:
    connecting = asyncio.ensure_future(connect(listener))
    peer = await listener.accept()
    peer.answer(await peer.read(), b"no end")
    with pytest.raises(UnavailableError) as error:
        await connecting
    assert error.value.text == Reason("answer_unreadable")
    assert "system_id" in error.value.answer
    assert await peer.is_closed()


async def test_a_server_that_is_not_there(free_port: int) -> None:
    with pytest.raises(UnavailableError, match=r"^cannot connect: Connection refused$"):
        await connect(Listener(free_port, asyncio.Queue()))


@pytest.mark.parametrize("host", ["", "a..b", "x" * 64, "\0"])
async def test_a_host_that_cannot_be(host: str) -> None:
    with refused("host", "host_form"):
        await Session.connect(
            host,
            1,
            BIND,
            Command.BIND_TRANSCEIVER,
            timers=Timers(),
            window=1,
            take=lambda _delivery: Recording(),
            ended=lambda _session: None,
        )


async def test_a_bind_that_smpp_cannot_carry_names_its_field(
    listener: Listener,
) -> None:
    with refused("password", "password_length", most=8):
        await connect(listener, bind=Bind(system_id="u", password="x" * 9))


async def test_a_bind_takes_nothing_else_for_its_answer(listener: Listener) -> None:
    connecting = asyncio.ensure_future(connect(listener))
    peer = await listener.accept()
    request = await peer.read()
    peer.write(Command.ENQUIRE_LINK, request.sequence)
    peer.write(Command.OUTBIND, request.sequence, b"a\0b\0")
    peer.write(Command.BIND_TRANSCEIVER_RESP, request.sequence + 1, b"other\0")
    assert (await peer.read()).command == Command.ENQUIRE_LINK_RESP
    assert (await peer.read()).command == Command.GENERIC_NACK
    assert not connecting.done()
    peer.answer(request, b"SMSC\0")
    session = await connecting
    assert session.server == "SMSC"
    await session.unbind(0)


async def test_a_response_to_another_bind_is_none(listener: Listener) -> None:
    connecting = asyncio.ensure_future(connect(listener))
    peer = await listener.accept()
    request = await peer.read()
    peer.write(Command.BIND_RECEIVER_RESP, request.sequence, b"SMSC\0")
    with pytest.raises(UnavailableError):
        await connecting
    assert await peer.is_closed()


async def test_small_pdus_leave_at_once(bound: Bound) -> None:
    # Nagle's algorithm would hold each until the one before is acknowledged.
    connection = bound.session._transport.get_extra_info("socket")
    assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
