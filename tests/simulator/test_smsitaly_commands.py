"""The ASCII interface: every row of the specification's tables."""

import pytest

from simulator.smsitaly import Account, Interface, SmsItalySimulator

from .smsitaly_client import BAD, STAMP, GateClient

CLOSED = " - [Connection Closed]"
OTHER = {"CountryCode": "+33", "GsmCode": "444", "Sender": "Home"}

ACCEPTED = [
    ("CountryCode=+39", "COUNTRY CODE: +39"),
    ("GsmCode=333", "GSM CODE: 333"),
    ("PhoneNumber=12345", "PHONE NUMBER: 12345"),
    ("Sender=+39333444444", "SENDER: +39333444444"),
    ("Sender=1234567890123456", "SENDER: 1234567890123456"),
    ("Sender=MyCompany11", "SENDER: MyCompany11"),
    ("TextMessage=Hello", "SMS TEXTMESSAGE: Hello"),
    ("TextMessage=Perché = £ ÿ", "SMS TEXTMESSAGE: Perché = £ ÿ"),
    ("SmsType=", "SMS TYPE: Text Message"),
    ("SmsType=FL", "SMS TYPE: FL"),
    ("SmsType=UCS", "SMS TYPE: UCS"),
    ("SmsType=UTF", "SMS TYPE: UTF"),
    ("SmsType=UDH", "SMS TYPE: UDH"),
    ("SmsType=WBK", "SMS TYPE: WBK"),
    ("SmsType=WPS", "SMS TYPE: WPS"),
    ("SmsDay=25", "SMS DAY: 25"),
    ("SmsMonth=12", "SMS MONTH: 12"),
    ("SmsYear=05", "SMS YEAR: 05"),
    ("SmsHour=07", "SMS HOUR: 07"),
    ("SmsMinute=25", "SMS MINUTE: 25"),
    # Printed so, as is the label of SmsRef.
    ("SmsAmPm=PM", "SMS AMPM: AM"),
    ("SmsAmPm=AM", "SMS AMPM: AM"),
    ("SmsDay=", "SMS DAY: "),
    ("Notification=mailto:me@example.com", "NOTIFICATION: mailto:me@example.com"),
    ("SmsValidity=1440", "SMSVALIDITY: 1440"),
    ("SmsRef=AB10000123", "SMSVALIDITY: AB10000123"),
    ("DCS=00", "DCS: 00"),
    ("DCS=f5", "DCS: f5"),
]
NOTED = [
    ("UDH=06050415810000", "UDH: 06050415810000"),
    (f"UDH={'0' * 400}", f"UDH: {'0' * 400}"),
    ("UDH=", "UDH: 0"),
    ("Delivery=1", "DELIVERY: 1"),
    ("Delivery=0", "DELIVERY: 0"),
    ("Delivery=", "DELIVERY: 0"),
]
REFUSED = [
    (96, "Country Code", "CountryCode", ["", "39", "+", "+0", "+3939", "IT"]),
    (95, "Gsm Code", "GsmCode", ["", "333333", "+33", "abc"]),
    (94, "Phone Number", "PhoneNumber", ["", "1" * 13, "12 34", "abc"]),
    (84, "Sender", "Sender", ["", "1" * 17, "MyCompany112", "My Home", "Città", "+"]),
    (93, "Sms Text Message", "TextMessage", ["", "a\tb", "a\nb", "\x80", "a\x02"]),
    (88, "Sms Type", "SmsType", ["fl", "TXT", "Text Message"]),
    (92, "Sms Day", "SmsDay", ["0", "00", "32", "1", "x1"]),
    (92, "Sms Month", "SmsMonth", ["00", "13", "1"]),
    (92, "Sms Year", "SmsYear", ["2026", "5"]),
    (92, "Sms Hour", "SmsHour", ["00", "13", "7"]),
    (92, "Sms Minute", "SmsMinute", ["60", "5"]),
    (92, "Sms AmPm", "SmsAmPm", ["pm", "Am", "0"]),
    (77, "Udh", "UDH", ["1", "0G", "123", "0" * 402]),
    (76, "Delivery Request", "Delivery", ["2", "yes"]),
    (75, "Notification", "Notification", ["me@example.com", "mailto:", "tel:+39333"]),
]
REFUSED_IN_SMALL = [
    (74, "SmsValidity", "SmsValidity", ["0", "-1", "1.5", "x"]),
    (73, "SmsRef", "SmsRef", ["A B", "A-1"]),
    (72, "Dcs", "DCS", ["0", "000", "GG"]),
]


