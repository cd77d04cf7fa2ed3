"""States, balances and coverage, in the forms that servers are known by."""

from decimal import Decimal

import pytest

from gateway.errors import LoginError, NoRecordError, UnavailableError
from gateway.model import State
from gateway.providers.websmpp.answers import (
    decode,
    read_balance,
    read_coverage,
    read_status,
)
from simulator.websmpp import ErrorCode, Status

from .helpers import STATES


@pytest.mark.parametrize("status", Status)
def test_all_eight_states_in_all_forms(status: Status) -> None:
    for form in (
        "Message ID : 2541524 Status :{} doneOn :2016-05-10 14:22:00 errCode :000",
        "Message ID : 2541524 Status :{} doneOn : errCode :",
        '{{"msgid": "1", "status": "{}", "doneOn": "", "errCode": "000"}}',
        "{}",
        "Response: {}",
        "{}\r\n",
    ):
        receipt = read_status("1", form.format(status.value))
        assert (receipt.provider_id, receipt.state) == ("1", STATES[status.value])
        assert receipt.error_code is None
        assert status.value in receipt.raw


def test_a_status_has_its_error_code() -> None:
    answer = "Message ID : 1 Status :UNDELIV doneOn :2016 errCode :042"
    assert read_status("1", answer).error_code == "042"
    assert read_status("1", '{"status":"EXPIRED","errCode":"7"}').error_code == "7"
    assert read_status("1", "Status :EXPIRED errCode :null").error_code is None


def test_a_word_that_is_no_known_status_is_unknown() -> None:
    assert read_status("1", "Status :BUFFERED").state is State.UNKNOWN


def test_an_answer_without_a_status() -> None:
    with pytest.raises(UnavailableError, match="cannot be read"):
        read_status("1", "Welcome")
    with pytest.raises(NoRecordError):
        read_status("1", ErrorCode.HTTP25.line)
    with pytest.raises(NoRecordError):
        read_status("x", ErrorCode.HTTP08.line)


@pytest.mark.parametrize(
    ("answer", "amount", "currency"),
    [
        ("5000", "5000", None),
        (" 5000\r\n", "5000", None),
        ("12.5000", "12.5000", None),
        ("-3", "-3", None),
        ("Response: 5000", "5000", None),
        ("Balance = 12.34 EUR", "12.34", "EUR"),
        ("5000 credits", "5000", None),
        ("1 credit", "1", None),
    ],
)
def test_balances(answer: str, amount: str, currency: str | None) -> None:
    credit = read_balance(answer)
    assert (credit.amount, credit.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize("answer", ["", "many", "1 2", "1e5", "٣", "<html>5</html>"])
def test_what_is_no_balance(answer: str) -> None:
    with pytest.raises(UnavailableError, match="cannot be read"):
        read_balance(answer)


def test_coverage_in_rows() -> None:
    content = b'\xef\xbb\xbfCountry,Network\r\n"Lebanon, the",Alfa\r\n\r\nItaly,TIM\r\n'
    coverage = read_coverage(content, decode(content), "text/csv", is_csv=True)
    assert coverage.rows == (
        ("Country", "Network"),
        ("Lebanon, the", "Alfa"),
        ("Italy", "TIM"),
    )
    assert coverage.content == content


def test_coverage_that_is_no_text() -> None:
    coverage = read_coverage(b"%PDF-1.4\xff", "%PDF", "application/pdf", is_csv=False)
    assert (coverage.content_type, coverage.rows) == ("application/pdf", ())


def test_an_error_in_place_of_coverage() -> None:
    content = b"INVALID USER/PASSWORD"
    with pytest.raises(LoginError):
        read_coverage(content, decode(content), "text/plain", is_csv=False)


@pytest.mark.parametrize("content", [b"", b'"' + b"x" * 200_000])
def test_coverage_that_cannot_be_read(content: bytes) -> None:
    with pytest.raises(UnavailableError):
        read_coverage(content, decode(content), "text/csv", is_csv=True)
