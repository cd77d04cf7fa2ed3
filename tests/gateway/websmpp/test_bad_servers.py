"""Servers that answer badly, late, or not at all."""

import asyncio
import socket
from typing import NoReturn, override

import aiohttp
import pytest
from yarl import URL

from gateway.errors import ProviderError, UnavailableError, UncertainError
from gateway.providers.websmpp import WebsmppLogin, WebsmppProvider
from simulator.websmpp import Fault, FaultKind, WebsmppSimulator

from ...looptime import LoopTime
from ..conftest import Serve
from ..helpers import make_message
from .conftest import MakeProvider


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.RESET, UncertainError),
        (FaultKind.RESET_MIDWAY, UncertainError),
        (FaultKind.HANG, UncertainError),
        (FaultKind.GARBAGE, UncertainError),
        (FaultKind.EMPTY, UncertainError),
    ],
)
@pytest.mark.parametrize("text", ["Fire", "a=b"])
async def test_a_message_that_was_taken_without_an_answer(
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    loop_time: LoopTime,
    kind: FaultKind,
    error: type[ProviderError],
    text: str,
) -> None:
    await websmpp.submit(make_message(text="the connection is open now"))
    platform.faults.add(Fault(kind=kind))
    submitting = asyncio.create_task(websmpp.submit(make_message(text=text)))
    await platform.wait_for(lambda each: each.messages_count == 2)
    if kind is FaultKind.HANG:
        # aiohttp rounds up.
        loop_time.advance(websmpp._login.timeout + 1)
    with pytest.raises(error) as caught:
        await submitting
    assert type(caught.value) is error
    # By GET too, the request went out once.
    assert len(platform.messages.to("9613123456")) == 2


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.GARBAGE, FaultKind.EMPTY])
async def test_an_enquiry_without_an_answer_can_be_made_again(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, kind: FaultKind
) -> None:
    await websmpp.submit(make_message())
    platform.faults.add(Fault(kind=kind))
    for request in (websmpp.balance(), websmpp.status("2541524")):
        with pytest.raises(UnavailableError):
            await request


@pytest.mark.parametrize(
    ("status", "submitting", "asking"),
    [
        (500, UncertainError, UnavailableError),
        (502, UncertainError, UnavailableError),
        (599, UncertainError, UnavailableError),
        (503, UnavailableError, UnavailableError),
        (429, UnavailableError, UnavailableError),
        (404, UnavailableError, UnavailableError),
        (302, UnavailableError, UnavailableError),
    ],
)
async def test_errors_in_the_http_status(
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    status: int,
    submitting: type[ProviderError],
    asking: type[ProviderError],
) -> None:
    platform.faults.add(Fault(kind=FaultKind.HTTP_STATUS, status=status))
    with pytest.raises(ProviderError) as error:
        await websmpp.submit(make_message())
    assert type(error.value) is submitting
    assert error.value.code == str(status)
    with pytest.raises(asking):
        await websmpp.balance()
    assert len(platform.requests) == 2


async def test_slow_long_and_mislabelled_answers_are_read(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    for each in (
        Fault(kind=FaultKind.LATENCY, seconds=0.05, times=1),
        Fault(kind=FaultKind.DRIP, seconds=0.001, times=1),
        Fault(kind=FaultKind.CHARSET, times=1),
        Fault(kind=FaultKind.CHARSET, charset="nonsense", times=1),
    ):
        platform.faults.add(each)
        assert len((await websmpp.submit(make_message())).provider_ids) == 1


async def test_an_answer_without_end_is_cut(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    platform.faults.add(Fault(kind=FaultKind.OVERLONG, size=3_000_000))
    with pytest.raises(UnavailableError):
        await websmpp.balance()


async def test_a_server_that_is_not_there(
    make_provider: MakeProvider, free_port: int
) -> None:
    provider = make_provider(url=URL(f"http://127.0.0.1:{free_port}/websmpp"))
    with pytest.raises(UnavailableError, match=r"^cannot connect: Connection refused$"):
        await provider.submit(make_message())


class NoResolver(aiohttp.abc.AbstractResolver):
    """A resolver that knows no name."""

    @override
    async def resolve(self, *_: object, **__: object) -> NoReturn:
        raise socket.gaierror(-2, "Name or service not known")

    @override
    async def close(self) -> None:
        pass


async def test_a_name_that_is_unknown() -> None:
    connector = aiohttp.TCPConnector(resolver=NoResolver())
    async with aiohttp.ClientSession(connector=connector) as session:
        login = WebsmppLogin(url=URL("http://nowhere.invalid"), user="u", password="p")
        with pytest.raises(UnavailableError, match="Name or service not known"):
            await WebsmppProvider(session, login).submit(make_message())


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", UncertainError),
        (b"\x00\xff\xfe not http\r\n\r\n", UncertainError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n2541524", UncertainError),
        (b"HTTP/1.1 200 OK\r\n" + b"A: " + b"x" * 70_000 + b"\r\n\r\n", UncertainError),
        (b"HTTP/1.1 200 OK\r\nContent-Type: \x01\r\n\r\nERROR - HTTP18", ProviderError),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip", UncertainError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", UncertainError),
        (b"HTTP/1.1 799 Odd\r\n\r\n", UncertainError),
        (b"HTTP/1.1 500 No\r\n\r\nERROR - HTTP18 --> no", ProviderError),
    ],
)
async def test_a_server_that_hardly_speaks_http(
    make_provider: MakeProvider, serve: Serve, answer: bytes, error: type[ProviderError]
) -> None:
    provider = make_provider(url=URL(await serve(answer)))
    with pytest.raises(error):
        await provider.submit(make_message())
    with pytest.raises(ProviderError):
        await provider.coverage(3)
