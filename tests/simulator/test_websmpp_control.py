"""The control endpoint, and the simulator as a process of its own."""

from asyncio.subprocess import PIPE
import signal

import aiohttp
import pytest

from simulator.websmpp import ManualClock, WebsmppSimulator

from .conftest import Control, Platform, example
from .processes import first_line, process

MODULE = "simulator.websmpp"


@pytest.fixture
def control(platform: Platform, simulator: WebsmppSimulator) -> Control:
    return Control(platform.session, simulator.root_url)


async def test_the_state(platform: Platform, control: Control) -> None:
    await platform.submit(text="x" * 161)
    await platform.submit(type="9")
    state = await control.get("state")
    (account,) = state["accounts"]
    assert (account["user"], account["credit"]) == ("testUser", "998")
    assert "password" not in account
    assert (state["messages"], state["parts"]) == (1, 2)
    assert state["requests"] == {"websms": 2}
    assert state["error_counts"] == {"HTTP07": 1}
    assert (state["in_flight"], state["max_in_flight"]) == (0, 1)
    assert state["settings"]["gmt_reading"] == "quirk"


async def test_messages(
    platform: Platform, control: Control, clock: ManualClock
) -> None:
    await platform.submit(mno="96170123456,96170123457", text="x" * 161)
    clock.advance(1)
    (message,) = await control.get("messages?to=96170123457")
    assert message == {
        "account": "testUser",
        "source": "Test",
        "destination": "96170123457",
        "type": 1,
        "text": "x" * 161,
        "parts": 2,
        "ids": [2541526, 2541527],
        "statuses": ["DELIVRD", "DELIVRD"],
        "batch": 2541524,
        "submitted": 1_462_888_800.0,
        "scheduled": None,
        "method": "GET",
    }
    assert len(await control.get("messages?limit=1")) == 1
    assert await control.get("messages?offset=1") == [message]
    assert await control.get("doubles") == []


async def test_requests(platform: Platform, control: Control) -> None:
    await platform.post("websms", example())
    (request,) = await control.get("requests")
    assert request["endpoint"] == "websms"
    assert request["body"] == example()


async def test_faults(platform: Platform, control: Control) -> None:
    given = {"kind": "empty", "endpoint": "websms", "times": 1}
    state = await control.post("faults", [given, {"kind": "drip", "seconds": [0, 1]}])
    assert [each["kind"] for each in state["faults"]] == ["empty", "drip"]
    assert state["faults"][0].items() >= given.items()
    assert await platform.submit() == ""
    assert len((await control.get("state"))["faults"]) == 1
    assert (await control.post("faults", []))["faults"] == []
    assert await platform.submit() == "Response: 2541525"


async def test_errors(platform: Platform, control: Control) -> None:
    given = {"code": "HTTP12", "destination": "*56", "times": 1}
    state = await control.post("errors", given)
    assert state["errors"] == [given | {"endpoint": None}]
    assert "HTTP12" in await platform.submit()
    assert (await control.post("errors", []))["errors"] == []


async def test_settings(platform: Platform, control: Control) -> None:
    given = {
        "script": [[1.0, "ACCEPTD"], [2.0, "DELIVRD"]],
        "rules": {"99": [[1.0, "UNDELIV"]]},
        "prefix": "never",
        "push_pauses": [1.0, 2.0],
    }
    state = await control.post("settings", given)
    assert state["settings"].items() >= given.items()
    assert await control.post("settings", state["settings"]) == state
    assert await platform.submit() == "2541524"


async def test_accounts(platform: Platform, control: Control) -> None:
    await control.post("accounts", {"user": "testUser", "credit": "1.5"})
    await control.post("accounts", {"user": "new", "password": "p", "credit": 7})
    state = await control.post("accounts", {"user": "new", "senders": ["Home"]})
    assert [each["credit"] for each in state["accounts"]] == ["1.5", "7"]
    assert state["accounts"][1]["senders"] == ["Home"]
    assert "HTTP18" in await platform.submit(text="x" * 161)
    assert await platform.submit(user="new", pass_="p", sid="Home") == (
        "Response: 2541524"
    )


async def test_a_status_by_hand(platform: Platform, control: Control) -> None:
    await platform.submit()
    await control.post("status", {"id": 2541524, "status": "DELETED"})
    assert "DELETED" in await platform.get("websmsstatus", "respid=2541524")


async def test_a_reset(platform: Platform, control: Control) -> None:
    await platform.submit()
    state = await control.post("reset", {})
    assert (state["messages"], state["requests"]) == (0, {})


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("faults", {}),
        ("faults", {"kind": "nothing"}),
        ("faults", {"kind": "empty", "times": 0}),
        ("faults", {"kind": "empty", "endpoint": "nothing"}),
        ("faults", {"kind": "empty", "taken": "yes"}),
        ("faults", {"kind": "drip", "seconds": "long"}),
        ("faults", {"kind": "drip", "seconds": [1]}),
        ("errors", {"code": "HTTP99"}),
        ("errors", {"times": 1}),
        ("settings", []),
        ("settings", {"nothing": 1}),
        ("settings", {"prefix": "nothing"}),
        ("settings", {"script": [["soon", "DELIVRD"]]}),
        ("settings", {"script": [[1, "NOTHING"]]}),
        ("settings", {"script": [1]}),
        ("settings", {"script": 1}),
        ("settings", {"max_parts": -1}),
        ("settings", {"push_pauses": 1}),
        ("accounts", {}),
        ("accounts", {"user": "new"}),
        ("accounts", {"user": "new", "password": "p", "credit": "much"}),
        ("accounts", {"user": "new", "password": "p", "credit": True}),
        ("accounts", {"user": "testUser", "senders": "Home"}),
        ("accounts", {"user": "testUser", "bind_modes": ["sideways"]}),
        ("status", {"id": 1, "status": "DELIVRD"}),
        ("status", {"id": 1}),
    ],
)
async def test_what_cannot_be_read(control: Control, name: str, given: object) -> None:
    before = await control.get("state")
    assert list(await control.post(name, given, status=400)) == ["error"]
    assert await control.get("state") == before


async def test_an_unknown_path(control: Control) -> None:
    assert await control.post("nothing", {}, status=404) == {"error": "no such thing"}


class TestProcess:
    """The simulator as a process of its own."""

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    async def test_it_serves_until_a_signal(self, number: int) -> None:
        arguments = ["--account", "me:pw:12.5", "--set", "balance_reply=decimal"]
        async with (
            process(MODULE, *arguments) as server,
            aiohttp.ClientSession() as session,
        ):
            platform = Platform(session, await first_line(server))
            login = "userid=me&password=pw"
            assert await platform.get("balanceReport", login) == "12.50"
            server.send_signal(number)
            assert await server.wait() == 0

    async def test_it_ends_with_its_stdin(self) -> None:
        async with process(MODULE, "--until-stdin-closes", stdin=PIPE) as server:
            assert (await first_line(server)).startswith("http://127.0.0.1:")
            assert server.stdin is not None
            server.stdin.close()
            assert await server.wait() == 0

    async def test_it_ends_after_its_time(self) -> None:
        async with process(MODULE, "--seconds", "0.01") as server:
            assert await server.wait() == 0
