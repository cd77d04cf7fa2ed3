"""Opening the connection and logging in, in both interfaces."""

import pytest

from simulator.smsitaly import Account, SmsItalySimulator

from .smsitaly_client import BAD, LOGGED_IN, LOGIN, GateClient, data, login_and_data

CLOSED = " - [Connection Closed]"
NOT_VALID = f"-ERR 89 [Account Not Valid]{CLOSED}"


async def answers(gate: SmsItalySimulator, *lines: str) -> list[str]:
    """Return the greeting and the answers to lines that end the connection."""
    async with GateClient.connect(gate) as client:
        got = [await client.ask(line) for line in lines]
        assert await client.is_closed()
        return got


async def test_the_greeting(gate: SmsItalySimulator) -> None:
    for number in (1, 2):
        async with GateClient.connect(gate) as client:
            assert client.greeting == f"+OK 01 [Connection {number} With 127.0.0.1]"


async def test_by_commands(gate: SmsItalySimulator) -> None:
    async with GateClient.connect(gate) as client:
        assert await client.ask("Account=testUser") == "+OK 01"
        assert await client.ask("Password=12345") == LOGGED_IN
        assert len(gate.logged_in("testUser")) == 1


async def test_by_a_packet(gate: SmsItalySimulator) -> None:
    async with GateClient.connect(gate) as client:
        assert await client.ask(LOGIN) == LOGGED_IN


async def test_by_a_packet_with_data(gate: SmsItalySimulator) -> None:
    """Only the data is answered."""
    async with GateClient.connect(gate) as client:
        assert (await client.ask(login_and_data())).startswith("+OK 01 999 [SMS SEND")
        assert (await client.ask(data())).startswith("+OK 01 998 [SMS SEND")


async def test_the_number_of_the_account(gate: SmsItalySimulator) -> None:
    gate.accounts["other"] = Account("other", "pw", number="0815", credit="7.9")
    async with GateClient.connect(gate) as client:
        answer = await client.log_in("other", "pw")
        assert answer == "+OK 01 7 [ID ACCOUNT: 0815 STATUS: Active]"


@pytest.mark.parametrize(
    "lines",
    [
        ["Account=nobody"],
        ["Account="],
        ["Account=testuser"],
        ["Password=12345"],
        ["Account=testUser", "Password=wrong"],
        ["Account=testUser", "Password="],
        ["\x01nobody\x0212345\x04OKSEND\x05\x06"],
        ["\x01testUser\x02wrong\x04OKSEND\x05\x06"],
        [login_and_data(user="nobody")],
        [login_and_data(password="wrong")],
    ],
)
async def test_what_is_no_account(gate: SmsItalySimulator, lines: list[str]) -> None:
    assert (await answers(gate, *lines))[-1] == NOT_VALID
    assert gate.messages_count == 0


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("tcp_allowed", False, "-ERR 80 [TCP/IP Not Allowed!]"),
        ("ips", frozenset({"10.0.0.1"}), "-ERR 85 [IP Not Available!]"),
        ("locked_ips", frozenset({"127.0.0.1"}), "-ERR 87 [IP Locked!]"),
        ("status", "Blocked", "-ERR 89 [Account Blocked!]"),
        ("credit", 0, "-ERR 99 [Credit Not Available!]"),
    ],
)
async def test_who_may_not(
    gate: SmsItalySimulator,
    subscriber: Account,
    name: str,
    value: object,
    refusal: str,
) -> None:
    setattr(subscriber, name, value)
    by_commands = await answers(gate, "Account=testUser", "Password=12345")
    assert by_commands == ["+OK 01", refusal + CLOSED]
    for line in (LOGIN, login_and_data()):
        assert await answers(gate, line) == [refusal + CLOSED]
    assert gate.messages_count == 0
    assert gate.observation.errors == {int(refusal[5:7]): 3}


@pytest.mark.parametrize("status", ["Inactive", "Expired", "Standby"])
async def test_who_is_not_active(
    gate: SmsItalySimulator, subscriber: Account, status: str
) -> None:
    """Packets have an answer against them, commands have not."""
    subscriber.status = type(subscriber.status)(status)
    not_active = f"-ERR 89 [Account Not Active!]{CLOSED}"
    assert await answers(gate, LOGIN) == [not_active]
    async with GateClient.connect(gate) as client:
        answer = await client.log_in()
        assert answer == f"+OK 01 1000 [ID ACCOUNT: 0000 STATUS: {status}]"
        assert await client.ask("SmsQuery=Status") == f"+OK 01 [{status}]"
        await client.give_message()
        assert await client.ask("SendSMS=OKSEND") == NOT_VALID
        assert await client.is_closed()
    await gate.wait_for(lambda s: not s.sessions)
    gate.settings.change({"inactive_login": "refuse"})
    assert await answers(gate, "Account=testUser", "Password=12345") == [
        "+OK 01",
        not_active,
    ]


async def test_one_session_only(gate: SmsItalySimulator, client: GateClient) -> None:
    too_many = f"-ERR 101 [Too many sessions]{CLOSED}"
    assert await answers(gate, LOGIN) == [too_many]
    assert (await answers(gate, "Account=testUser", "Password=12345"))[1] == too_many
    client.writer.close()
    await gate.wait_for(lambda s: not s.sessions)
    async with GateClient.connect(gate) as again:
        assert await again.log_in() == LOGGED_IN


async def test_more_sessions(gate: SmsItalySimulator, client: GateClient) -> None:
    gate.settings.change({"sessions_per_account": 2})
    async with GateClient.connect(gate) as second:
        assert await second.log_in() == LOGGED_IN


@pytest.mark.parametrize(
    "line", ["Account=testUser", "Password=12345", LOGIN, login_and_data()]
)
async def test_a_login_when_logged_in(client: GateClient, line: str) -> None:
    assert await client.ask(line) == BAD
    assert await client.ask("SmsQuery=Balance") == "+OK 01 [1000]"


@pytest.mark.parametrize(
    "line", ["CountryCode=+39", "SmsType=", "DCS=00", data(), "SmsQuery=Else"]
)
async def test_what_needs_a_login(gate: SmsItalySimulator, line: str) -> None:
    async with GateClient.connect(gate) as client:
        assert await client.ask(line) == BAD
        assert await client.log_in() == LOGGED_IN


@pytest.mark.parametrize(
    "line", ["SendSMS=OKSEND", "SmsQuery=Balance", "SmsQuery=Status"]
)
async def test_what_ends_without_a_login(gate: SmsItalySimulator, line: str) -> None:
    assert await answers(gate, line) == [NOT_VALID]


@pytest.mark.parametrize(("user", "password"), [("x" * 21, "p"), ("u", "x" * 21)])
def test_names_of_more_than_20_characters(user: str, password: str) -> None:
    with pytest.raises(ValueError, match="20 characters"):
        Account(user, password)
