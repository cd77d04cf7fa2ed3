"""How a websmpp server's answers are read: in the specified form, and tolerantly.

The HTTP status says nothing: errors come with 200 too. `Response:` may be missing.
"""

from collections.abc import Iterator, Sequence
import csv
from decimal import Decimal
import io
import re
from typing import Final

from ...errors import (
    PartlyTakenError,
    ProviderError,
    UnavailableError,
    UncertainError,
)
from ...model import Credit, Receipt, Submission
from ...reasons import Reason
from ..provider import Coverage, Outcome
from .codes import RAW_LENGTH, STATE_WORD, excerpt, find_error, state_of

UNREADABLE: Final = Reason("answer_unreadable")

_LABEL: Final = re.compile(r"Response\s*:?\s*", re.IGNORECASE)
_ID: Final = re.compile(r"(?=[A-Za-z-]*\d)[0-9A-Za-z-]{1,64}")
_LONGEST_ID: Final = 64
_LONGEST_LINE: Final = 1000
_STATUS: Final = re.compile(r"\bstatus\"?\s*:\s*\"?\s*(\w{1,32})", re.IGNORECASE)
_ERROR_CODE: Final = re.compile(
    r"\berrCode\"?\s*:\s*\"?\s*([\w-]{1,32})", re.IGNORECASE
)
_BALANCE: Final = re.compile(
    r"(?:[A-Za-z ]{1,40}[:=]\s*)?(-?[0-9]{1,15}(?:\.[0-9]{1,10})?)"
    r"(?:\s*(?:([A-Z]{3})|credits?))?"
)
_PASSED_OVER: Final = frozenset({"HTTP03", "HTTP09", "HTTP12"})
"""Errors of one number; after any other one a server takes no more numbers."""


def read_submission(answer: str) -> Submission:
    """Read the ids from the answer to a submission, one for each part.

    Raises the error that the answer names when it holds no id at all, PartlyTakenError
    when it holds ids and an error, UncertainError when it holds neither.
    """
    lines = _lines(answer)
    ids = [line for line in lines if isinstance(line, str)]
    for line in lines:
        if isinstance(line, ProviderError):
            raise PartlyTakenError(
                Reason(
                    "partly_taken", taken=len(ids), total=len(lines), words=line.text
                ),
                code=line.code,
                answer=excerpt(answer),
            )
    return Submission(tuple(ids), excerpt(answer))


def read_bulk(answer: str, count: int, parts: int) -> list[Outcome]:
    """Read what became of each of `count` numbers, with texts of so many parts.

    A server answers in the order of the numbers, with an id for each part or with one
    error. Raises as `read_submission` does when it took none of them, PartlyTakenError
    when it took some and the lines do not say which.
    """
    lines = _lines(answer)
    last = lines[-1]
    ended = isinstance(last, ProviderError) and last.code not in _PASSED_OVER
    errors = sum(isinstance(line, ProviderError) for line in lines)
    if not ended:
        # All numbers have their lines: these tell how many parts the server made.
        parts, rest = divmod(len(lines) - errors, max(1, count - errors))
        if rest:
            raise _unclear(lines, count)
    outcomes: list[Outcome] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if isinstance(line, ProviderError):
            outcomes.append(line)
            position += 1
            continue
        ids = tuple(
            each for each in lines[position : position + parts] if isinstance(each, str)
        )
        if len(ids) != parts:
            raise _unclear(lines, count)
        outcomes.append(ids)
        position += parts
    if isinstance(last, ProviderError) and ended:
        outcomes += [last] * (count - len(outcomes))
    if len(outcomes) != count:
        raise _unclear(lines, count)
    return outcomes


def read_status(provider_id: str, answer: str) -> Receipt:
    """Read what became of a part.

    Raises the error that the answer names, UnavailableError when it has no status.
    """
    if error := find_error(answer):
        raise error
    raw = excerpt(answer)
    match = _STATUS.search(raw) or STATE_WORD.search(raw)
    if match is None:
        raise UnavailableError(UNREADABLE, answer=raw)
    error_code = _ERROR_CODE.search(raw)
    return Receipt(
        provider_id=provider_id,
        state=state_of(match[1]),
        error_code=real_code(error_code[1]) if error_code else None,
        raw=raw,
    )


def real_code(code: str) -> str | None:
    """Return a receipt's error code; zeros, and the word null, mean that it has none."""
    return None if not code.strip("0") or code.lower() == "null" else code


def read_balance(answer: str) -> Credit:
    """Read whole credits or a decimal wallet amount.

    Raises the error that the answer names, UnavailableError when it has no number.
    """
    if error := find_error(answer):
        raise error
    if (match := _BALANCE.fullmatch(excerpt(answer))) is None:
        raise UnavailableError(UNREADABLE, answer=excerpt(answer))
    return Credit(Decimal(match[1]), match[2])


def read_coverage(
    content: bytes, text: str, content_type: str, *, is_csv: bool
) -> Coverage:
    """Keep a coverage file as it came, with the rows of a CSV.

    `text` is the content as text. Raises the error that the answer names in place of a file, UnavailableError for
    what is no CSV, and for an empty file: some decoders make one of an answer that they cannot decode.
    """
    if not content:
        raise UnavailableError(UNREADABLE)
    if len(content) <= RAW_LENGTH and (error := find_error(text)):
        raise error
    reader = csv.reader(io.StringIO(text, newline="")) if is_csv else ()
    try:
        rows = tuple(tuple(row) for row in reader if any(row))
    except csv.Error:
        raise UnavailableError(UNREADABLE) from None
    return Coverage(content_type, content, rows)


def decode(content: bytes) -> str:
    """Decode an answer, whatever its bytes."""
    return content.decode("utf-8-sig", errors="replace")


def _lines(answer: str) -> Sequence[str | ProviderError]:
    """Split the answer to a submission into ids and errors, in their order.

    Raises the first error when there is no id, UncertainError when there is neither.
    """
    lines = list(_read_lines(answer))
    if not lines:
        raise UncertainError(UNREADABLE, answer=excerpt(answer))
    first = lines[0]
    if isinstance(first, ProviderError) and not any(
        isinstance(line, str) for line in lines
    ):
        raise first
    return lines


def _read_lines(answer: str) -> Iterator[str | ProviderError]:
    for line in map(str.strip, answer.splitlines()):
        # Nearly all lines of a long answer are bare numbers: these go the short way.
        if line.isdecimal() and line.isascii() and len(line) <= _LONGEST_ID:
            yield line
        elif error := find_error(line):
            yield error
        else:
            words = _LABEL.sub("", line[:_LONGEST_LINE], count=1).replace(",", " ")
            if all(map(_ID.fullmatch, words.split())):
                yield from words.split()


def _unclear(lines: Sequence[str | ProviderError], count: int) -> PartlyTakenError:
    ids = sum(isinstance(line, str) for line in lines)
    return PartlyTakenError(Reason("partly_counted", ids=ids, count=count))
