"""Every answer of the specification's tables, and what it does to the session."""

from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from gateway.errors import (
    AddressLockedError,
    BlockedError,
    CreditError,
    InactiveError,
    LoginError,
    ProviderError,
    RecipientError,
    RecipientLockedError,
    ScheduleError,
    SenderError,
    SessionsError,
    TextError,
    UnavailableError,
)
from gateway.model import AccountStatus
from gateway.providers.smsitaly.answers import read_answer


@pytest.mark.parametrize(
    ("line", "error", "code", "is_last"),
    [
        ("-ERR 72 [Dcs Not valid]", TextError, "72", False),
        ("-ERR 73 [SmsRef Not valid]", ProviderError, "73", False),
        ("-ERR 74 [SmsValidity Not valid]", ScheduleError, "74", False),
        ("-ERR 75 [Notification Not Valid]", ProviderError, "75", False),
        ("-ERR 76 [Delivery Request Not Valid]", ProviderError, "76", False),
        ("-ERR 77 [Udh Not Valid]", TextError, "77", False),
        (
            "-ERR 79 [Permission Denied!] - [Connection Closed]",
            UnavailableError,
            "79",
            True,
        ),
        (
            "-ERR 80 [TCP/IP Not Allowed!] - [Connection Closed]",
            BlockedError,
            "80",
            True,
        ),
        ("-ERR 84 [Sender Not Valid]", SenderError, "84", False),
        (
            "-ERR 85 [IP Not Available!] - [Connection Closed]",
            AddressLockedError,
            "85",
            True,
        ),
        ("-ERR 86 [Recipient Locked From Account!]", RecipientLockedError, "86", False),
        ("-ERR 87 [IP Locked!] - [Connection Closed]", AddressLockedError, "87", True),
        ("-ERR 88 [Sms Type Not Valid]", TextError, "88", False),
        ("-ERR 89 [Account Not Valid] - [Connection Closed]", LoginError, "89", True),
        ("-ERR 89 [Account Not Valid] -[Connection Closed]", LoginError, "89", True),
        ("-ERR 89 [Account Blocked!] - [Connection Closed]", BlockedError, "89", True),
        (
            "-ERR 89 [Account Not Active!] - [Connection Closed]",
            InactiveError,
            "89",
            True,
        ),
        ("-ERR 92 [Sms Day Not Valid]", ScheduleError, "92", False),
        ("-ERR 92 [Sms Month Not Valid]", ScheduleError, "92", False),
        ("-ERR 92 [Sms Year Not Valid]", ScheduleError, "92", False),
        ("-ERR 92 [Sms Hour Not Valid]", ScheduleError, "92", False),
        ("-ERR 92 [Sms Minute Not Valid]", ScheduleError, "92", False),
        ("-ERR 92 [Sms AmPm Not Valid]", ScheduleError, "92", False),
        ("-ERR 92 [Sms Date/Hour Not Valid]", ScheduleError, "92", False),
        ("-ERR 93 [Sms Text Message Not Valid]", TextError, "93", False),
        ("-ERR 94 [Phone Number Not Valid]", RecipientError, "94", False),
        ("-ERR 95 [Gsm Code Not Valid]", RecipientError, "95", False),
        ("-ERR 96 [Country Code Not Valid]", RecipientError, "96", False),
        (
            "-ERR 99 [Credit Not Available!] - [Connection Closed]",
            CreditError,
            "99",
            True,
        ),
        (
            "-ERR 100 [String Not Valid or Bad Command Request]",
            ProviderError,
            "100",
            False,
        ),
        (
            "-ERR 100 [String Not Valid or Bad Command Request] - [Connection Closed]",
            ProviderError,
            "100",
            True,
        ),
        (
            "-ERR 101 [Too many sessions] - [Connection Closed]",
            SessionsError,
            "101",
            True,
        ),
        ("-ERR 102 [Shut Down by Server]", UnavailableError, "102", True),
        ("-ERR 555 [Something New]", ProviderError, "555", False),
        ("-ERR 87", AddressLockedError, "87", True),
    ],
)
def test_a_refusal_is_an_error_with_its_code_and_text(
    line: str, error: type[ProviderError], code: str, is_last: bool
) -> None:
    answer = read_answer(line)
    assert answer
    assert type(answer.error) is error
    assert answer.error.code == code
    assert answer.is_last is is_last
    if "[" in line:
        assert answer.error.text == line.split("[")[1].split("]", maxsplit=1)[0]
    else:
        assert answer.error.text == "IP Locked!"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("-ERR 72 [Dcs Not valid]", "Dcs"),
        ("-ERR 73 [SmsRef Not valid]", "SmsRef"),
        ("-ERR 74 [SmsValidity Not valid]", "SmsValidity"),
        ("-ERR 75 [Notification Not Valid]", "Notification"),
        ("-ERR 76 [Delivery Request Not Valid]", "Delivery"),
        ("-ERR 77 [Udh Not Valid]", "Udh"),
        ("-ERR 84 [Sender Not Valid]", "Sender"),
        ("-ERR 88 [Sms Type Not Valid]", "SmsType"),
        ("-ERR 92 [Sms Day Not Valid]", "SmsDay"),
        ("-ERR 92 [Sms Month Not Valid]", "SmsMonth"),
        ("-ERR 92 [Sms Year Not Valid]", "SmsYear"),
        ("-ERR 92 [Sms Hour Not Valid]", "SmsHour"),
        ("-ERR 92 [Sms Minute Not Valid]", "SmsMinute"),
        ("-ERR 92 [Sms AmPm Not Valid]", "SmsAmPm"),
        ("-ERR 92 [Sms Date/Hour Not Valid]", "SmsDate/Hour"),
        ("-ERR 93 [Sms Text Message Not Valid]", "TextMessage"),
        ("-ERR 94 [Phone Number Not Valid]", "PhoneNumber"),
        ("-ERR 95 [Gsm Code Not Valid]", "GsmCode"),
        ("-ERR 96 [Country Code Not Valid]", "CountryCode"),
        ("-ERR 86 [Recipient Locked From Account!]", None),
        ("-ERR 89 [Account Not Valid] - [Connection Closed]", None),
        ("-ERR 100 [String Not Valid or Bad Command Request]", None),
        ("-ERR 555 [Something New]", None),
    ],
)
def test_a_refusal_names_the_field_that_it_is_about(
    line: str, field: str | None
) -> None:
    answer = read_answer(line)
    assert answer
    assert answer.error
    assert answer.error.field == field


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("+OK 01 [Connection 7 With 127.0.0.1]", None),
        ("+OK 01", None),
        ("+OK 01 1500 [ID ACCOUNT: 0000 STATUS: Active]", Decimal(1500)),
        ("+OK 01 1499 [ID ACCOUNT: 0000 STATUS: Active]", Decimal(1499)),
        ("+OK 01 [COUNTRY CODE: +39]", None),
        ("+OK 01 [GSM CODE: 333]", None),
        ("+OK 01 [PHONE NUMBER: 12345]", None),
        ("+OK 01 [SENDER: +39333444444]", None),
        ("+OK 01 [SMS TEXTMESSAGE: Hello]", None),
        ("+OK 01 [SMS TYPE: Text Message]", None),
        ("+OK 01 [SMS TYPE: FL]", None),
        ("+OK 01 [SMS TYPE: UCS]", None),
        ("+OK 01 [SMS TYPE: UTF]", None),
        ("+OK 01 [SMS TYPE: UDH]", None),
        ("+OK 01 [SMS TYPE: WBK]", None),
        ("+OK 01 [SMS TYPE: WPS]", None),
        ("+OK 01 [SMS DAY: 25]", None),
        ("+OK 01 [SMS MONTH: 12]", None),
        ("+OK 01 [SMS YEAR: 05]", None),
        ("+OK 01 [SMS HOUR: 07]", None),
        ("+OK 01 [SMS MINUTE: 25]", None),
        ("+OK 01 [SMS AMPM: AM]", None),
        ("+OK 01 [DELIVERY: 1] (Default 0)", None),
        ("+OK 01 [NOTIFICATION: mailto:xxxxx@xxxx.com]", None),
        ("+OK 01 [SMSVALIDITY: 1440]", None),
        ("+OK 01 [SMSVALIDITY: AB10000123]", None),
        ("+OK 01 [DCS: 00]", None),
        ("+OK 01 [1499]", None),
        ("+OK 01 [Active/Inactive/Expired/Blocked/Standby]", None),
        (
            "+OK 01 1499 [SMS SEND MESSAGE TO: +3933312345 - dd-mm-yy hh:mm:ss Am/Pm]",
            Decimal(1499),
        ),
        ("+OK 01 [SMS TEXTMESSAGE: 1 [of] 2]", None),
        ("+OK 01 [UDH: 06050415810000] (Default 0)", None),
        ("+OK 01 as you like", None),
        (
            "+OK 01 1499 [SMS SEND MESSAGE TO: +3933312345 - 21-11-26 10:15:00 Am]",
            Decimal(1499),
        ),
        ("+OK 01 1499.5 [SMS SEND MESSAGE TO: +3933312345]", Decimal("1499.5")),
        ("+OK 01 1499,5 [SMS SEND MESSAGE TO: +3933312345]", Decimal("1499.5")),
    ],
)
def test_what_follows_01_is_the_credit(line: str, credit: Decimal | None) -> None:
    answer = read_answer(line)
    assert answer
    assert answer.error is None
    assert answer.credit == credit


