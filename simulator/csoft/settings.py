"""How the system behaves where it is open, or where it may differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, override

from .. import reading
from ..reading import Reader
from . import reports
from .forms import FORM_READERS, ReceiptForm
from .messages import FIRST_NUMBER, IdentifierForm
from .reports import Report, Script, default_rules, default_script

type Identifiers = Literal["own", "given"]
type Alphabet = Literal["any", "gsm"]
type SendTo = Literal["several", "single"]
type AnswerForm = Literal["literal", "encoded"]
type CollectedMessage = Literal["nested", "plain"]
type ReceiptTiming = Literal["normal", "early", "never"]
type ReceiptOrder = Literal["due", "reversed", "shuffled"]
type Acknowledgement = Literal["report", "status", "answer"]


@dataclass(slots=True, kw_only=True)
class Settings(ReceiptForm):
    """The settings; each may be changed while the simulator runs. Times in seconds.

    Reports: `script` are the reports of a message after its sending, `rules` are the
    scripts of numbers with certain endings.

    Requests: `send_to` whether a request may name several numbers; `identifiers`
    whether a message has one of the system's own or, if there is one, that of its
    request; `identifier_form` how the former is written, and `first_number` what the
    first of them is made of; `delay_unit` the seconds of one unit of SendTimeDelay; `alphabet` the characters there are, others being removed
    and reported by `removed_report`; `credit_report` the code for too little credit.

    Answers: `answer_form` document/literal, or with the types and the content type of
    the specification's example; `collected_message` whether the text of a collected
    message stands in a TextMessage of its Message, or in the Message itself;
    `collect_most` how many are handed out at once (None: all).

    Receipts have the form of `ReceiptForm`. `receipt_timing` when reports are reached,
    or finally and before the request is answered, or never; `receipt_delay` added to
    the former; `receipt_copies` how often each is posted; `receipt_order` the order of
    those that fall due within `receipt_window`; `receipt_batch` how many of these go
    into one request at most; `receipt_acknowledgement` what ends the posting (HTTP 200
    with Report 0, HTTP 200, or any answer); `receipt_pauses` the waits before further
    attempts; `receipt_timeout` of one attempt, by the real time; `receipt_connections`
    how many are posted at once (read at the start only).
    """

    script: Script = field(default_factory=default_script)
    rules: Mapping[str, Script] = field(default_factory=default_rules)

    send_to: SendTo = "several"
    identifiers: Identifiers = "own"
    identifier_form: IdentifierForm = "hex"
    first_number: int = FIRST_NUMBER
    delay_unit: float = 60.0
    alphabet: Alphabet = "any"
    removed_report: int = Report.CHARACTERS_REMOVED
    credit_report: int = reports.NO_CREDIT

    answer_form: AnswerForm = "literal"
    collected_message: CollectedMessage = "nested"
    collect_most: int | None = None

    receipt_timing: ReceiptTiming = "normal"
    receipt_delay: float = 0.0
    receipt_copies: int = 1
    receipt_order: ReceiptOrder = "due"
    receipt_window: float = 0.05
    receipt_batch: int = 1
    receipt_acknowledgement: Acknowledgement = "report"
    receipt_pauses: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0)
    receipt_timeout: float = 10.0
    receipt_connections: int = 1

    @classmethod
    @override
    def readers(cls) -> dict[str, Reader]:
        """Return what reads each setting from JSON."""
        return _READERS


_READERS: Final[dict[str, Reader]] = FORM_READERS | {
    "script": reading.script(reports.read),
    "rules": reading.scripts(reports.read),
    "send_to": reading.word_of(SendTo),
    "identifiers": reading.word_of(Identifiers),
    "identifier_form": reading.word_of(IdentifierForm),
    "first_number": reading.whole,
    "delay_unit": reading.number,
    "alphabet": reading.word_of(Alphabet),
    "removed_report": reports.read,
    "credit_report": reports.read,
    "answer_form": reading.word_of(AnswerForm),
    "collected_message": reading.word_of(CollectedMessage),
    "collect_most": reading.optional(reading.whole),
    "receipt_timing": reading.word_of(ReceiptTiming),
    "receipt_delay": reading.number,
    "receipt_copies": reading.whole,
    "receipt_order": reading.word_of(ReceiptOrder),
    "receipt_window": reading.number,
    "receipt_batch": reading.whole,
    "receipt_acknowledgement": reading.word_of(Acknowledgement),
    "receipt_pauses": reading.numbers,
    "receipt_timeout": reading.number,
    "receipt_connections": reading.whole,
}
