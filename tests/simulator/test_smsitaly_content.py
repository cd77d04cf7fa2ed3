"""Texts in their codings, their parts, and the dates of messages."""

from datetime import UTC, datetime

import pytest

from simulator.smsitaly import ManualClock, SmsItalySimulator

from .smsitaly_client import GateClient, data


def utf_16(text: str) -> str:
    """Return a text as SmsType UCS has it."""
    return text.encode("utf-16-be").hex().upper()


TEXTS = [
    ("", "Hello", "Hello", 1),
    ("", "Così è: £5", "Così è: £5", 1),
    ("", "x" * 160, "x" * 160, 1),
    ("", "x" * 161, "x" * 161, 2),
    ("", "[" * 81, "[" * 81, 2),
    ("", "x" * 307, "x" * 307, 3),
    ("FL", "Hello", "Hello", 1),
    ("UCS", utf_16("Ωμέγα 😀"), "Ωμέγα 😀", 1),
    ("UCS", utf_16("я" * 70), "я" * 70, 1),
    ("UCS", utf_16("я" * 71), "я" * 71, 2),
    ("UTF", "Così".encode().hex(), "Così", 1),
    ("UTF", ("я" * 71).encode().hex(), "я" * 71, 2),
    ("UTF", ("x" * 160).encode().hex(), "x" * 160, 1),
    ("WBK", "http://example.com", "http://example.com", 1),
    ("WPS", "http://example.com", "http://example.com", 1),
]


@pytest.mark.parametrize(("kind", "raw", "text", "parts"), TEXTS)
async def test_texts(
    client: GateClient,
    gate: SmsItalySimulator,
    kind: str,
    raw: str,
    text: str,
    parts: int,
) -> None:
    answer = await client.ask(data(SmsType=kind, TextMessage=raw))
    assert answer.startswith(f"+OK 01 {1000 - parts} ")
    (message,) = gate.messages
    assert (message.text, message.parts) == (text, parts)
    assert message.raw == raw.encode("latin-1")


@pytest.mark.parametrize(
    ("dcs", "octets", "text"),
    [
        ("", b"Hello\x00", "Hello@"),
        ("00", b"\x1b\x65", "€"),
        ("08", "Ωμ".encode("utf-16-be"), "Ωμ"),
        ("F5", b"\xe8", "è"),
    ],
)
async def test_texts_behind_a_header(
    client: GateClient, gate: SmsItalySimulator, dcs: str, octets: bytes, text: str
) -> None:
    fields = {"Udh": "0500032A0201", "TextMessage": octets.hex(), "Dcs": dcs}
    await client.ask(data(SmsType="UDH", **fields))
    (message,) = gate.messages
    assert message.header == bytes.fromhex("0500032A0201")
    assert (message.octets, message.text, message.parts) == (octets, text, 1)


WRONG = [
    ("UCS", "Hello"),
    ("UCS", "00"),
    ("UCS", "D83D"),
    ("UTF", "Hello"),
    ("UTF", "E8"),
    ("UDH", "Hello"),
    ("UDH", "0"),
]


@pytest.mark.parametrize(("kind", "raw"), WRONG)
async def test_texts_that_are_not_of_their_type(
    client: GateClient, kind: str, raw: str
) -> None:
    refused = "-ERR 93 [Sms Text Message Not Valid]"
    fields = {"SmsType": kind, "TextMessage": raw, "Udh": "050003000101"}
    assert await client.ask(data(**fields)) == refused
    await client.give(f"SmsType={kind}")
    assert await client.ask(f"TextMessage={raw}") == refused


async def test_a_type_that_comes_after_its_text(client: GateClient) -> None:
    """SendSMS knows of no better answer."""
    await client.give_message("SmsType=UCS")
    answer = await client.ask("SendSMS=OKSEND")
    assert answer.startswith("-ERR 100 ")
    assert await client.is_closed()


async def test_a_header_that_is_missing(client: GateClient) -> None:
    answer = await client.ask(data(SmsType="UDH", TextMessage="00"))
    assert answer == "-ERR 77 [Udh Not Valid]"


DATES = [
    ("25", "12", "16", "07", "25", "PM", datetime(2016, 12, 25, 19, 25, tzinfo=UTC)),
    ("29", "02", "28", "12", "00", "AM", datetime(2028, 2, 29, 0, 0, tzinfo=UTC)),
    ("25", "12", "16", "12", "05", "PM", datetime(2016, 12, 25, 12, 5, tzinfo=UTC)),
    # What is empty is that of now, 2016-05-10 14:00.
    ("11", "", "", "", "", "", datetime(2016, 5, 11, 14, 0, tzinfo=UTC)),
    ("", "", "", "03", "30", "", datetime(2016, 5, 10, 15, 30, tzinfo=UTC)),
    ("", "", "", "", "", "AM", datetime(2016, 5, 10, 2, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(
    ("day", "month", "year", "hour", "minute", "half", "at"), DATES
)
async def test_dates(
    client: GateClient,
    gate: SmsItalySimulator,
    day: str,
    month: str,
    year: str,
    hour: str,
    minute: str,
    half: str,
    at: datetime,
) -> None:
    when = {"SmsDay": day, "SmsMonth": month, "SmsYear": year, "SmsHour": hour}
    await client.ask(data(**when, SmsMinute=minute, SmsAmPm=half))
    assert gate.messages[0].scheduled == at.timestamp()


async def test_the_clock_of_the_gate(
    client: GateClient, gate: SmsItalySimulator, clock: ManualClock
) -> None:
    gate.settings.change({"utc_offset": 7200, "idle_timeout": 1_000_000})
    clock.advance(12 * 3600 + 61)
    answer = await client.ask(data(SmsHour="05", SmsAmPm="AM"))
    assert answer.endswith(" - 11-05-16 04:01:01 Am]")
    at = datetime(2016, 5, 11, 3, 1, tzinfo=UTC)
    assert gate.messages[0].scheduled == at.timestamp()