@pytest.mark.parametrize(
    ("line", "balance"),
    [
        ("+OK 01 [1499]", Decimal(1499)),
        ("+OK 01 [ 12.50 ]", Decimal("12.5")),
        ("+OK 01 1499 [Balance]", Decimal(1499)),
        ("+OK 01 [Active]", None),
        ("+OK 01", None),
    ],
)
def test_a_balance_is_read(line: str, balance: Decimal | None) -> None:
    answer = read_answer(line)
    assert answer
    assert answer.balance == balance


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("+OK 01 [Active]", AccountStatus.ACTIVE),
        ("+OK 01 [Inactive]", AccountStatus.INACTIVE),
        ("+OK 01 [Expired]", AccountStatus.EXPIRED),
        ("+OK 01 [Blocked]", AccountStatus.BLOCKED),
        ("+OK 01 [Standby]", AccountStatus.STANDBY),
        ("+OK 01 1500 [ID ACCOUNT: 0000 STATUS: Active]", AccountStatus.ACTIVE),
        ("+OK 01 1500 [ID ACCOUNT: 0000 STATUS: Standby]", AccountStatus.STANDBY),
        ("+OK 01 [1499]", None),
        ("+OK 01 1499 [SMS SEND MESSAGE TO: +3933312345 - 21-11-26]", None),
    ],
)
def test_a_status_is_read(line: str, status: AccountStatus | None) -> None:
    answer = read_answer(line)
    assert answer
    assert answer.status is status


@pytest.mark.parametrize(
    "line", ["", "OK", "+OK", "-ERR", "-ERR abc", "+OK 01x", "HTTP/1.1 200 OK"]
)
def test_what_has_no_form_is_no_answer(line: str) -> None:
    assert read_answer(line) is None


@given(st.text(st.characters(max_codepoint=255)))
def test_no_line_breaks_the_reader(line: str) -> None:
    for start in ("", "+OK 01 ", "-ERR 9", "+OK 01 [", "-ERR 89 ["):
        answer = read_answer(start + line)
        if answer:
            assert answer.error is None or answer.error.code
            assert answer.status is None or answer.status in AccountStatus
            assert answer.balance is None or answer.balance.is_finite()
