"""What becomes of messages in both interfaces: refusals, credit, kept fields."""

from decimal import Decimal

import pytest

from simulator.smsitaly import Account, Field, SmsItalySimulator, Status

from .smsitaly_client import MESSAGE, GateClient, data

CLOSED = " - [Connection Closed]"
NEXT = ("PhoneNumber=12346", "SendSMS=OKSEND")


async def send(client: GateClient, interface: str, **changes: str) -> str:
    """Send the example with changed fields, and return the answer."""
    if interface == "packet":
        return await client.ask(data(**changes))
    await client.give_message(*(f"{name}={value}" for name, value in changes.items()))
    return await client.ask("SendSMS=OKSEND")


@pytest.fixture(params=["ascii", "packet"])
def interface(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_locked_recipient(
    client: GateClient, gate: SmsItalySimulator, subscriber: Account, interface: str
) -> None:
    subscriber.locked_recipients = frozenset({"+3933312345"})
    locked = "-ERR 86 [Recipient Locked From Account!]"
    assert await send(client, interface) == locked
    answer = await send(client, interface, PhoneNumber="12346")
    assert answer.startswith("+OK 01 999 ")
    assert [each.recipient for each in gate.messages] == ["+3933312346"]


async def test_too_little_credit(
    client: GateClient, gate: SmsItalySimulator, subscriber: Account, interface: str
) -> None:
    subscriber.credit = Decimal(1)
    answer = await send(client, interface, TextMessage="x" * 161)
    assert answer == f"-ERR 99 [Credit Not Available!]{CLOSED}"
    assert await client.is_closed()
    assert (gate.messages_count, subscriber.credit) == (0, 1)


async def test_an_account_that_was_blocked(
    client: GateClient, subscriber: Account, interface: str
) -> None:
    subscriber.status = Status.BLOCKED
    assert await client.ask("SmsQuery=Status") == "+OK 01 [Blocked]"
    assert await send(client, interface) == f"-ERR 89 [Account Blocked!]{CLOSED}"
    assert await client.is_closed()


async def test_an_account_that_was_closed(
    client: GateClient, gate: SmsItalySimulator, interface: str
) -> None:
    gate.accounts.clear()
    assert await send(client, interface) == f"-ERR 89 [Account Not Valid]{CLOSED}"
    assert await client.is_closed()


@pytest.mark.parametrize("query", ["Balance", "Status"])
async def test_an_enquiry_of_an_account_that_was_closed(
    client: GateClient, gate: SmsItalySimulator, query: str
) -> None:
    gate.accounts.clear()
    answer = await client.ask(f"SmsQuery={query}")
    assert answer == f"-ERR 89 [Account Not Valid]{CLOSED}"
    assert await client.is_closed()


async def test_the_price_of_parts(
    client: GateClient, subscriber: Account, interface: str
) -> None:
    subscriber.price = Decimal("1.5")
    answer = await send(client, interface, TextMessage="x" * 307)
    assert answer.startswith("+OK 01 995 ")
    assert subscriber.credit == Decimal("995.5")


class TestKeptFields:
    """Fields that may be empty, or not be given, after the first message."""

    KEPT = ("CountryCode", "GsmCode", "Sender", "TextMessage")

    async def test_empty_packets(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        await client.ask(data(Delivery="1", SmsRef="A1", Gateway="7"))
        empty = dict.fromkeys(self.KEPT, "")
        await client.ask(data(**empty, PhoneNumber="12346"))
        first, second = gate.messages
        changed = {name for name in Field if first.fields[name] != second.fields[name]}
        assert changed == {"PhoneNumber", "Delivery", "SmsRef", "Gateway"}
        assert second.fields[Field.DELIVERY] == "0"

    async def test_empty_commands(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        await client.give_message("SmsType=FL", "DCS=F0")
        await client.ask("SendSMS=OKSEND")
        assert await client.ask("CountryCode=") == "+OK 01 [COUNTRY CODE: +39]"
        assert await client.ask("TextMessage=") == "+OK 01 [SMS TEXTMESSAGE: Hello]"
        assert [(await client.ask(line))[:6] for line in NEXT] == ["+OK 01"] * 2
        second = gate.messages[1]
        assert second.recipient == "+3933312346"
        assert (second.fields[Field.SMS_TYPE], second.fields[Field.DCS]) == ("", "")

    @pytest.mark.parametrize("name", KEPT)
    async def test_nothing_before_the_first_message(
        self, client: GateClient, name: str
    ) -> None:
        await client.give_message()
        assert (await client.ask(f"{name}=")).startswith("-ERR ")
        assert (await client.ask(data(**{name: ""}))).startswith("-ERR ")

    async def test_never_the_phone_number(self, client: GateClient) -> None:
        await client.ask(data())
        refused = "-ERR 94 [Phone Number Not Valid]"
        assert await client.ask(data(PhoneNumber="")) == refused
        assert await client.ask("PhoneNumber=") == refused
        assert (await client.ask("SendSMS=OKSEND")).startswith("-ERR 100 ")

    async def test_across_the_interfaces(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        await client.give_message()
        await client.ask("SendSMS=OKSEND")
        await client.ask(data(Sender="", TextMessage="", GsmCode="334"))
        await client.give("PhoneNumber=9")
        await client.ask("SendSMS=OKSEND")
        assert [each.recipient for each in gate.messages] == [
            "+3933312345",
            "+3933412345",
            "+393349",
        ]
        assert {each.sender for each in gate.messages} == {"+3933300000"}

    async def test_nothing_of_a_message_that_is_refused(
        self, client: GateClient, subscriber: Account
    ) -> None:
        subscriber.locked_recipients = frozenset({"+3933312345"})
        assert (await client.ask(data())).startswith("-ERR 86 ")
        answer = await client.ask(data(Sender="", PhoneNumber="1"))
        assert answer == "-ERR 84 [Sender Not Valid]"

    @pytest.mark.parametrize(("kept", "sender"), [("last", "B"), ("first", "A")])
    async def test_of_the_last_or_the_first_message(
        self, client: GateClient, gate: SmsItalySimulator, kept: str, sender: str
    ) -> None:
        gate.settings.change({"kept_values": kept})
        for each in ("A", "B", ""):
            await client.ask(data(Sender=each))
        assert gate.messages[2].sender == sender

    async def test_all_of_them_by_a_setting(
        self, client: GateClient, gate: SmsItalySimulator
    ) -> None:
        gate.settings.change({"optional_fields": "kept"})
        await client.give(*MESSAGE, "SmsType=FL")
        await client.ask("SendSMS=OKSEND")
        for lines in (NEXT, ("SmsType=", *NEXT)):
            assert [(await client.ask(line))[:3] for line in lines][-1] == "+OK"
        kinds = [each.fields[Field.SMS_TYPE] for each in gate.messages]
        assert kinds == ["FL", "FL", ""]
