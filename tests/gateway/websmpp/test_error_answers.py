"""Errors in the specified form, and in the ones that servers are known by."""

import pytest

from gateway.errors import LoginError, ProviderError
from gateway.providers.websmpp.answers import read_balance, read_submission
from gateway.providers.websmpp.codes import find_error
from simulator.websmpp import ErrorCode

from .helpers import CLASSES

FORMS = (
    "ERROR - {name} --> {text}",
    "Response: ERROR - {name} --> {text}",
    "Response:ERROR-{name}-->{text}",
    "ERROR - {name} --> {text}\r\n",
    "{name} {text}",
    "{name}",
    "\ufeffERROR - {name} -- > {text}",
)


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
