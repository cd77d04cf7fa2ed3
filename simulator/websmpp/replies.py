"""The bodies of the platform's answers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
import json

from .errors import ErrorCode
from .messages import State
from .settings import BalanceReply, Prefix
from .statuses import Status

PREFIX = "Response: "
INVALID_LOGIN = "INVALID USER/PASSWORD"
_CENTS = Decimal("0.01")

# What phones' networks report is not specified: one number for each bad end.
_ERROR_NUMBERS = {
    Status.UNDELIV: "001",
    Status.EXPIRED: "002",
    Status.REJECTD: "003",
    Status.DELETED: "004",
    Status.UNKNOWN: "005",
}


@dataclass(slots=True, frozen=True)
class Reply:
    """What is answered: a body with its content type and file name, by HTTP 200."""

    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    filename: str | None = None


def plain(text: str) -> Reply:
    """Answer with a text."""
    return Reply(text.encode())


def submission(lines: list[str], prefix: Prefix) -> Reply:
    """Answer a submission: a line of an id or an error for each recipient and part."""
    match prefix:
        case "line":
            return plain("\n".join(PREFIX + line for line in lines))
        case "body":
            return plain(PREFIX + "\n".join(lines))
        case "success" if any(line.isdecimal() for line in lines):
            return plain(PREFIX + "\n".join(lines))
        case _:
            return plain("\n".join(lines))


def error(code: ErrorCode) -> Reply:
    """Answer a request other than a submission with an error."""
    return plain(code.line)


def status(part_id: int, state: State) -> Reply:
    """Answer a status enquiry in the long form (observed on AMS servers)."""
    return plain(
        f"Message ID : {part_id} Status :{state.status} "
        f"doneOn :{_done(state)} errCode :{_error_number(state)}"
    )


def status_json(part_id: int, state: State) -> Reply:
    """Answer a status enquiry with `format=json` (observed on AMS servers)."""
    answer = {
        "msgid": str(part_id),
        "status": state.status,
        "doneOn": _done(state),
        "errCode": _error_number(state),
    }
    return Reply(json.dumps(answer).encode(), "application/json; charset=utf-8")


def balance(credit: Decimal, form: BalanceReply) -> Reply:
    """Answer a balance enquiry with a bare number, cut and not rounded."""
    if form == "whole":
        return plain(str(int(credit)))
    return plain(f"{credit.quantize(_CENTS, ROUND_DOWN):f}")


def timestamp(moment: float) -> str:
    """Write a moment (seconds since 1970) as `2016-05-10 14:22:00` in GMT."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _done(state: State) -> str:
    """Write when a message was done, nothing while it is not."""
    return timestamp(state.since) if state.status.final else ""


def _error_number(state: State) -> str:
    """Return the network's error number, 000 for none."""
    return _ERROR_NUMBERS.get(state.status, "000")
