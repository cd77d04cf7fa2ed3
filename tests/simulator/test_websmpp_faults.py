"""Faults of the server and the network, and what can be seen of requests."""

import asyncio
import time

import aiohttp
import pytest
from yarl import URL

from simulator.websmpp import Endpoint, Fault, FaultKind, WebsmppSimulator

from ..looptime import LoopTime
from .conftest import Platform, example

LOGIN = "userid=testUser&password=12345"


async def is_waiting(platform: Platform, submission: asyncio.Task[str]) -> bool:
    """Tell whether a submission waits, when all that came with it is answered."""
    await platform.get("balanceReport", LOGIN)
    return not submission.done()


async def test_latency(
    platform: Platform, simulator: WebsmppSimulator, loop_time: LoopTime
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.LATENCY, seconds=60, times=1))
    submission = asyncio.create_task(platform.submit())
    await simulator.wait_for(lambda s: s.messages_count == 1)
    assert await is_waiting(platform, submission)
    loop_time.advance(60)
    assert await submission == "Response: 2541524"
    assert len(simulator.faults) == 0


async def test_latency_of_a_range(
    platform: Platform, simulator: WebsmppSimulator, loop_time: LoopTime
) -> None:
    fault = Fault(kind=FaultKind.LATENCY, seconds=(60, 80), endpoint=Endpoint.SUBMIT)
    simulator.faults.add(fault)
    submission = asyncio.create_task(platform.submit())
    await simulator.wait_for(lambda s: s.messages_count == 1)
    assert await is_waiting(platform, submission)
    loop_time.advance(80)
    assert await submission == "Response: 2541524"


async def test_a_message_is_taken_before_the_latency(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.LATENCY, seconds=60))
    submission = asyncio.create_task(platform.submit())
    await simulator.wait_for(lambda s: s.messages_count == 1)
    assert not submission.done()
    submission.cancel()
    await simulator.wait_for(lambda s: s.observation.in_flight == 0)


@pytest.mark.parametrize("taken", [True, False])
async def test_no_answer_until_the_client_goes_away(
    platform: Platform, simulator: WebsmppSimulator, taken: bool
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.HANG, taken=taken))
    submission = asyncio.create_task(platform.submit())
    await simulator.wait_for(lambda s: s.requests_count == 1)
    assert not submission.done()
    assert simulator.observation.in_flight == 1
    submission.cancel()
    await simulator.wait_for(lambda s: s.observation.in_flight == 0)
    assert simulator.messages_count == taken


@pytest.mark.parametrize("taken", [True, False])
async def test_a_reset_before_the_reply(
    platform: Platform, simulator: WebsmppSimulator, taken: bool
) -> None:
    """Whether the message was taken, its sender cannot know."""
    simulator.faults.add(Fault(kind=FaultKind.RESET, taken=taken, times=1))
    with pytest.raises((aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
        await platform.post("websms", example())
    assert simulator.messages_count == taken
    assert (await platform.submit()).startswith("Response: ")
    assert len(simulator.messages.doubles()) == taken


async def test_a_reset_is_no_mere_close(simulator: WebsmppSimulator) -> None:
    simulator.faults.add(Fault(kind=FaultKind.RESET))
    url = URL(simulator.base_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"GET /websmpp/websms HTTP/1.1\r\nHost: localhost\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


async def test_a_reset_amid_the_reply(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.RESET_MIDWAY, times=1))
    url = f"{platform.base_url}/websms?{example()}"
    async with platform.session.get(url) as response:
        assert response.status == 200
        with pytest.raises((aiohttp.ClientPayloadError, aiohttp.ClientOSError)):
            await response.read()
    assert simulator.messages_count == 1


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("taken", [None, True])
async def test_http_errors(
    platform: Platform, simulator: WebsmppSimulator, status: int, taken: bool | None
) -> None:
    simulator.faults.add(
        Fault(kind=FaultKind.HTTP_STATUS, status=status, taken=taken, times=1)
    )
    async with platform.session.get(
        f"{platform.base_url}/websms?{example()}"
    ) as response:
        assert response.status == status
        assert response.content_type == "text/html"
    assert simulator.messages_count == (taken is True)


async def test_garbage(platform: Platform, simulator: WebsmppSimulator) -> None:
    simulator.faults.add(Fault(kind=FaultKind.GARBAGE, times=1))
    with pytest.raises(UnicodeDecodeError):
        await platform.submit()
    assert simulator.messages_count == 1


async def test_a_slow_body(
    platform: Platform, simulator: WebsmppSimulator, loop_time: LoopTime
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.DRIP, seconds=10, times=1))
    url = f"{platform.base_url}/websms?{example()}"
    async with platform.session.get(url) as response:
        for octet in b"Response: 2541524":
            reading = asyncio.create_task(response.content.readany())
            await platform.get("balanceReport", LOGIN)
            assert not reading.done()
            loop_time.advance(10)
            assert await reading == bytes((octet,))
        assert await response.content.read() == b""


async def test_an_empty_body(platform: Platform, simulator: WebsmppSimulator) -> None:
    simulator.faults.add(Fault(kind=FaultKind.EMPTY, times=1))
    assert await platform.submit() == ""
    assert simulator.messages_count == 1


async def test_an_overlong_body(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.OVERLONG, size=3_000_000))
    body = await platform.submit()
    assert len(body) == 3_000_000
    assert body.startswith("Response: 2541524x")


