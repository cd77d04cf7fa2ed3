"""The control endpoint, and the simulator as a process of its own."""

from asyncio.subprocess import PIPE
import signal

import aiohttp
import pytest

from simulator.csoft import Account, CsoftSimulator, ManualClock

from .conftest import START, Control
from .csoft_client import HEADERS, CsoftClient, Receiver, content, envelope, submission
from .processes import first_line, process

MODULE = "simulator.csoft"


@pytest.fixture
def control(soap: CsoftClient, host: CsoftSimulator) -> Control:
    return Control(soap.session, host.root_url)


async def test_the_state(
    soap: CsoftClient, control: Control, customer: Account
) -> None:
    customer.receipt_pin = "hidden"
    await soap.submit(text="x" * 161)
    await soap.submit("0")
    await soap.fault("")
    state = await control.get("state")
    (account,) = state["accounts"]
    assert (account["user"], account["credit"]) == ("testUser", "998")
    assert account.keys().isdisjoint({"password", "receipt_pin"})
    assert (state["messages"], state["url"]) == (1, soap.host.url)
    assert state["requests"] == {"SubmitMessage": 2, "unread": 1}
    assert state["reports"] == {"0": 1, "5": 1}
    assert list(state["malformed"].values()) == [1]
    assert (state["in_flight"], state["max_in_flight"]) == (0, 1)
    assert state["settings"]["receipt_content_type"] == "text/soap"


async def test_messages(
    soap: CsoftClient, control: Control, clock: ManualClock
) -> None:
    await soap.submit("447700900101")
    await soap.submit("447700900123", end="<ReplyTo>Me</ReplyTo>")
    clock.advance(1)
    (message,) = await control.get("messages?to=447700900123")
    assert message == {
        "identifier": "3C7D98A5",
        "account": "testUser",
        "service": "SubmitMessage",
        "destination": "447700900123",
        "text": "Hello",
        "flash": False,
        "parts": 1,
        "reply_to": "Me",
        "given": "",
        "option": "Default",
        "submitted": START,
        "sent": START,
        "report": 0,
    }
    assert await control.get("messages?offset=1") == [message]
    assert await control.get("doubles") == []
    (_, request) = await control.get("requests")
    assert request["service"] == "SubmitMessage"
    assert "447700900123" in request["body"]


async def test_receipts_and_posts(
    soap: CsoftClient,
    control: Control,
    host: CsoftSimulator,
    receipts_here: Receiver,
) -> None:
    await soap.submit()
    await control.post("report", {"identifier": "3C7D98A4", "report": 28})
    await host.wait_for(lambda host: host.poster.acknowledged == 1)
    (receipt,) = await control.get("receipts")
    assert receipt == {
        "identifier": "3C7D98A4",
        "destination": "447700900123",
        "report": 28,
        "since": "2016-05-10T14:00:00Z",
        "attempts": 1,
        "acknowledged": True,
        "verdict": {"identifier": "3C7D98A4", "report": 0, "text": "Thanks"},
    }
    (post,) = await control.get("posts")
    assert (post["status"], post["verdicts"]) == (200, [receipt["verdict"]])
    assert post["headers"] == {"Content-Type": "text/soap"}
    state = await control.get("state")
    assert state["receipts"] == {"posted": 1, "acknowledged": 1}


async def test_attacks(control: Control, receipts_here: Receiver) -> None:
    given = {"kind": "unknown_ids", "user": "testUser", "times": 3, "connections": 2}
    await control.post("attacks", given)
    assert len(receipts_here.bodies) == len(await control.get("posts")) == 3


async def test_incoming_messages(soap: CsoftClient, control: Control) -> None:
    given = {"user": "testUser", "sender": "447700900123", "text": "Yes"}
    state = await control.post("deliver", given)
    assert state["incoming"] == {"waiting": 1, "collected": 0}
    assert len((await soap.collect())[1]) == 1
    state = await control.get("state")
    assert state["incoming"] == {"waiting": 0, "collected": 1}


async def test_faults_settings_and_accounts(
    soap: CsoftClient, control: Control
) -> None:
    given = {"kind": "report", "code": 8, "destination": "*99", "seconds": [0, 1]}
    state = await control.post("faults", given)
    assert state["faults"][0].items() >= given.items()
    assert (await soap.submit("447700900199"))["Report"] == "8"
    assert (await control.post("faults", []))["faults"] == []
    given = {"rules": {"99": [[1.0, -3], [2.0, 0]]}, "receipt_charset": "UTF-16"}
    state = await control.post("settings", given)
    assert state["settings"].items() >= given.items()
    assert await control.post("settings", state["settings"]) == state
    await control.post("accounts", {"user": "new", "password": "p", "credit": "1.5"})
    new = {"user": "new", "receipt_url": "http://127.0.0.1:1/"}
    state = await control.post("accounts", new)
    assert state["accounts"][1].items() >= (new | {"credit": "1.5"}).items()
    state = await control.post("reset", {})
    assert (state["messages"], state["requests"]) == (0, {})


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("faults", {"kind": "nothing"}),
        ("faults", {"kind": "report", "code": 1000}),
        ("faults", {"kind": "empty", "service": "nothing"}),
        ("settings", {"receipt_http": "2"}),
        ("settings", {"script": [[1, "DELIVRD"]]}),
        ("accounts", {"user": "new"}),
        ("report", {"identifier": "nothing", "report": 0}),
        ("deliver", {"user": "nobody", "sender": "1", "text": "x"}),
        ("attacks", {"kind": "nothing"}),
        ("attacks", {"kind": "dtd"}),
    ],
)
async def test_what_cannot_be_read(control: Control, name: str, given: object) -> None:
    before = await control.get("state")
    assert list(await control.post(name, given, status=400)) == ["error"]
    assert await control.get("state") == before


class TestProcess:
    """The simulator as a process of its own."""

    async def test_it_serves_until_a_signal(self, receipts_here: Receiver) -> None:
        arguments = [
            *("--account", "me:pw:5", "--delay", "0", "--set", "receipt_prefix=m"),
            *("--receipt-url", receipts_here.url),
            *("--receipt-user", "Us", "--receipt-pin", "them"),
        ]
        credentials = "<Username>me</Username><PIN>pw</PIN>"
        async with (
            process(MODULE, *arguments) as server,
            aiohttp.ClientSession() as session,
        ):
            url = await first_line(server)
            document = envelope(submission(credentials=credentials)).encode()
            async with session.post(url, data=document, headers=HEADERS) as response:
                answer = content(await response.read())
            assert answer.findtext("MessageIdentifier") == "3C7D98A4"
            await receipts_here.received.wait()
            assert b"<m:SubmitDeliveryReceipt>" in receipts_here.bodies[0]
            assert b">Us</Username>" in receipts_here.bodies[0]
            server.send_signal(signal.SIGTERM)
            assert await server.wait() == 0

    async def test_it_ends_with_its_stdin(self) -> None:
        async with process(MODULE, "--until-stdin-closes", stdin=PIPE) as server:
            assert (await first_line(server)).endswith("/sendsms5")
            assert server.stdin is not None
            server.stdin.close()
            assert await server.wait() == 0

    async def test_it_ends_after_its_time(self) -> None:
        async with process(MODULE, "--seconds", "0.01") as server:
            assert await server.wait() == 0
