"""Addresses as users write them, and receipts that the server brings."""

from hypothesis import given, strategies as st
import pytest
from yarl import URL

from gateway.errors import DocumentError, InputError
from gateway.model import State
from gateway.providers.websmpp import (
    ACKNOWLEDGEMENT,
    EXAMPLE_URL,
    WebsmppLogin,
    read_push,
    read_url,
)
from simulator.websmpp import Status

from .helpers import STATES


@pytest.mark.parametrize(
    ("written", "url"),
    [
        (EXAMPLE_URL, EXAMPLE_URL),
        ("78.108.164.69", EXAMPLE_URL),
        (" http://78.108.164.69/ ", EXAMPLE_URL),
        ("http://78.108.164.69/websmpp/", EXAMPLE_URL),
        ("https://sms.example.com", "https://sms.example.com/websmpp"),
        ("sms.example.com:8080/api/sms/", "http://sms.example.com:8080/api/sms"),
        ("[::1]:8080", "http://[::1]:8080/websmpp"),
        ("sms.exämple.com", "http://sms.xn--exmple-cua.com/websmpp"),
    ],
)
def test_an_address_is_understood(written: str, url: str) -> None:
    assert read_url(written) == URL(url)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ftp://x",
        "http://",
        "http://x:99999",
        "http://[::1",
        "http://exa mple",
        "http://exa<mple",
        "http://user:secret@x",
        "http://x:secret",
        "http://x/websmpp/websms?user=u&pass=secret",
        "http://x/#secret",
    ],
)
def test_a_bad_address_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(InputError) as error:
        read_url(written)
    assert error.value.field == "url"
    assert "secret" not in str(error.value)


def test_the_password_is_not_in_the_repr() -> None:
    login = WebsmppLogin(url=URL("http://x"), user="u", password="secret")
    assert "secret" not in repr(login)


@pytest.mark.parametrize("status", Status)
def test_a_pushed_receipt(status: Status) -> None:
    receipt = read_push(
        {
            "MessageId": "2541524",
            "Source": "Test",
            "Destination": "96170123456",
            "Status": status.value,
            "SubmitDate": "2016-05-10 14:22:00",
            "DoneDate": "2016-05-10 14:22:05",
            "mcc": "415",
            "mnc": "01",
            "BatchId": "7",
        }
    )
    assert receipt.provider_id == "2541524"
    assert receipt.state is STATES[status.value]
    assert receipt.recipient == "96170123456"
    assert "BatchId=7" in receipt.raw


def test_names_in_any_case_and_more_or_less_of_them() -> None:
    receipt = read_push({"messageid": " 1 ", "STATUS": "delivrd", "errCode": "000"})
    assert (receipt.provider_id, receipt.state) == ("1", State.DELIVERED)
    assert (receipt.recipient, receipt.error_code) == (None, None)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({}, "MessageId"),
        ({"MessageId": " ", "Status": "DELIVRD"}, "MessageId"),
        ({"MessageId": "1" * 65, "Status": "DELIVRD"}, "MessageId"),
        ({"MessageId": "1"}, "Status"),
        ({"MessageId": "1", "Status": "x" * 65}, "Status"),
    ],
)
def test_what_is_no_receipt(query: dict[str, str], name: str) -> None:
    with pytest.raises(DocumentError) as error:
        read_push(query)
    assert error.value.field == name


names = st.sampled_from(["MessageId", "Status", "Destination", "errCode", "x"])


@given(st.dictionaries(names, st.text()))
def test_any_query_gives_a_sound_receipt_or_the_named_error(
    query: dict[str, str],
) -> None:
    try:
        receipt = read_push(query)
    except DocumentError:
        return
    for value in (
        receipt.provider_id,
        receipt.recipient or "",
        receipt.error_code or "",
        receipt.raw,
    ):
        assert len(value) <= 500
        value.encode()


def test_the_acknowledgement_is_what_the_server_looks_for() -> None:
    assert "ok" in ACKNOWLEDGEMENT