@pytest.mark.parametrize("charset", ["utf-16", "x-nothing"])
async def test_a_wrong_charset(
    platform: Platform, simulator: WebsmppSimulator, charset: str
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.CHARSET, charset=charset))
    async with platform.session.get(
        f"{platform.base_url}/websms?{example()}"
    ) as response:
        assert response.headers["Content-Type"] == f"text/plain; charset={charset}"
        assert await response.read() == b"Response: 2541524"


async def test_faults_of_one_endpoint(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    fault = simulator.faults.add(Fault(kind=FaultKind.EMPTY, endpoint=Endpoint.BALANCE))
    assert await platform.submit() == "Response: 2541524"
    assert await platform.get("balanceReport", LOGIN) == ""
    assert await platform.get("balanceReport", LOGIN) == ""
    simulator.faults.remove(fault)
    assert await platform.get("balanceReport", LOGIN) == "999"


async def test_faults_in_their_order(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.EMPTY, times=1))
    simulator.faults.add(Fault(kind=FaultKind.OVERLONG, size=100, times=1))
    assert [len(await platform.submit()) for _ in range(3)] == [0, 100, 17]


def test_no_fault_for_no_times() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Fault(kind=FaultKind.EMPTY, times=0)


class TestObservation:
    """What can be seen of the requests."""

    async def test_the_requests(
        self, platform: Platform, simulator: WebsmppSimulator
    ) -> None:
        before = time.monotonic()
        await platform.post("websms", example())
        await platform.get("balanceReport", LOGIN)
        first, second = simulator.requests
        assert (first.endpoint, first.method) == (Endpoint.SUBMIT, "POST")
        assert first.body == example()
        assert (second.endpoint, second.method) == (Endpoint.BALANCE, "GET")
        assert second.target == f"/websmpp/balanceReport?{LOGIN}"
        assert before <= first.arrived <= second.arrived <= time.monotonic()
        assert simulator.counts == {"websms": 1, "balanceReport": 1}
        assert simulator.requests_count == 2

    async def test_the_most_requests_at_once(
        self, platform: Platform, simulator: WebsmppSimulator
    ) -> None:
        simulator.faults.add(Fault(kind=FaultKind.HANG, times=3))
        waiting = [asyncio.create_task(platform.submit()) for _ in range(3)]
        await simulator.wait_for(lambda s: s.messages_count == 3)
        for task in waiting:
            task.cancel()
        await simulator.wait_for(lambda s: s.observation.in_flight == 0)
        await platform.submit()
        assert simulator.observation.max_in_flight == 3

    async def test_waiting_in_vain(self, simulator: WebsmppSimulator) -> None:
        with pytest.raises(TimeoutError):
            await simulator.wait_for(lambda s: s.messages_count == 1, within=0.01)

    async def test_a_reset(
        self, platform: Platform, simulator: WebsmppSimulator
    ) -> None:
        await platform.submit()
        simulator.faults.add(Fault(kind=FaultKind.EMPTY))
        simulator.reset()
        assert simulator.messages_count == simulator.requests_count == 0
        assert await platform.submit() == "Response: 2541524"
