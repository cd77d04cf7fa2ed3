"""How the server's answers are read: in the described form, and tolerantly.

Names are found wherever they stand. Every text that is kept has been freed of the
credentials, which a server may repeat.
"""

from collections.abc import Callable
from decimal import Decimal
import re
from typing import Final

from ...errors import LoginError, ProviderError, UnavailableError, UncertainError
from ...model import Credit, Fragment, Submission
from ...reasons import Reason
from .charsets import UnreadableError, decode
from .codes import error_of, read_code
from .elements import Element, read_xml
from .envelopes import without_unfit
from .times import read_time

UNREADABLE: Final = Reason("answer_unreadable")
RAW_LENGTH: Final = 500
"""Characters of an answer that are kept for the user to see."""

type Clean = Callable[[str], str]
"""Takes the credentials out of a text."""

_LONGEST_ID: Final = 64
_LONGEST_TEXT: Final = 200
_AMOUNT: Final = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_CURRENCIES: Final = {"UKL": "GBP"}
"""What the provider calls otherwise than ISO 4217."""
_INTERNATIONAL: Final = re.compile(r"[1-9][0-9]{6,14}")
_PASSING: Final = frozenset({"Server", "Receiver"})
"""Codes of faults that are the server's own (SOAP 1.1 and 1.2)."""
_LOGIN: Final = re.compile(
    r"\blog-?in\b|\bauthenticat|\b(?:invalid|incorrect|wrong)\s+(?:user|pin\b|passw)",
    re.IGNORECASE,
)
_NUMERIC_REFERENCE: Final = re.compile(r"&#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}));")


def read_answer(content: bytes, content_type: str | None) -> Element:
    """Return what is in the body of an envelope; raises UnreadableError.

    Characters that XML cannot carry are replaced: with the messages that were collected
    in one answer, the others would be lost because of them.
    """
    text = without_unfit(decode(content, content_type, errors="replace"))
    root = read_xml(_NUMERIC_REFERENCE.sub(_fit_reference, text))
    body = root.find("Body")
    if body is None or not body.children:
        raise UnreadableError("xml", "is no SOAP answer")
    return body.children[0]


def find_fault(answer: Element, clean: Clean) -> ProviderError | None:
    """Return the error that a fault is, None when the answer is none.

    A fault of the server says that the request could not be processed (SOAP 1.1, clause
    4.4.1), and may be later. How a wrong login is told where the answer has no report is
    not described: by the fault's text, as we read it.
    """
    if answer.name != "Fault":
        return None
    code = (answer.value("faultcode") or answer.value("Value") or "").rpartition(":")[2]
    text = answer.value("faultstring") or answer.value("Text") or "fault"
    kind: type[ProviderError] = ProviderError
    if code.partition(".")[0] in _PASSING:
        kind = UnavailableError
    elif _LOGIN.search(text):
        kind = LoginError
    return kind(
        clean(text)[:_LONGEST_TEXT],
        code=clean(code)[:_LONGEST_ID] or None,
        answer=excerpt(answer, clean),
    )


def read_submission(answer: Element, clean: Clean) -> Submission:
    """Read the id; raises the error of the report, UncertainError when there is none."""
    raw = excerpt(answer, clean)
    _check_report(answer, clean, UncertainError)
    identifier = answer.value("MessageIdentifier") or ""
    if len(identifier) > _LONGEST_ID or not identifier.isprintable():
        raise UncertainError(UNREADABLE, answer=raw)
    if identifier:
        return Submission((identifier,), raw)
    if answer.find("Report") is None:
        raise UncertainError(UNREADABLE, answer=raw)
    # It was taken, and nothing will be heard of it.
    return Submission((), raw)


def read_credit(answer: Element, clean: Clean) -> Credit:
    """Read what is left; raises the error of a report, UnavailableError without one."""
    _check_report(answer, clean, UnavailableError)
    amount = answer.value("Credit") or ""
    if not _AMOUNT.fullmatch(amount):
        raise UnavailableError(UNREADABLE, answer=excerpt(answer, clean))
    currency = (answer.value("Currency") or "").upper()
    if not _CURRENCY.fullmatch(currency):
        return Credit(Decimal(amount))
    return Credit(Decimal(amount), _CURRENCIES.get(currency, currency))


def read_collected(answer: Element, clean: Clean) -> list[Fragment]:
    """Read the incoming messages; raises as `read_credit` does."""
    messages = answer.find("MessageList")
    if messages is None and answer.find("Report") is None:
        raise UnavailableError(UNREADABLE)
    if messages is None or not messages.children:
        _check_report(answer, clean, UnavailableError)
        return []
    # What was given was given, whatever the report says.
    return [_fragment(each) for each in messages.children]


def excerpt(answer: Element, clean: Clean) -> str:
    """Write an answer as a user can read it."""
    told = "; ".join(
        f"{each.name}: {value}"
        for each in answer
        if not each.children and (value := each.text.strip())
    )
    return clean(told)[:RAW_LENGTH]


def _check_report(answer: Element, clean: Clean, lost: type[ProviderError]) -> None:
    """Raise the error that the report is, `lost` for one that is no number."""
    if (report := answer.value("Report")) is None:
        return
    raw = excerpt(answer, clean)
    if (code := read_code(report)) is None:
        raise lost(UNREADABLE, answer=raw)
    text = clean(answer.value("Text") or "")[:_LONGEST_TEXT]
    if error := error_of(code, text, raw):
        raise error


def _fragment(item: Element) -> Fragment:
    text = ""
    if (message := item.find("Message")) is not None:
        # The text itself, or the kind of message with the text in it.
        text = "".join(each.text for each in message if not each.children)
    return Fragment(
        sender=_number(item.value("ReplyTo") or ""),
        recipient=_number(item.value("SendTo") or ""),
        octets=text.encode(),
        charset="utf-8",
        sent_at=read_time(item.value("Timestamp1") or ""),
    )


def _number(number: str) -> str:
    """Write an international number with its plus sign, any other as it came."""
    return f"+{number}" if _INTERNATIONAL.fullmatch(number) else number


def _fit_reference(reference: re.Match[str]) -> str:
    number = int(reference[1]) if reference[1] else int(reference[2], 16)
    try:
        return reference[0] if without_unfit(chr(number)) == chr(number) else "\ufffd"
    except ValueError, OverflowError:
        return "\ufffd"