@pytest.mark.parametrize(("line", "answer"), ACCEPTED)
async def test_what_is_accepted(client: GateClient, line: str, answer: str) -> None:
    assert await client.ask(line) == f"+OK 01 [{answer}]"


@pytest.mark.parametrize(("line", "answer"), NOTED)
async def test_what_is_accepted_with_a_note(
    client: GateClient, gate: SmsItalySimulator, line: str, answer: str
) -> None:
    assert await client.ask(line) == f"+OK 01 [{answer}] (Default 0)"
    gate.settings.change({"default_notes": False})
    assert await client.ask(line) == f"+OK 01 [{answer}]"


@pytest.mark.parametrize(("code", "what", "name", "values"), REFUSED)
async def test_what_is_refused(
    client: GateClient, code: int, what: str, name: str, values: list[str]
) -> None:
    for value in values:
        answer = await client.ask(f"{name}={value}")
        assert answer == f"-ERR {code} [{what} Not Valid]", value


@pytest.mark.parametrize(("code", "what", "name", "values"), REFUSED_IN_SMALL)
async def test_what_is_refused_in_small_letters(
    client: GateClient, code: int, what: str, name: str, values: list[str]
) -> None:
    for value in values:
        answer = await client.ask(f"{name}={value}")
        assert answer == f"-ERR {code} [{what} Not valid]", value


async def test_what_the_account_may_not(
    client: GateClient, subscriber: Account
) -> None:
    subscriber.country_codes = frozenset({"+39"})
    subscriber.gsm_codes = frozenset({"333"})
    subscriber.senders = frozenset({"MyCompany"})
    await client.give("CountryCode=+39", "GsmCode=333", "Sender=MyCompany")
    got = [await client.ask(f"{name}={value}") for name, value in OTHER.items()]
    assert [answer[:7] for answer in got] == ["-ERR 96", "-ERR 95", "-ERR 84"]


@pytest.mark.parametrize(
    "lines",
    [
        ("SmsDay=31", "SmsMonth=04"),
        ("SmsMonth=02", "SmsDay=30"),
        ("SmsDay=29", "SmsMonth=02", "SmsYear=27"),
    ],
)
async def test_a_day_that_does_not_exist(
    client: GateClient, lines: tuple[str, ...]
) -> None:
    """The field that came last is refused."""
    *accepted, refused = lines
    await client.give(*accepted)
    what = refused.partition("=")[0].removeprefix("Sms")
    assert await client.ask(refused) == f"-ERR 92 [Sms {what} Not Valid]"


async def test_a_message(client: GateClient, gate: SmsItalySimulator) -> None:
    await client.give_message()
    answer = await client.ask("SendSMS=OKSEND")
    assert answer == f"+OK 01 999 [SMS SEND MESSAGE TO: +3933312345 - {STAMP}]"
    (message,) = gate.messages
    assert message.account == "testUser"
    assert message.interface is Interface.ASCII
    assert message.recipient == "+3933312345"
    assert (message.sender, message.text) == ("+3933300000", "Hello")
    assert message.scheduled is None
    assert message.session == 1
    assert await client.ask("SmsQuery=Balance") == "+OK 01 [999]"


@pytest.mark.parametrize("missing", range(5))
async def test_a_message_without_a_mandatory_field(
    gate: SmsItalySimulator, client: GateClient, missing: int
) -> None:
    fields = ["CountryCode=+39", "GsmCode=333", "PhoneNumber=1", "Sender=A"]
    fields.append("TextMessage=Hello")
    del fields[missing]
    await client.give(*fields)
    assert await client.ask("SendSMS=OKSEND") == BAD + CLOSED
    assert await client.is_closed()
    assert gate.messages_count == 0


@pytest.mark.parametrize("line", ["SendSMS=", "SendSMS=oksend", "SendSMS=OKSEND "])
async def test_what_does_not_send(client: GateClient, line: str) -> None:
    await client.give_message()
    assert await client.ask(line) == BAD + CLOSED
    assert await client.is_closed()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Hello",
        "SENDSMS=OKSEND",
        "SmsQuery=",
        "SmsQuery=balance",
        "Gateway=1",
        "NetworkCode=1",
        "Udh=00",
        " Sender=A",
        "Sender =A",
        f"TextMessage={'x' * 4083}",
    ],
)
async def test_whatever_else(client: GateClient, line: str) -> None:
    assert await client.ask(line) == BAD
    assert await client.ask("SmsQuery=Status") == "+OK 01 [Active]"


async def test_lines_end_with_both_characters(client: GateClient) -> None:
    client.writer.write(b"SmsQuery=Balance\nSmsQuery=Balance\rSmsQuery=Status\r\n")
    assert await client.receive() == BAD
