"""How answers are read: the specified forms, and the ones that servers are known by."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from gateway.errors import (
    AccountExpiredError,
    CreditError,
    LoginError,
    NoRecordError,
    PartlyTakenError,
    ProviderError,
    RecipientError,
    ScheduleError,
    SenderError,
    TextError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from gateway.model import State, Submission
from gateway.providers import Outcome
from gateway.providers.websmpp.answers import (
    decode,
    read_balance,
    read_bulk,
    read_coverage,
    read_status,
    read_submission,
)
from gateway.providers.websmpp.codes import find_error
from simulator.websmpp import ErrorCode, Status

CLASSES = {
    1: ProviderError,
    2: ProviderError,
    3: TransientError,
    4: LoginError,
    5: LoginError,
    6: SenderError,
    7: TextError,
    8: NoRecordError,
    9: RecipientError,
    10: ProviderError,
    11: TransientError,
    12: TransientError,
    13: TransientError,
    14: TransientError,
    15: ProviderError,
    16: ProviderError,
    17: TextError,
    18: CreditError,
    19: TextError,
    20: TextError,
    21: TextError,
    22: ScheduleError,
    23: TransientError,
    24: ProviderError,
    25: NoRecordError,
    26: AccountExpiredError,
    27: ProviderError,
    28: LoginError,
}
FORMS = (
    "ERROR - {name} --> {text}",
    "Response: ERROR - {name} --> {text}",
    "Response:ERROR-{name}-->{text}",
    "ERROR - {name} --> {text}\r\n",
    "{name} {text}",
    "{name}",
    "\ufeffERROR - {name} -- > {text}",
)
STATES = {
    "ATES": State.ENROUTE,
    "DELIVRD": State.DELIVERED,
    "UNDELIV": State.UNDELIVERABLE,
    "EXPIRED": State.EXPIRED,
    "REJECTD": State.REJECTED,
    "ACCEPTD": State.ACCEPTED,
    "DELETED": State.DELETED,
    "UNKNOWN": State.UNKNOWN,
}


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_has_its_class_its_code_and_its_text(code: ErrorCode) -> None:
    number = int(code.name.removeprefix("HTTP"))
    for form in FORMS:
        answer = form.format(name=code.name, text=code.value)
        error = find_error(answer)
        assert type(error) is CLASSES[number]
        assert error.code == code.name
        if code.value in answer or number != 27:
            assert error.text.lower() == code.value.lower()
        assert error.answer
        with pytest.raises(CLASSES[number]):
            read_submission(answer)


@pytest.mark.parametrize(
    "answer",
    ["INVALID USER/PASSWORD", "Invalid User / Password", "INVALID USER PASSWORD"],
)
def test_a_bad_login_in_words(answer: str) -> None:
    for read in (read_submission, read_balance):
        with pytest.raises(LoginError, match="INVALID USER/PASSWORD"):
            read(answer)


def test_an_unknown_code_keeps_the_servers_words() -> None:
    error = find_error("ERROR - HTTP42 --> Something new")
    assert type(error) is ProviderError
    assert str(error) == "HTTP42: Something new"
    assert str(find_error("HTTP42")) == "HTTP42: unknown error"


@pytest.mark.parametrize(
    "answer", ["HTTP/1.1 200 OK", "HTTP 404", "see http://x", "HTTPS", "2541524"]
)
def test_what_is_no_error_code(answer: str) -> None:
    assert find_error(answer) is None


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        ("Response: 2541524", ["2541524"]),
        ("response:2541524\r\n", ["2541524"]),
        ("2541524", ["2541524"]),
        ("  2541524  \n\n", ["2541524"]),
        ("\ufeff2541524", ["2541524"]),
        ("Response: 2541524\n2541525", ["2541524", "2541525"]),
        ("Response: 2541524\nResponse: 2541525", ["2541524", "2541525"]),
        ("2541524,2541525", ["2541524", "2541525"]),
        ("Response: 3C7D98A4", ["3C7D98A4"]),
        (
            "Response: 0193d7a2-7c1e-7b3e-8f00-0123456789ab",
            ["0193d7a2-7c1e-7b3e-8f00-0123456789ab"],
        ),
        ("2541524\nERROR - HTTP12 --> Submit Failed", ["2541524"]),
    ],
)
def test_ids_are_found(answer: str, ids: list[str]) -> None:
    assert read_submission(decode(answer.encode())).provider_ids == tuple(ids)


@pytest.mark.parametrize(
    "answer",
    ["", "   ", "Response:", "OK", "<html>Welcome</html>", "9" * 65, "\x00\ufffd"],
)
def test_an_answer_without_an_id_leaves_the_message_uncertain(answer: str) -> None:
    with pytest.raises(UncertainError, match="cannot be read"):
        read_submission(answer)


def test_long_answers_are_kept_in_part() -> None:
    answer = "\n".join(str(number) for number in range(10_000, 20_000))
    submission = read_submission(answer)
    assert len(submission.provider_ids) == 10_000
    assert len(submission.answer) <= 500


def summary(outcomes: list[Outcome]) -> list[str]:
    return [
        "+".join(each.provider_ids) if isinstance(each, Submission) else f"{each.code}"
        for each in outcomes
    ]


HTTP03, HTTP06, HTTP09, HTTP14 = (
    ErrorCode[name].line for name in ("HTTP03", "HTTP06", "HTTP09", "HTTP14")
)


@pytest.mark.parametrize(
    ("lines", "count", "parts", "outcomes"),
    [
        (["1", "2", "3"], 3, 1, ["1", "2", "3"]),
        (["1", "2", "3", "4"], 2, 2, ["1+2", "3+4"]),
        # The server made more parts than we counted.
        (["1", "2", "3", "4"], 2, 1, ["1+2", "3+4"]),
        (["1", HTTP09, "3"], 3, 1, ["1", "HTTP09", "3"]),
        ([HTTP09, "1", "2"], 2, 2, ["HTTP09", "1+2"]),
        (["1", "2", HTTP03], 2, 2, ["1+2", "HTTP03"]),
        # The last error ended the answer: the others got no line.
        (["1", HTTP06], 4, 1, ["1", "HTTP06", "HTTP06", "HTTP06"]),
        (["1", "2", HTTP14], 3, 2, ["1+2", "HTTP14", "HTTP14"]),
        (["1", HTTP09, HTTP06], 3, 1, ["1", "HTTP09", "HTTP06"]),
    ],
)
def test_each_number_of_a_request_gets_what_is_its_own(
    lines: list[str], count: int, parts: int, outcomes: list[str]
) -> None:
    answer = "Response: " + "\n".join(lines)
    assert summary(read_bulk(answer, count, parts)) == outcomes


@pytest.mark.parametrize(
    ("lines", "count", "parts"),
    [
        (["1", "2"], 3, 1),
        (["1", "2", "3"], 2, 1),
        (["1", HTTP09], 3, 1),
        (["1", HTTP09, "2"], 2, 2),
        (["1", "2", "3", HTTP14], 3, 2),
        (["1", "2", "3", HTTP14], 2, 1),
    ],
)
def test_nobody_is_called_accepted_by_guess(
    lines: list[str], count: int, parts: int
) -> None:
    with pytest.raises(PartlyTakenError, match=f"for {count} numbers"):
        read_bulk("\n".join(lines), count, parts)


def test_a_request_refused_as_a_whole() -> None:
    with pytest.raises(CreditError):
        read_bulk(ErrorCode.HTTP18.line, 5, 1)
    with pytest.raises(RecipientError):
        read_bulk(f"{HTTP09}\n{HTTP09}", 2, 1)
    with pytest.raises(UncertainError):
        read_bulk("", 5, 1)


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


pieces = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.sampled_from(
            [
                b"Response: ",
                b"\n",
                b"2541524",
                b"ERROR - HTTP18 --> ",
                b"HTTP",
                b"Status :",
                b"DELIVRD",
                b" errCode :",
                b"\xef\xbb\xbf",
                b'"',
                b",",
                b"\x00",
            ]
        ),
    ),
    max_size=20,
).map(b"".join)


def value_or_error(read: Callable[[], object]) -> object:
    try:
        return read()
    except ProviderError as error:
        return error


@given(pieces, st.integers(1, 5), st.integers(1, 3))
def test_any_bytes_give_a_value_or_a_provider_error(
    content: bytes, count: int, parts: int
) -> None:
    answer = decode(content)
    for read in (
        lambda: read_submission(answer),
        lambda: read_bulk(answer, count, parts),
        lambda: read_status("1", answer),
        lambda: read_balance(answer),
        lambda: read_coverage(content, answer, "text/csv", is_csv=True),
    ):
        outcome = value_or_error(read)
        if isinstance(outcome, ProviderError):
            assert len(outcome.answer or "") <= 500
            assert len(str(outcome)) <= 300
        else:
            assert not isinstance(outcome, list) or len(outcome) == count


@pytest.mark.parametrize(
    "answer",
    [
        "INVALID USER" + " " * 2_000_000,
        "status:" + " " * 2_000_000 + ":",
        "Balance :" + " " * 2_000_000 + "x",
        "HTTP18" + "-" * 2_000_000,
        "Response:" + " " * 2_000_000 + "!",
    ],
)
def test_no_answer_takes_long_to_read(answer: str) -> None:
    for read in (read_submission, read_balance, lambda text: read_status("1", text)):
        with pytest.raises(ProviderError):
            read(answer)
