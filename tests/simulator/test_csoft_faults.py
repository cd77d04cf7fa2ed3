"""Faults that are injected, and two hosts of which one is away."""

import asyncio

import aiohttp
import pytest

from simulator.csoft import (
    Account,
    CsoftSimulator,
    Fault,
    FaultKind,
    ManualClock,
    Service,
    Settings,
)

from .csoft_client import CsoftClient, content, envelope, operation, submission, values

LOST = (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)


async def test_a_message_is_taken_before_the_latency(
    soap: CsoftClient, host: CsoftSimulator
) -> None:
    host.faults.add(Fault(kind=FaultKind.LATENCY, seconds=60))
    request = asyncio.create_task(soap.submit())
    await host.wait_for(lambda host: host.messages_count == 1)
    assert not request.done()
    request.cancel()
    await host.wait_for(lambda host: host.observation.in_flight == 0)


@pytest.mark.parametrize("taken", [True, False])
async def test_no_answer_until_the_client_goes_away(
    soap: CsoftClient, host: CsoftSimulator, taken: bool
) -> None:
    host.faults.add(Fault(kind=FaultKind.HANG, taken=taken))
    request = asyncio.create_task(soap.submit())
    await host.wait_for(lambda host: host.requests_count == 1)
    request.cancel()
    await host.wait_for(lambda host: host.observation.in_flight == 0)
    assert host.messages_count == taken


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.DROP])
async def test_the_connection_is_lost(
    soap: CsoftClient, host: CsoftSimulator, kind: FaultKind, taken: bool
) -> None:
    """Whether the message was taken, its sender cannot know."""
    host.faults.add(Fault(kind=kind, taken=taken, times=1))
    with pytest.raises(LOST):
        await soap.submit()
    assert host.messages_count == taken
    assert (await soap.submit())["Report"] == "0"
    assert len(host.messages.doubles()) == taken


async def test_the_connection_is_lost_amid_the_answer(
    soap: CsoftClient, host: CsoftSimulator
) -> None:
    host.faults.add(Fault(kind=FaultKind.RESET_MIDWAY, times=1))
    with pytest.raises((aiohttp.ClientPayloadError, aiohttp.ClientOSError)):
        await soap.submit()
    assert host.messages_count == 1


@pytest.mark.parametrize("taken", [None, True])
async def test_http_errors(
    soap: CsoftClient, host: CsoftSimulator, taken: bool | None
) -> None:
    host.faults.add(Fault(kind=FaultKind.HTTP_STATUS, status=502, taken=taken))
    status, body = await soap.post(envelope(submission()))
    assert (status, b"<html>" in body) == (502, True)
    assert host.messages_count == (taken is True)


@pytest.mark.parametrize("taken", [None, True])
async def test_soap_faults(
    soap: CsoftClient, host: CsoftSimulator, taken: bool | None
) -> None:
    host.faults.add(Fault(kind=FaultKind.SOAP_FAULT, text="Down", taken=taken))
    assert await soap.fault(submission()) == ("SOAP-ENV:Server", "Down")
    assert host.messages_count == (taken is True)


@pytest.mark.parametrize(
    ("kind", "length"),
    [(FaultKind.GARBAGE, 112), (FaultKind.EMPTY, 0), (FaultKind.OVERLONG, 3_000_000)],
)
async def test_other_bodies(
    soap: CsoftClient, host: CsoftSimulator, kind: FaultKind, length: int
) -> None:
    host.faults.add(Fault(kind=kind, size=3_000_000))
    status, body = await soap.post(envelope(submission()))
    assert (status, len(body)) == (200, length)
    assert host.messages_count == 1


async def test_a_body_that_is_cut(soap: CsoftClient, host: CsoftSimulator) -> None:
    _, whole = await soap.post(envelope(submission()))
    host.faults.add(Fault(kind=FaultKind.TRUNCATED))
    status, half = await soap.post(envelope(submission()))
    assert (status, half) == (200, whole[: len(whole) // 2])


async def test_a_slow_body(soap: CsoftClient, host: CsoftSimulator) -> None:
    host.faults.add(Fault(kind=FaultKind.DRIP))
    assert (await soap.submit())["Report"] == "0"


@pytest.mark.parametrize(
    ("code", "identifier", "count"), [(8, "", 0), (4, "", 0), (19, "3C7D98A4", 1)]
)
async def test_reports_of_numbers(
    soap: CsoftClient, host: CsoftSimulator, code: int, identifier: str, count: int
) -> None:
    host.faults.add(Fault(kind=FaultKind.REPORT, code=code, destination="*99"))
    assert (await soap.submit())["Report"] == "0"
    host.reset()
    host.faults.add(Fault(kind=FaultKind.REPORT, code=code, destination="*99"))
    answer = await soap.submit("447700900199")
    assert (answer["Report"], answer["MessageIdentifier"]) == (str(code), identifier)
    assert host.messages_count == count
    assert host.observation.reports == {code: 1}


async def test_reports_of_services(soap: CsoftClient, host: CsoftSimulator) -> None:
    host.faults.add(
        Fault(kind=FaultKind.REPORT, code=42, service=Service.COLLECT, times=1)
    )
    host.faults.add(Fault(kind=FaultKind.REPORT, service=Service.CREDIT, times=1))
    host.deliver("testUser", "447700900123", "Hello")
    assert (await soap.submit())["Report"] == "0"
    assert (await soap.collect()).findtext("Report") == "42"
    code, _ = await soap.fault(
        operation("AvailableCredit", "<Username>testUser</Username><PIN>12345</PIN>")
    )
    assert code == "SOAP-ENV:Client"
    assert len((await soap.collect())[1]) == 1


async def test_a_message_that_is_lost_on_its_way(
    soap: CsoftClient, host: CsoftSimulator
) -> None:
    host.deliver("testUser", "447700900123", "Hello")
    host.faults.add(Fault(kind=FaultKind.RESET, service=Service.COLLECT, times=1))
    with pytest.raises(LOST):
        await soap.collect()
    assert len((await soap.collect())[1]) == 0


async def test_some_of_all(soap: CsoftClient, host: CsoftSimulator) -> None:
    host.faults.add(Fault(kind=FaultKind.REPORT, code=-1, every=3, burst=1))
    found = [(await soap.submit())["Report"] for _ in range(6)]
    assert found == ["0", "0", "-1", "0", "0", "-1"]


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "nothing"},
        {"kind": "empty", "service": "nothing"},
        {"kind": "empty", "times": 0},
    ],
)
def test_no_such_fault(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Fault(**given)


async def test_two_hosts(
    soap: CsoftClient, host: CsoftSimulator, customer: Account, clock: ManualClock
) -> None:
    backup = CsoftSimulator(
        [customer],
        clock=clock,
        settings=Settings(first_number=0x5C7D98A4),
        mailbox=host.mailbox,
    )
    async with backup, CsoftClient.connect(backup) as other:
        assert (await soap.submit())["MessageIdentifier"] == "3C7D98A4"
        host.deliver("testUser", "447700900123", "Hello")
        port = host.port
        await host.stop()
        with pytest.raises(LOST):
            await soap.submit()
        assert (await other.submit())["MessageIdentifier"] == "5C7D98A4"
        assert (await other.credit())["Credit"] == "998.0000"
        assert len((await other.collect())[1]) == 1
        await host.start()
        assert host.port == port
        status, answer = await soap.post(envelope(submission()))
        assert (status, values(content(answer))["Report"]) == (200, "0")
