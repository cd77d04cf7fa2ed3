"""What is taken, under which ids, and what of a request for many numbers."""

import pytest

from gateway.errors import CreditError, PartlyTakenError, RecipientError, UncertainError
from gateway.providers.websmpp.answers import decode, read_bulk, read_submission
from simulator.websmpp import ErrorCode

from .helpers import summary


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
    ],
)
def test_ids_are_found(answer: str, ids: list[str]) -> None:
    assert read_submission(decode(answer.encode())).provider_ids == tuple(ids)


@pytest.mark.parametrize(
    "answer",
    [
        "Response: 1\nResponse: 2\nERROR - HTTP18 --> No Sufficient Credit",
        "ERROR - HTTP12 --> Submit Failed\n1\n2",
    ],
)
def test_a_message_of_which_some_parts_were_taken_is_neither_sent_nor_refused(
    answer: str,
) -> None:
    with pytest.raises(PartlyTakenError, match="2 of 3 parts were taken: ") as error:
        read_submission(answer)
    assert error.value.code in answer
    assert error.value.answer == answer


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
