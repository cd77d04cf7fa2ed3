"""What we write to the server, read back by another reader."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given, strategies as st
import pytest
from yarl import URL

from gateway.errors import InputError
from gateway.model import Encoding
from gateway.providers.csoft import (
    PRIMARY_URL,
    CsoftLogin,
    DeliveryOption,
    read_url,
)
from gateway.providers.csoft.requests import (
    collection,
    credit_question,
    measure_text,
    submission,
)

from ..clock import START
from ..helpers import make_message, refused

NAMESPACE = "{http://www.csoft.co.uk/dtd/sendsms5.xsd}"
LOGIN = CsoftLogin(username="demo", pin="12<34")


def content(document: bytes) -> ET.Element:
    """Return what is in the body."""
    root = ET.fromstring(document)
    assert root.tag == "{http://schemas.xmlsoap.org/soap/envelope/}Envelope"
    [body] = root
    [operation] = body
    return operation


def flat(element: ET.Element, path: str = "") -> list[tuple[str, str | None]]:
    """Return the paths of all elements without children, with their texts."""
    return [
        pair
        for child in element
        for pair in (
            flat(child, f"{path}{child.tag}/")
            if len(child)
            else [(f"{path}{child.tag}", child.text)]
        )
    ]


def written(login: CsoftLogin = LOGIN, **changes: Any) -> list[tuple[str, str | None]]:
    operation = content(submission(login, make_message(**changes), START))
    assert operation.tag == f"{NAMESPACE}SubmitMessage"
    return flat(operation)


def test_a_message_as_it_is_described() -> None:
    assert written(id="0123456789abcde") == [
        ("Username", "demo"),
        ("PIN", "12<34"),
        ("Recipient/SendTo", "9613123456"),
        ("Message/TextMessage", "Fire"),
        ("ReplyTo", "Home"),
        ("MessageIdentifier", "0123456789abcde"),
    ]


def test_of_a_long_id_the_end_is_sent_and_no_sender_is_left_out() -> None:
    sent = written(id="0123456789abcdef", sender=None)
    assert [name for name, _ in sent] == [
        "Username",
        "PIN",
        "Recipient/SendTo",
        "Message/TextMessage",
        "MessageIdentifier",
    ]
    assert sent[-1] == ("MessageIdentifier", "123456789abcdef")


def test_flash_schedule_and_delivery_option_in_their_order() -> None:
    login = CsoftLogin(username="u", pin="p", delivery_option=DeliveryOption.LEAST_COST)
    schedule = datetime(
        2030, 5, 11, 1, 2, 3, 1, tzinfo=timezone(timedelta(hours=5, minutes=30))
    )
    assert written(login, flash=True, schedule=schedule)[2:5] == [
        ("Recipient/SendTo", "9613123456"),
        ("Recipient/SendOptions/SendTimeAbsolute", "2030-05-10T19:32:04Z"),
        ("Recipient/SendOptions/DeliveryOption", "LeastCost"),
    ]
    assert ("Message/FlashMessage", "Fire") in written(login, flash=True)


def test_a_time_that_has_passed_is_left_out() -> None:
    assert written(schedule=START) == written()
    later = START + timedelta(seconds=1)
    times = dict(written(schedule=later.astimezone(UTC)))
    assert times["Recipient/SendOptions/SendTimeAbsolute"] == "2030-05-10T14:00:01Z"


def test_questions() -> None:
    for question, name in (
        (credit_question(LOGIN), "AvailableCredit"),
        (collection(LOGIN), "CollectMessages"),
    ):
        operation = content(question)
        assert operation.tag == NAMESPACE + name
        assert flat(operation) == [("Username", "demo"), ("PIN", "12<34")]


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")))


@given(texts.filter(bool))
def test_every_text_that_is_taken_is_carried(text: str) -> None:
    for each in (text, f" \t{text}\r\n]]>\r"):
        measure_text(each, Encoding.AUTO)
        assert ("Message/TextMessage", each) in written(text=each)


@pytest.mark.parametrize(
    "char", ["\x00", "\x01", "\x0b", "\x0c", "\x1b", "\x1f", "\ufffe", "\uffff"]
)
def test_what_xml_cannot_carry_is_refused_by_name(char: str) -> None:
    with refused("message", "message_character", character=f"U+{ord(char):04X}"):
        measure_text(f"a{char}b", Encoding.AUTO)


@pytest.mark.parametrize(
    ("text", "encoding", "parts", "gsm"),
    [
        ("x" * 160, Encoding.AUTO, 1, True),
        ("x" * 161, Encoding.GSM, 2, True),
        ("é€", Encoding.SPECIAL, 1, True),
        ("ж" * 71, Encoding.AUTO, 2, False),
        ("ж", Encoding.UNICODE, 1, False),
        # It is the server that chooses.
        ("x" * 160, Encoding.UNICODE, 1, True),
        ("😀", Encoding.ARABIC, 1, False),
    ],
)
def test_parts(text: str, encoding: Encoding, parts: int, gsm: bool) -> None:
    measure = measure_text(text, encoding)
    assert (measure.parts, measure.gsm) == (parts, gsm)


def test_an_encoding_that_cannot_carry_a_text() -> None:
    for encoding in (Encoding.GSM, Encoding.SPECIAL):
        with refused("encoding", "encoding_unfit", encoding=encoding):
            measure_text("ж", encoding)


@pytest.mark.parametrize(
    ("written_url", "url"),
    [
        (PRIMARY_URL, PRIMARY_URL),
        ("www.csoft.co.uk", PRIMARY_URL),
        (" https://www.csoft.co.uk/ ", PRIMARY_URL),
        ("http://127.0.0.1:8080/x/", "http://127.0.0.1:8080/x"),
    ],
)
def test_an_address_is_understood(written_url: str, url: str) -> None:
    assert read_url(written_url) == URL(url)


def test_a_bad_address_is_not_repeated() -> None:
    for url, key in (
        ("ftp://x", "url_form"),
        ("https://u:secret@x", "url_login"),
        ("http://x/?PIN=secret", "url_login"),
    ):
        for field in ("url", "secondary_url"):
            with pytest.raises(InputError) as error:
                read_url(url, field)
            assert error.value.field == field
            assert error.value.text.key == key.replace("url", field, 1)
            assert "secret" not in str(error.value)


def test_a_login_is_checked_and_not_shown() -> None:
    for values, field, key in (
        ({"username": "", "pin": "p"}, "username", "username_empty"),
        ({"username": "u", "pin": ""}, "pin", "pin_empty"),
        ({"username": "u\x00", "pin": "p"}, "username", "username_characters"),
        ({"username": "u", "pin": "p\x1b"}, "pin", "pin_characters"),
    ):
        with refused(field, key):
            CsoftLogin(**values)
    assert "12<34" not in repr(LOGIN)
    assert "demo" not in repr(LOGIN)


def test_secrets_are_taken_out_of_what_a_server_says() -> None:
    login = CsoftLogin(username="demo", pin="1234")
    text = "PIN 1234 of demo; demos 12345 (1234)"
    assert login.without_secrets(text) == "PIN *** of ***; demos 12345 (***)"
