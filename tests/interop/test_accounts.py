"""A gateway's account at SMSCs that others have written."""

import asyncio
from collections import defaultdict

import pytest

from gateway import AccountStatus, State
from gateway.errors import SendFailedError
from gateway.providers.smpp import BindMode, pace as pace_module

from ..gateway.helpers import draft, eventually, numbers
from .conftest import MakeSender, RunServer, Sender
from .proxy import forwarding
from .server import Server

LONG = "The washing machine in the cellar is done. " * 10
CYRILLIC = "Стиральная машина закончила. " * 10


def receipt(provider_id: str) -> str:
    """Write a receipt as SMPP 3.4, appendix B, has it."""
    return (
        f"id:{provider_id} sub:001 dlvrd:001 submit date:3005101400 "
        "done date:3005101401 stat:DELIVRD err:000 text:Fire"
    )


async def deliver_receipts(server: Server) -> None:
    """Bring a receipt for each message so far."""
    for message in await server.wait_for("submit"):
        await server.tell(
            "deliver",
            source=message["destination"],
            destination="Home",
            text=receipt(message["id"]),
            receipt=True,
        )


async def test_a_message_to_its_receipt(server: Server, sender: Sender) -> None:
    messages = await sender.send(draft())
    assert messages[0].state is State.ACCEPTED
    [submit] = await server.wait_for("submit")
    assert submit["source"] == "Home"
    assert submit["destination"] == "9613123456"
    assert submit["receipt"] == 1
    assert submit["text"] == "Fire"
    assert messages[0].parts[0].provider_id == submit["id"]
    await deliver_receipts(server)
    await sender.until(State.DELIVERED, messages)
    [answered] = await server.wait_for("answered")
    assert answered["status"] == 0


@pytest.mark.parametrize(
    ("mode", "sessions"),
    [
        (BindMode.TRANSCEIVER, ["transceiver"]),
        (BindMode.TRANSMITTERS_AND_RECEIVER, ["receiver", "transmitter"]),
        (BindMode.TRANSMITTERS, ["transmitter"]),
    ],
)
async def test_every_way_to_bind(
    server: Server, make_sender: MakeSender, mode: BindMode, sessions: list[str]
) -> None:
    sender = await make_sender(server.port, mode=mode)
    bound = await server.wait_for("bound", len(sessions))
    assert sorted(each["as"] for each in bound) == sessions
    [message] = await sender.send(draft())
    assert message.state is State.ACCEPTED


async def test_a_wrong_password_is_told_and_not_tried_again(
    server: Server, make_sender: MakeSender
) -> None:
    sender = await make_sender(server.port, bound=False, password="wrong")
    await eventually(lambda: sender.account.status is AccountStatus.LOGIN_REFUSED)
    with pytest.raises(SendFailedError, match="ESME_RINVPASWD: Invalid Password"):
        await sender.send(draft())
    await server.wait_for("closed")
    assert not server.count("bound")


@pytest.mark.parametrize("text", [LONG, CYRILLIC], ids=["gsm", "unicode"])
async def test_a_long_text_arrives_in_its_parts(
    server: Server, sender: Sender, text: str
) -> None:
    [message] = await sender.send(draft(text=text))
    parts = await server.wait_for("submit", len(message.parts))
    assert len(parts) > 1
    total = len(parts)
    assert {tuple(each["part"][:2]) for each in parts} == {(parts[0]["part"][0], total)}
    assert [each["part"][2] for each in parts] == list(range(1, total + 1))
    assert "".join(each["text"] for each in parts) == text
    await deliver_receipts(server)
    await sender.until(State.DELIVERED, [message])


async def test_throttling_is_waited_for(
    server: Server, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace_module, "FIRST_HOLD", 0.01)
    sender.link._pace._hold = 0.01
    await server.tell("throttle", count=3)
    messages = await sender.send(draft(*numbers(20)))
    assert {message.state for message in messages} == {State.ACCEPTED}
    assert len(await server.wait_for("submit", 20)) == 20


async def test_octets_that_come_one_by_one(
    server: Server, make_sender: MakeSender
) -> None:
    async with forwarding(server.port, piece=1) as proxy:
        sender = await make_sender(proxy.port)
        messages = await sender.send(draft(*numbers(3), text=LONG))
        parts = await server.wait_for("submit", 3 * len(messages[0].parts))
        arrived: dict[str, str] = defaultdict(str)
        for part in parts:
            arrived[f"+{part['destination']}"] += part["text"]
        assert arrived == dict.fromkeys(numbers(3), LONG)
        await deliver_receipts(server)
        await sender.until(State.DELIVERED, messages)
        await sender.gateway.remove_account("a")
        await server.wait_for("unbound")


async def test_a_server_that_is_killed_is_replaced_and_gets_all(
    run_server: RunServer, make_sender: MakeSender
) -> None:
    async with run_server() as first, forwarding(first.port) as proxy:
        sender = await make_sender(proxy.port, window=50)
        await first.tell("hold")
        sending = asyncio.create_task(sender.send(draft(*numbers(60))))
        await first.wait_for("submit", 50)
        async with run_server() as second:
            proxy.to = second.port
            first.kill()
            messages = await sending
            # Those that the first one had are tried again after a pause.
            sender.account.outbox.hurry()
            submits = await second.wait_for("submit", 60)
            assert sorted(f"+{each['destination']}" for each in submits) == numbers(60)
            await deliver_receipts(second)
            await sender.until(State.DELIVERED, messages)
            await sender.gateway.remove_account("a")


async def test_a_server_that_unbinds_is_bound_again(
    server: Server, sender: Sender
) -> None:
    await server.tell("unbind")
    await server.wait_for("closed")
    await server.wait_for("bound", 2)
    await eventually(lambda: sender.link.is_up)
    [message] = await sender.send(draft())
    assert message.state is State.ACCEPTED


async def test_removing_an_account_unbinds(server: Server, sender: Sender) -> None:
    await sender.send(draft())
    await sender.gateway.remove_account("a")
    await server.wait_for("unbound")
    await server.wait_for("closed")
