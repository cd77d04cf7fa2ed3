"""Receipts as Connection Software posts them: by SOAP, or as a form.

Source: Connection Software specification, "Tags that will be present in the SOAP POST".
The form has the same tags, but for `SendTo` instead of `SentTo`, and the word NULL
where no Username or PIN is set. What is posted tells itself apart: content types differ
from sender to sender.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from ...errors import DocumentError
from ...model import Receipt, State
from .charsets import UnreadableError, decode
from .codes import error_code, read_code, report_of
from .shapes import Fields, Shapes
from .times import read_time

MOST_BYTES: Final = 64 * 1024
"""A post may have; a receipt has about 900."""

LONGEST_IDENTIFIER: Final = 64
"""The specification's have 15 characters; those of other systems may come too."""

_OPERATION: Final = "SubmitDeliveryReceipt"
_LONGEST_REPORT: Final = 16
"""Characters that are looked at; a code has ten at most."""
_LONGEST_VALUE: Final = 255
_LONGEST_NUMBER: Final = 32
_RAW_LENGTH: Final = 500
_MOST_FIELDS: Final = 64
_UNSET: Final = "NULL"
_DOCUMENTS: Final = Shapes(_OPERATION)
_TOLD: Final = {
    name.lower(): name
    for name in ("Report", "Timestamp1", "SentTo", "SendTo", "MessageIdentifier")
}


@dataclass(slots=True)
class Posted:
    """One receipt of a post, with the credentials that came with it.

    `receipt` is why it is none, where it cannot be read.
    """

    identifier: str
    receipt: Receipt | DocumentError
    username: str | None = field(default=None, repr=False)
    pin: str | None = field(default=None, repr=False)


def read_post(
    body: bytes, content_type: str | None = None, *, any_account: bool = False
) -> list[Posted]:
    """Read the receipts of a post, one or more, in their order.

    With `any_account` a receipt may be for a message of another account. Raises
    UnreadableError for what holds no receipt.
    """
    if len(body) > MOST_BYTES:
        raise UnreadableError("post", f"has more than {MOST_BYTES} bytes")
    found = _DOCUMENTS.recall(body, content_type)
    if found is None:
        found = _read_anew(body, content_type)
    if not found:
        raise UnreadableError("post", f"holds no {_OPERATION}")
    return [_posted(fields, any_account=any_account) for fields in found]


def _read_anew(body: bytes, content_type: str | None) -> list[Fields]:
    text = decode(body, content_type)
    if not text.lstrip().startswith("<"):
        return [_form(text)]
    return _DOCUMENTS.read(text, body, content_type)


def _form(text: str) -> Fields:
    try:
        pairs = parse_qsl(text.strip(), errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise UnreadableError("post", "has too many fields") from None
    fields = [(name.strip().lower(), value.strip()) for name, value in pairs]
    texts = dict(fields)
    if "messageidentifier" not in texts:
        raise UnreadableError("post", "is neither SOAP nor the form of a receipt")
    is_clear = len(fields) == len(texts)
    for name in ("username", "pin"):
        if texts.get(name) == _UNSET:
            del texts[name]
    return Fields(texts, is_clear)


def _posted(fields: Fields, *, any_account: bool) -> Posted:
    texts, is_clear = fields
    identifier = texts.get("messageidentifier", "")
    if not (0 < len(identifier) <= LONGEST_IDENTIFIER and identifier.isprintable()):
        identifier = ""
    receipt: Receipt | DocumentError
    if not is_clear:
        # It could be read in two ways.
        receipt = DocumentError(_OPERATION, "names something twice")
    elif not identifier:
        receipt = DocumentError(
            "MessageIdentifier", f"must have 1 to {LONGEST_IDENTIFIER} characters"
        )
    else:
        receipt = _receipt(identifier, texts, any_account=any_account)
    return Posted(identifier, receipt, texts.get("username"), texts.get("pin"))


def _receipt(
    identifier: str, fields: dict[str, str], *, any_account: bool
) -> Receipt | DocumentError:
    if (outcome := _outcome(fields.get("report", "")[:_LONGEST_REPORT])) is None:
        return DocumentError("Report", "must be a number")
    state, code = outcome
    number = fields.get("sentto") or fields.get("sendto") or ""
    return Receipt(
        provider_id=identifier,
        state=state,
        error_code=code,
        recipient=_printable(number[:_LONGEST_VALUE])[:_LONGEST_NUMBER] or None,
        done_at=read_time(fields.get("timestamp1", "")),
        any_account=any_account,
        raw=_told(fields),
    )


@lru_cache
def _outcome(report: str) -> tuple[State, str | None] | None:
    """Return the state and the error code that a `Report` means."""
    if (code := read_code(report)) is None:
        return None
    return report_of(code).state, error_code(code)


def _told(fields: dict[str, str]) -> str:
    """Repeat a receipt as it came, without its credentials."""
    told = [
        f"{name}: {value[:_LONGEST_VALUE]}"
        for key, name in _TOLD.items()
        if (value := fields.get(key))
    ]
    return _printable("; ".join(told))[:_RAW_LENGTH]


def _printable(value: str) -> str:
    """Leave what a journal can hold and a user can read."""
    if value.isprintable():
        return value
    return "".join(filter(str.isprintable, value))
