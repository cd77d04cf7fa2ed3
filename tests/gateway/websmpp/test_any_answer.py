"""Answers that no server should give."""

from collections.abc import Callable

from hypothesis import given, strategies as st
import pytest

from gateway.errors import ProviderError
from gateway.providers.websmpp.answers import (
    decode,
    read_balance,
    read_bulk,
    read_coverage,
    read_status,
    read_submission,
)

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
