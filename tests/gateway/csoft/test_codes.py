"""Report codes: what each means to a message, and as an answer."""

import pytest

from gateway.errors import CreditError, LoginError, ProviderError, RecipientError
from gateway.model import State
from gateway.providers.csoft.codes import (
    REPORTS,
    error_code,
    error_of,
    read_code,
    report_of,
)

STATES = {
    -4: State.ENROUTE,
    -3: State.ENROUTE,
    0: State.DELIVERED,
    2: State.REJECTED,
    3: State.UNDELIVERABLE,
    4: State.UNDELIVERABLE,
    5: State.UNDELIVERABLE,
    7: State.UNDELIVERABLE,
    8: State.REJECTED,
    11: State.ENROUTE,
    19: State.ENROUTE,
    25: State.DELETED,
    27: State.EXPIRED,
    28: State.UNDELIVERABLE,
}
REFUSALS = {
    2: LoginError,
    3: RecipientError,
    4: RecipientError,
    5: RecipientError,
    7: RecipientError,
    8: RecipientError,
    25: ProviderError,
    27: ProviderError,
    28: ProviderError,
    -1: ProviderError,
    1: ProviderError,
    999: ProviderError,
}


def test_every_code_has_its_state() -> None:
    assert {code: report.state for code, report in REPORTS.items()} == STATES


@pytest.mark.parametrize("code", [-999, -5, -2, -1, 1, 6, 9, 10, 26, 77, 999])
def test_any_other_code_is_unknown_and_keeps_its_number(code: int) -> None:
    assert report_of(code).state is State.UNKNOWN
    assert error_code(code) == str(code)


@pytest.mark.parametrize(("code", "kind"), REFUSALS.items())
def test_refusals(code: int, kind: type[ProviderError]) -> None:
    error = error_of(code, "", "raw")
    assert type(error) is kind
    assert (error.code, error.answer) == (str(code), "raw")
    assert error.text == report_of(code).text


@pytest.mark.parametrize("code", [0, -3, -4, 11, 19])
def test_what_was_taken_is_no_error(code: int) -> None:
    assert error_of(code, "text", "raw") is None


def test_the_providers_words_go_before_ours() -> None:
    error = error_of(8, "Not this one", "raw")
    assert error is not None
    assert error.text == "Not this one"


def test_an_unknown_code_may_say_that_credit_is_missing() -> None:
    assert type(error_of(99, "Insufficient credit", "")) is CreditError
    assert type(error_of(8, "no credit here", "")) is RecipientError


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", 0),
        ("-4", -4),
        ("+3", 3),
        ("027", 27),
        ("", None),
        ("x", None),
        ("1.5", None),
        ("٣", None),
        ("1" * 10, None),
        ("1_0", None),
    ],
)
def test_a_report_is_a_number(text: str, code: int | None) -> None:
    assert read_code(text) == code


def test_what_went_well_has_no_error_code() -> None:
    assert (error_code(0), error_code(-4), error_code(-3)) == (None, None, "-3")
