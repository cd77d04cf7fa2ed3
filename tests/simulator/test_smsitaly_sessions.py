"""Sessions: how they end, and what can be seen of them."""

import pytest

from simulator.smsitaly import ManualClock, SmsItalySimulator

from .smsitaly_client import BAD, LOGIN, GateClient, data

SHUT_DOWN = "-ERR 102 [Shut Down by Server]"


async def test_ten_idle_minutes(
    client: GateClient, gate: SmsItalySimulator, clock: ManualClock
) -> None:
    clock.advance(599)
    assert await client.ask("SmsQuery=Status") == "+OK 01 [Active]"
    clock.advance(599)
    assert len(gate.sessions) == 1
    clock.advance(1)
    assert await client.receive() == SHUT_DOWN
    assert await client.is_closed()
    await gate.wait_for(lambda s: not s.sessions)
    (record,) = gate.observation.sessions
    assert (record.reason, record.ended) == ("-ERR 102", clock.now())


async def test_shut_downs_at_random_moments(
    gate: SmsItalySimulator, clock: ManualClock
) -> None:
    """In use or not, soon or late, and once each."""
    gate.settings.change({"shutdown_after": 10})
    for _ in range(20):
        async with GateClient.connect(gate) as client:
            for _ in range(99):
                clock.advance(1)
                if not gate.sessions[0].is_open:
                    break
            assert await client.receive() == SHUT_DOWN
            assert await client.is_closed()
        await gate.wait_for(lambda s: not s.sessions)
    records = gate.observation.sessions
    assert {each.reason for each in records} == {"-ERR 102"}
    ages = [(each.ended or 0) - each.opened for each in records]
    assert len({int(age) for age in ages}) > 5
    gate.settings.change({"shutdown_after": 0})
    async with GateClient.connect(gate) as client:
        clock.advance(599)
        assert len(gate.sessions) == 1


async def test_idle_before_the_login(
    gate: SmsItalySimulator, clock: ManualClock
) -> None:
    gate.settings.change({"idle_timeout": 5})
    async with GateClient.connect(gate) as client:
        clock.advance(5)
        assert await client.receive() == SHUT_DOWN
        assert await client.is_closed()


async def test_a_shutdown_by_hand(client: GateClient, gate: SmsItalySimulator) -> None:
    async with GateClient.connect(gate) as other:
        gate.shut_down("testUser")
        assert await client.receive() == SHUT_DOWN
        assert await client.is_closed()
        assert await other.ask("Account=testUser") == "+OK 01"
        gate.shut_down()
        assert await other.receive() == SHUT_DOWN


async def test_a_reset_by_hand(client: GateClient, gate: SmsItalySimulator) -> None:
    gate.break_off("testUser")
    with pytest.raises(ConnectionResetError):
        await client.receive()
    assert gate.observation.sessions[0].reason == "reset"


async def test_connections_that_are_refused(
    client: GateClient, gate: SmsItalySimulator
) -> None:
    port = gate.port
    gate.refuse_connections()
    with pytest.raises(ConnectionRefusedError):
        async with GateClient.connect(gate):
            pass
    assert await client.ask("SmsQuery=Status") == "+OK 01 [Active]"
    await gate.accept_connections()
    assert gate.port == port
    async with GateClient.connect(gate) as again:
        assert again.greeting.startswith("+OK 01 [Connection 2 With ")


async def test_the_end_of_the_server(gate: SmsItalySimulator) -> None:
    async with GateClient.connect(gate) as client:
        await gate.stop()
        with pytest.raises((EOFError, ConnectionError)):
            await client.receive()
    assert [each.reason for each in gate.observation.sessions] == ["stop"]


async def test_sessions(gate: SmsItalySimulator, clock: ManualClock) -> None:
    started = clock.now()
    async with GateClient.connect(gate) as client:
        await client.ask(LOGIN)
        await client.ask(data())
        clock.advance(7)
    async with GateClient.connect(gate) as client:
        await client.ask("Account=nobody")
    await gate.wait_for(lambda s: not s.sessions)
    first, second = gate.observation.sessions
    assert (first.number, first.ip, first.account) == (1, "127.0.0.1", "testUser")
    assert (first.opened, first.ended, first.reason) == (started, started + 7, "client")
    assert (first.lines, first.answers) == (2, 3)
    assert (second.account, second.reason) == ("", "-ERR 89")
    assert gate.observation.max_open <= 2


async def test_exchanges(client: GateClient, gate: SmsItalySimulator) -> None:
    await client.give("Sender=Home")
    await client.ask("Nonsense")
    await client.ask(data())
    exchanges = gate.observation.exchanges
    assert [each.name for each in exchanges] == [
        "Connection",
        "Account",
        "Password",
        "Sender",
        "?",
        "<Send Data>",
    ]
    sender, nonsense = exchanges[3], exchanges[4]
    assert sender.answer is not None
    assert (sender.value, sender.answer.line) == ("Home", "+OK 01 [SENDER: Home]")
    assert (nonsense.value, nonsense.answer) == ("Nonsense", (BAD, False))
    assert gate.observation.counts["Sender"] == 1
    assert gate.observation.errors == {100: 1}


async def test_messages(client: GateClient, gate: SmsItalySimulator) -> None:
    for number in ("1", "2", "1"):
        await client.ask(data(PhoneNumber=number))
    assert len(gate.messages.to("+393331")) == 2
    assert gate.messages.doubles() == [gate.messages[2]]
    assert [each.recipient for each in gate.messages[1:]] == ["+393332", "+393331"]
    gate.reset()
    assert (gate.messages_count, len(gate.observation.exchanges)) == (0, 0)
    assert (await client.ask(data())).startswith("+OK 01 996 ")
