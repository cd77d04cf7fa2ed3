"""How a message is written for a websmpp server."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest
from yarl import URL

from gateway.model import Encoding
from gateway.providers.websmpp import GmtFormat, WebsmppLogin
from gateway.providers.websmpp.requests import (
    MessageType,
    breaks_post,
    encode,
    measure_text,
    message_type,
    submission_query,
)

from ..helpers import make_message, refused

NOW = datetime(2016, 5, 10, 8, 0, tzinfo=UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))


def query(form: GmtFormat = GmtFormat.UTC, **changes: object) -> str:
    login = WebsmppLogin(
        url=URL("http://x"), user="testUser", password="12345", gmt_format=form
    )
    changes = {"sender": "Test"} | changes
    return submission_query(login, make_message(**changes), "96170123456", NOW)


@pytest.mark.parametrize(
    ("text", "encoding", "type_"),
    [
        ("testing English message", Encoding.AUTO, MessageType.ENGLISH),
        ("a line\nand [ ] { } | \\ ~ ^ $ @", Encoding.AUTO, MessageType.ENGLISH),
        ("Tom & Jerry", Encoding.AUTO, MessageType.UNICODE),
        ("#1", Encoding.AUTO, MessageType.UNICODE),
        ("été", Encoding.AUTO, MessageType.UNICODE),
        ("5 €", Encoding.AUTO, MessageType.UNICODE),
        ("`", Encoding.AUTO, MessageType.UNICODE),
        ("اختبار", Encoding.AUTO, MessageType.UNICODE),
        ("été 5 €", Encoding.GSM, MessageType.ENGLISH),
        ("testing $@ Character", Encoding.SPECIAL, MessageType.SPECIAL),
        ("plain", Encoding.UNICODE, MessageType.UNICODE),
        ("Tom & Jerry", Encoding.UNICODE, MessageType.UNICODE),
        ("اختبار رسالة عربية", Encoding.ARABIC, MessageType.ARABIC),
    ],
)
def test_the_type_of_a_text(text: str, encoding: Encoding, type_: MessageType) -> None:
    assert message_type(text, encoding) is type_


@pytest.mark.parametrize(
    ("text", "encoding", "key"),
    [
        ("a & b", Encoding.GSM, "encoding_marks"),
        ("a # b", Encoding.GSM, "encoding_marks"),
        ("a & b", Encoding.SPECIAL, "encoding_marks"),
        ("a # b", Encoding.ARABIC, "encoding_marks"),
        ("ж", Encoding.GSM, "encoding_unfit"),
        ("ж", Encoding.SPECIAL, "encoding_unfit"),
    ],
)
def test_an_encoding_that_cannot_carry_a_text(
    text: str, encoding: Encoding, key: str
) -> None:
    with refused("encoding", key, encoding=encoding):
        message_type(text, encoding)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("a" * 160, Encoding.AUTO, 160, 1),
        ("[" * 80, Encoding.AUTO, 160, 1),
        ("[" * 81, Encoding.AUTO, 162, 2),
        ("a" * 159 + "^", Encoding.AUTO, 161, 2),
        ("&" * 70, Encoding.AUTO, 70, 1),
        ("&" * 71, Encoding.AUTO, 71, 2),
        ("a" * 70, Encoding.UNICODE, 70, 1),
        ("ع" * 70, Encoding.ARABIC, 70, 1),
        ("ع" * 71, Encoding.ARABIC, 71, 2),
        ("$" * 160, Encoding.SPECIAL, 160, 1),
    ],
)
def test_lengths(text: str, encoding: Encoding, units: int, parts: int) -> None:
    counted = measure_text(text, encoding)
    assert (counted.units, counted.parts) == (units, parts)


def test_the_first_example_of_the_specification() -> None:
    assert query(text="testing English message") == (
        "user=testUser&pass=12345&sid=Test&mno=96170123456&type=1"
        "&text=testing%20English%20message"
    )


def test_the_unicode_example_of_the_specification() -> None:
    written = query(text="test unicode message", encoding=Encoding.UNICODE)
    assert written.endswith(
        "&type=2&text=007400650073007400200075006E00690063006F006400650020006D0065"
        "00730073006100670065"
    )


def test_the_arabic_example_of_the_specification() -> None:
    text = "اختبار رسالة عربية"
    fields = dict(parse_qsl(query(text=text, encoding=Encoding.ARABIC)))
    assert (fields["type"], fields["text"]) == ("4", text)


def test_a_pair_of_surrogates_in_hex() -> None:
    assert query(text="😀").endswith("&type=2&text=D83DDE00")


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (GmtFormat.UTC, "&gmt=+0000&schtime=201605100852"),
        (GmtFormat.SIGNED, "&gmt=+0530&schtime=201605101422"),
        (GmtFormat.UNSIGNED, "&gmt=0530&schtime=201605101422"),
    ],
)
def test_the_scheduling_example_of_the_specification(
    form: GmtFormat, written: str
) -> None:
    schedule = datetime(2016, 5, 10, 14, 22, tzinfo=INDIA)
    assert query(form, schedule=schedule).endswith(written)


def test_a_time_west_of_greenwich_keeps_its_sign() -> None:
    schedule = datetime(2016, 5, 10, 14, 22, tzinfo=ZoneInfo("America/New_York"))
    for form in (GmtFormat.SIGNED, GmtFormat.UNSIGNED):
        assert query(form, schedule=schedule).endswith(
            "&gmt=-0400&schtime=201605101422"
        )


def test_a_message_is_never_delivered_too_early() -> None:
    schedule = datetime(2016, 5, 10, 23, 59, 0, 1, tzinfo=UTC)
    assert query(schedule=schedule).endswith("&schtime=201605110000")


def test_a_time_that_has_passed_is_left_out() -> None:
    assert "schtime" not in query(schedule=NOW)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_value_comes_back_as_it_was(value: str) -> None:
    written = encode(value=value)
    assert written.isascii()
    assert parse_qsl(written, keep_blank_values=True) == [("value", value)]


def test_commas_between_numbers_stay() -> None:
    assert encode(mno="1,2") == "mno=1,2"


def test_what_a_post_cannot_carry() -> None:
    assert breaks_post("a", "b&c")
    assert breaks_post("a=b")
    assert not breaks_post("a", "b c+%#")
