"""The interface with packets: its strings, its limit, its answers."""

import pytest

from simulator.smsitaly import Account, Field, Interface, SmsItalySimulator

from .smsitaly_client import BAD, EXAMPLE, LOGGED_IN, STAMP, GateClient, data

END = "\x04OKSEND\x05\x06"

REFUSED = [
    (96, "Country Code", "CountryCode", ["", "39", "0039", "+3939", "*"]),
    (95, "Gsm Code", "GsmCode", ["", "333333", "abc"]),
    (94, "Phone Number", "PhoneNumber", ["", "1" * 13, "abc"]),
    (93, "Sms Text Message", "TextMessage", ["", "a\tb", "\x80"]),
    (92, "Sms Date/Hour", "SmsDay", ["00", "32", "5"]),
    (92, "Sms Date/Hour", "SmsMonth", ["13"]),
    (92, "Sms Date/Hour", "SmsYear", ["2026"]),
    (92, "Sms Date/Hour", "SmsHour", ["13", "00"]),
    (92, "Sms Date/Hour", "SmsMinute", ["60"]),
    (92, "Sms Date/Hour", "SmsAmPm", ["Pm"]),
    (88, "Sms Type", "SmsType", ["fl", "TXT"]),
    (84, "Sender", "Sender", ["", "1" * 17, "MyCompany112", "My Home"]),
    (77, "Udh", "Udh", ["1", "0G", "0" * 402]),
    (76, "Delivery Request", "Delivery", ["2"]),
    (75, "Notification", "Notification", ["me@example.com"]),
    (74, "SmsValidity", "SmsValidity", ["0", "x"]),
    (73, "SmsRef", "SmsRef", ["A-1"]),
    (72, "Dcs", "Dcs", ["0", "GG"]),
]


async def test_a_message(client: GateClient, gate: SmsItalySimulator) -> None:
    answer = await client.ask(data())
    assert answer == f"+OK 01 999 [SMS SEND MESSAGE TO: +3933312345 - {STAMP}]"
    (message,) = gate.messages
    assert message.interface is Interface.PACKET
    assert (message.recipient, message.sender) == ("+3933312345", "+3933300000")


async def test_all_fields_in_their_order(
    client: GateClient, gate: SmsItalySimulator
) -> None:
    changes = {
        "SmsType": "UDH",
        "TextMessage": "48656C6C6F",
        "SmsDay": "25",
        "SmsMonth": "12",
        "SmsYear": "25",
        "SmsHour": "07",
        "SmsMinute": "25",
        "SmsAmPm": "PM",
        "Gateway": "12",
        "NetworkCode": "22201",
        "Udh": "06050415810000",
        "Delivery": "1",
        "Notification": "mailto:me@example.com",
        "SmsValidity": "1440",
        "SmsRef": "AB10000123",
        "Dcs": "04",
    }
    values = EXAMPLE | changes
    order = [
        "Sender",
        "CountryCode",
        "GsmCode",
        "PhoneNumber",
        "TextMessage",
        "SmsType",
        "SmsDay",
        "SmsMonth",
        "SmsYear",
        "SmsHour",
        "SmsMinute",
        "SmsAmPm",
        "Gateway",
        "NetworkCode",
        "Udh",
        "Delivery",
        "Notification",
        "SmsValidity",
        "SmsRef",
        "Dcs",
    ]
    packet = "".join(f"\x03{values[name]}" for name in order) + END
    assert (await client.ask(packet)).startswith("+OK 01 999 ")
    assert gate.messages[0].fields == values
    assert list(gate.messages[0].fields) == order


@pytest.mark.parametrize(("code", "what", "name", "values"), REFUSED)
async def test_what_is_refused(
    client: GateClient,
    gate: SmsItalySimulator,
    code: int,
    what: str,
    name: str,
    values: list[str],
) -> None:
    for value in values:
        answer = await client.ask(data(**{name: value}))
        assert answer == f"-ERR {code} [{what} Not Valid]", value
    assert gate.messages_count == 0
    assert gate.observation.errors == {code: len(values)}
    assert (await client.ask(data())).startswith("+OK 01 999 ")


async def test_a_day_that_does_not_exist(client: GateClient) -> None:
    answer = await client.ask(data(SmsDay="31", SmsMonth="02"))
    assert answer == "-ERR 92 [Sms Date/Hour Not Valid]"


async def test_what_the_account_may_not(
    client: GateClient, subscriber: Account
) -> None:
    subscriber.country_codes = frozenset({"+33"})
    assert await client.ask(data()) == "-ERR 96 [Country Code Not Valid]"


@pytest.mark.parametrize(
    "packet",
    [
        data().removesuffix("\x06"),
        data().replace("OKSEND", "OK"),
        data() + "x",
        data().replace("\x04", "\x03\x04"),
        data()[2:],
        data().replace("\x03", "", 1),
        "\x03" + END,
        "\x01testUser" + END,
        "\x01testUser\x0212345",
        "\x02testUser\x0112345" + END,
        END,
    ],
)
async def test_what_is_no_packet(client: GateClient, packet: str) -> None:
    assert await client.ask(packet) == BAD
    assert (await client.ask(data())).startswith("+OK 01 999 ")


async def test_an_empty_login(gate: SmsItalySimulator) -> None:
    async with GateClient.connect(gate) as client:
        answer = await client.ask("\x01\x02" + END)
        assert answer == "-ERR 89 [Account Not Valid] - [Connection Closed]"


class TestTheLimit:
    """A packet has 4096 octets at most, its CR and LF included."""

    @staticmethod
    def packet(octets: int) -> str:
        """Return a packet of so many octets."""
        room = octets - len(data(TextMessage="")) - 2
        return data(TextMessage="x" * room)

    async def test_within(self, client: GateClient, gate: SmsItalySimulator) -> None:
        assert (await client.ask(self.packet(4096))).startswith("+OK 01 ")
        assert gate.messages_count == 1

    async def test_beyond(self, client: GateClient, gate: SmsItalySimulator) -> None:
        assert await client.ask(self.packet(4097)) == BAD
        assert gate.messages_count == 0
        assert (await client.ask(data())).startswith("+OK 01 999 ")

    async def test_without_an_end(self, client: GateClient) -> None:
        """It is refused as soon as it is known to be too long, once."""
        client.writer.write(b"\x03" * 4096)
        assert await client.receive() == BAD
        client.writer.write(b"\x03" * 10_000 + b"\r")
        client.writer.write(b"\n")
        assert await client.ask("SmsQuery=Balance") == "+OK 01 [1000]"


async def test_octets_that_come_one_by_one(client: GateClient) -> None:
    for octet in f"{data()}\r\n".encode("latin-1"):
        client.writer.write(bytes([octet]))
        await client.writer.drain()
    assert (await client.receive()).startswith("+OK 01 999 ")


async def test_many_packets_at_once(
    client: GateClient, gate: SmsItalySimulator
) -> None:
    """They are answered in their order."""
    client.send(*(data(PhoneNumber=str(number)) for number in range(50)))
    answers = [await client.receive() for _ in range(50)]
    assert [answer.split()[2] for answer in answers] == [
        str(credit) for credit in range(999, 949, -1)
    ]
    sent = [each.fields[Field.PHONE_NUMBER] for each in gate.messages]
    assert sent == [str(number) for number in range(50)]


async def test_packets_after_a_login_by_commands(gate: SmsItalySimulator) -> None:
    async with GateClient.connect(gate) as client:
        assert await client.log_in() == LOGGED_IN
        assert (await client.ask(data())).startswith("+OK 01 999 ")
