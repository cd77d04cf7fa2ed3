"""The control endpoint of the gate."""

from collections.abc import AsyncIterator
import json
from typing import Any

import aiohttp
import pytest

from simulator.smsitaly import Settings, SmsItalySimulator

from .conftest import Control
from .smsitaly_client import GateClient, data


@pytest.fixture
async def control(gate: SmsItalySimulator) -> AsyncIterator[Control]:
    # The default resolver costs more than a whole test, and has no name to resolve.
    connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
    async with aiohttp.ClientSession(connector=connector) as session:
        yield Control(session, gate.control_url)


async def test_the_state(
    client: GateClient, control: Control, gate: SmsItalySimulator
) -> None:
    await client.ask(data(TextMessage="x" * 161))
    await client.ask("Nonsense")
    state = await control.get("state")
    (account,) = state["accounts"]
    assert (account["user"], account["credit"]) == ("testUser", "998")
    assert account["status"] == "Active"
    assert "password" not in account
    assert (state["messages"], state["open"], state["sessions"]) == (1, 1, 1)
    assert state["lines"]["<Send Data>"] == 1
    assert state["errors"] == {"100": 1}
    assert state["port"] == gate.port
    assert state["settings"]["idle_timeout"] == 600


async def test_messages(client: GateClient, control: Control) -> None:
    await client.ask(data())
    await client.ask(data(SmsType="UCS", TextMessage="03A9", Delivery="1"))
    first, second = await control.get("messages?to=%2B3933312345")
    assert (first["recipient"], first["text"]) == ("+3933312345", "Hello")
    assert (second["text"], second["octets"]) == ("Ω", "03a9")
    assert second["fields"]["Delivery"] == "1"
    assert (second["account"], second["interface"]) == ("testUser", "packet")
    assert await control.get("messages?offset=1") == [second]
    assert await control.get("messages?to=%2B39") == []
    assert await control.get("doubles") == []


async def test_exchanges_and_sessions(client: GateClient, control: Control) -> None:
    await client.ask("SmsQuery=Status")
    exchanges = await control.get("exchanges?offset=3")
    assert exchanges == [
        {
            "session": 1,
            "name": "SmsQuery",
            "value": "Status",
            "answer": "+OK 01 [Active]",
        }
    ]
    (session,) = await control.get("sessions")
    assert (session["account"], session["ended"]) == ("testUser", None)


async def test_faults(client: GateClient, control: Control) -> None:
    given = {"kind": "error", "code": 86, "times": 1, "destination": "+39*"}
    state = await control.post("faults", [given, {"kind": "drop", "chance": 0}])
    assert [each["kind"] for each in state["faults"]] == ["error", "drop"]
    assert state["faults"][0].items() >= given.items()
    assert (await client.ask(data())).startswith("-ERR 86 ")
    assert (await control.post("faults", []))["faults"] == []
    assert (await client.ask(data())).startswith("+OK 01 999 ")


async def test_settings(control: Control) -> None:
    state = await control.post("settings", {"idle_timeout": 5, "kept_values": "first"})
    assert state["settings"]["kept_values"] == "first"
    assert await control.post("settings", state["settings"]) == state


async def test_accounts(client: GateClient, control: Control) -> None:
    given = {"user": "testUser", "status": "Blocked", "credit": "1.5"}
    state = await control.post("accounts", given)
    assert state["accounts"][0].items() >= given.items()
    assert await client.ask("SmsQuery=Status") == "+OK 01 [Blocked]"
    new = {"user": "new", "password": "p", "locked_ips": ["127.0.0.1"], "ips": None}
    state = await control.post("accounts", new)
    assert state["accounts"][1]["locked_ips"] == ["127.0.0.1"]


async def test_connections(
    client: GateClient, control: Control, gate: SmsItalySimulator
) -> None:
    await control.post("connections", {"accept": False})
    with pytest.raises(ConnectionRefusedError):
        async with GateClient.connect(gate):
            pass
    await control.post("connections", {"accept": True})
    async with GateClient.connect(gate) as other:
        await control.post("shutdown", {"user": "testUser"})
        assert (await client.receive()).startswith("-ERR 102 ")
        await control.post("reset_connections", {"user": None})
        with pytest.raises(ConnectionResetError):
            await other.receive()


async def test_a_reset(client: GateClient, control: Control) -> None:
    await client.ask(data())
    state = await control.post("reset", {})
    assert (state["messages"], state["lines"]) == (0, {})


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("faults", {}),
        ("faults", {"kind": "nothing"}),
        ("faults", {"kind": "drop", "command": "Nothing"}),
        ("faults", {"kind": "drop", "every": 0}),
        ("faults", {"kind": "error", "code": 1}),
        ("settings", {"nothing": 1}),
        ("settings", {"kept_values": "second"}),
        ("settings", {"idle_timeout": -1}),
        ("accounts", {"user": "new"}),
        ("accounts", {"user": "testUser", "status": "Gone"}),
        ("accounts", {"user": "testUser", "ips": "127.0.0.1"}),
        ("connections", {}),
        ("shutdown", {"account": "testUser"}),
    ],
)
async def test_what_cannot_be_read(control: Control, name: str, given: Any) -> None:
    before = await control.get("state")
    assert list(await control.post(name, given, status=400)) == ["error"]
    assert await control.get("state") == before


def test_settings_as_json() -> None:
    given, changed = Settings(), Settings(kept_values="first", idle_timeout=1)
    changed.change(json.loads(json.dumps(given.as_json())))
    assert changed == given
