"""What goes on the wire, in both interfaces."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from gateway.errors import InputError
from gateway.model import Draft, Message
from gateway.providers.smsitaly import LongText, SmsitalyLogin, SmsitalyProvider
from gateway.providers.smsitaly.commands import data_commands, login_commands
from gateway.providers.smsitaly.destinations import split
from gateway.providers.smsitaly.fields import Fields
from gateway.providers.smsitaly.kept import Kept
from gateway.providers.smsitaly.packets import data_packet, login_packet
from gateway.providers.smsitaly.texts import Body, SmsType

from ..helpers import refused
from .helpers import NOW, login, message

ID = b"00000000000000000000000000000001"
ROME = timezone(timedelta(hours=1))


def _fields(
    sent: Message | None = None, body: Body | None = None, **values: Any
) -> Fields:
    sent = sent or message()
    return Fields.of(
        sent, split(sent.recipient), body or Body(sent.text), login(**values), NOW
    )


def test_a_login_packet() -> None:
    assert login_packet(login()) == b"\x01alice\x02secret\x04OKSEND\x05\x06\r\n"


def test_a_data_packet_has_twenty_fields_in_their_order() -> None:
    fields = Fields(*(f"<{name}>" for name in Fields._fields))
    assert data_packet(fields) == (
        b"\x03<sender>\x03<country_code>\x03<gsm_code>\x03<phone_number>"
        b"\x03<text_message>\x03<sms_type>\x03<sms_day>\x03<sms_month>\x03<sms_year>"
        b"\x03<sms_hour>\x03<sms_minute>\x03<sms_am_pm>\x03<gateway>\x03<network_code>"
        b"\x03<udh>\x03<delivery>\x03<notification>\x03<sms_validity>\x03<sms_ref>"
        b"\x03<dcs>\x04OKSEND\x05\x06\r\n"
    )


def test_a_login_and_data_packet() -> None:
    assert data_packet(_fields(), login()) == (
        b"\x01alice\x02secret\x03Home\x03+39\x03333\x031234567\x03Hello"
        b"\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x031440\x03"
        + ID
        + b"\x03\x04OKSEND\x05\x06\r\n"
    )


def _kept(*sent: Fields) -> Kept:
    kept = Kept()
    for fields in sent:
        kept.take(fields)
    return kept


def test_what_the_server_keeps_is_left_empty() -> None:
    first = _fields()
    second = _fields(message(recipient="+393331234568"))
    assert Kept().strip(second) == second
    assert _kept(first).strip(second)[:5] == ("", "", "", "1234568", "")
    other = _fields(message(recipient="+4915123456789", text="Bye"))
    assert _kept(first).strip(other)[:5] == ("", "+49", "1512", "3456789", "Bye")


def test_a_value_is_said_again_that_the_first_message_did_not_have() -> None:
    first, other = _fields(), _fields(message(text="Bye"))
    assert _kept(first, other).strip(other)[:5] == ("", "", "", "1234567", "Bye")
    assert _kept(first, other).strip(first)[:5] == ("", "", "", "1234567", "Hello")


@pytest.mark.parametrize(
    ("sender", "written"),
    [
        ("393331234567", "+393331234567"),
        ("4915123456789", "+4915123456789"),
        ("4040", "4040"),
        ("3331234567", "3331234567"),
        ("0612345678", "0612345678"),
        ("Home", "Home"),
    ],
)
def test_a_sender_with_its_country_code_has_a_plus_sign(
    sender: str, written: str
) -> None:
    assert _fields(message(sender=sender)).sender == written


def test_everything_is_said_after_a_refusal() -> None:
    kept = _kept(_fields())
    kept.is_certain = False
    assert kept.strip(_fields()) == _fields()
    commands = data_commands(_fields(), kept)
    assert len(commands) == 18
    assert b"SmsType=\r\n" in commands


def test_all_options_are_written() -> None:
    fields = _fields(
        body=Body("", SmsType.UDH, udh="0500", dcs="08"),
        gateway="G1",
        network_code="22201",
        receipts=True,
        mail_to="a@example.org",
    )
    assert fields.gateway == "G1"
    assert fields.network_code == "22201"
    assert fields.delivery == "1"
    assert fields.notification == "mailto:a@example.org"
    assert (fields.sms_type, fields.udh, fields.dcs) == ("UDH", "0500", "08")


def test_no_receipt_is_asked_for_what_is_not_tracked() -> None:
    assert _fields(message(tracked=False), receipts=True).delivery == ""


@pytest.mark.parametrize(
    ("schedule", "zone", "written"),
    [
        (NOW + timedelta(hours=1), UTC, ("22", "11", "26", "10", "00", "AM")),
        (NOW + timedelta(hours=1), ROME, ("22", "11", "26", "11", "00", "AM")),
        (NOW + timedelta(hours=3), UTC, ("22", "11", "26", "12", "00", "PM")),
        (NOW + timedelta(hours=10), UTC, ("22", "11", "26", "07", "00", "PM")),
        (NOW + timedelta(hours=15), UTC, ("23", "11", "26", "12", "00", "AM")),
        (
            datetime(2026, 12, 25, 18, 24, 1, tzinfo=UTC),
            ROME,
            ("25", "12", "26", "07", "25", "PM"),
        ),
        (NOW, UTC, ("", "", "", "", "", "")),
        (None, UTC, ("", "", "", "", "", "")),
    ],
)
def test_a_time_is_that_of_the_servers_clock_and_never_too_early(
    schedule: datetime | None, zone: timezone, written: tuple[str, ...]
) -> None:
    assert _fields(message(schedule=schedule), time_zone=zone)[6:12] == written


@pytest.mark.parametrize(
    ("span", "minutes"),
    [
        (timedelta(days=1), "1440"),
        (timedelta(seconds=90), "2"),
        (timedelta(seconds=-5), "1"),
    ],
)
def test_the_validity_is_in_minutes(span: timedelta, minutes: str) -> None:
    assert _fields(message(expires_at=NOW + span)).sms_validity == minutes


def test_the_commands_of_a_login() -> None:
    assert login_commands(login()) == (b"Account=alice\r\n", b"Password=secret\r\n")


def test_a_message_in_commands() -> None:
    assert data_commands(_fields(), Kept()) == [
        b"CountryCode=+39\r\n",
        b"GsmCode=333\r\n",
        b"PhoneNumber=1234567\r\n",
        b"Sender=Home\r\n",
        b"TextMessage=Hello\r\n",
        b"SmsValidity=1440\r\n",
        b"SmsRef=" + ID + b"\r\n",
    ]


def test_every_value_has_its_command() -> None:
    fields = Fields(*map(str, range(20)))
    names = [line.split(b"=")[0].decode() for line in data_commands(fields, Kept())]
    assert names == [
        "CountryCode",
        "GsmCode",
        "PhoneNumber",
        "Sender",
        "TextMessage",
        "SmsType",
        "SmsDay",
        "SmsMonth",
        "SmsYear",
        "SmsHour",
        "SmsMinute",
        "SmsAmPm",
        "UDH",
        "Delivery",
        "Notification",
        "SmsValidity",
        "SmsRef",
        "DCS",
    ]


def test_only_what_has_changed_is_said_again() -> None:
    before = _fields(body=Body("Hello", SmsType.FLASH, dcs="10"))
    sent = _fields(message(recipient="+393331234568"))
    assert data_commands(sent, _kept(before)) == [
        b"PhoneNumber=1234568\r\n",
        b"SmsType=\r\n",
        b"SmsValidity=1440\r\n",
        b"SmsRef=" + ID + b"\r\n",
        b"DCS=\r\n",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account", ""),
        ("account", "a" * 21),
        ("account", "ali\x02ce"),
        ("password", "pass\r\nword"),
        ("password", "пароль"),
        ("gateway", "\x03"),
        ("network_code", "\0"),
        ("mail_to", "a@example.org\n"),
        ("mail_to", "a"),
        ("mail_to", "@example.org"),
        ("mail_to", "a@"),
        ("mail_to", "a b@example.org"),
        ("mail_to", "a@b@example.org"),
        ("mail_to", "é@example.org"),
    ],
)
def test_a_value_that_would_break_the_string_is_refused_by_name(
    field: str, value: str
) -> None:
    with pytest.raises(InputError) as error:
        login(**{field: value})
    assert error.value.field == field


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(login())


@pytest.mark.parametrize(("length", "fits"), [(850, True), (1020, False)])
def test_a_string_has_4096_octets_at_most(length: int, fits: bool) -> None:
    provider = SmsitalyProvider(login(long_text=LongText.WHOLE))
    draft = Draft(recipients=["+393331234567"], text="ω" * length, sender="Home")
    if fits:
        provider.check(draft)
        return
    with refused("message", "message_octets", most=4096):
        provider.check(draft)


def test_a_sender_has_to_be_there() -> None:
    with refused("sender", "sender_missing"):
        SmsitalyProvider(login()).check(Draft(recipients=["+393331234567"], text="x"))


def test_the_hosts_are_those_of_the_specification() -> None:
    assert SmsitalyLogin(account="a", password="b").hosts == (
        ("tcp.smsitaly.com", 27),
        ("backup.smsitaly.com", 27),
    )
