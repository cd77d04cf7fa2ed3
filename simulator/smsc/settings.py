"""How the SMSC behaves where servers differ or the specification is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, override

from .. import reading
from ..reading import Reader
from ..settings import JsonSettings
from .codings import DefaultAlphabet
from .ids import IdForm
from .states import MessageState, Script, default_rules, default_script
from .statuses import CommandStatus

type BindRefusals = Literal["precise", "general"]
type AfterRefusedBind = Literal["open", "close"]
type AfterBadLength = Literal["close", "silent"]
type AfterUnbind = Literal["close", "silent"]
type UnboundEnquiry = Literal["refuse", "answer"]
type ReceiptTiming = Literal["normal", "early", "never"]
type ReceiptOrder = Literal["due", "reversed", "shuffled"]
type ReceiptContent = Literal["both", "text", "parameters"]
type ReceiptText = Literal["ams", "appendix_b", "short"]
type ReceiptError = Literal["digits", "null"]
type ReceiptAddresses = Literal["swapped", "as_submitted"]
type DeliverSequence = Literal["counted", "zero", "high"]


@dataclass(slots=True, kw_only=True)
class Settings(JsonSettings):
    """The settings; each may be changed while the simulator runs. Times in seconds.

    States: `script` is how a message progresses after its sending, `rules` are the
    scripts of numbers with certain endings.

    Binding: `system_id` is the SMSC's own; `sc_interface_version` what it tells of
    itself in responses to binds (None: nothing); `system_type` the only one that an
    ESME may name (None: any); `bind_refusals` whether a wrong login
    is told as ESME_RINVSYSID and ESME_RINVPASWD or as ESME_RBINDFAIL; `expired_status`,
    `locked_status` and `surplus_status` refuse the bind of such an account, or one
    session more than it may have; `after_refused_bind` and `after_unbind` what becomes
    of the connection, `silent` being open without another word.

    Link: `bind_timeout` until a connection has to be bound; `enquire_link_after` idle
    seconds (None: never), read when a session is bound; `response_timeout` for the
    answers to enquire_link and unbind, without which the connection is closed;
    `unbound_enquiry` what an enquire_link before the bind gets; `longest_pdu` in octets
    and `after_bad_length` what a command_length beyond it, or below 16, leads to;
    `reads` whether new connections are read from at all; `write_size` the octets of one
    write (0: all there are).

    Submission: `latency` from a request to its response; `rate` the messages an account
    may submit in a second (None: any number), beyond which is `rate_status`;
    `credit_status` for too little credit; `coding_status` for a reserved data_coding
    (that of SMPP v5.0, as v3.4 has none); `default_alphabet` what data_coding 0 is;
    `id_form` the form of message ids in responses.

    Receipts: `receipt_id_form` the form of ids in them (None: as in the response);
    `receipt_timing` when states are reached, or finally and before the submission is
    answered, or never; `receipt_delay` added to the former; `receipt_copies` how often
    each is sent; `receipt_order` the order of those that fall due within
    `receipt_window`; `receipt_content` whether they have text, optional parameters or
    both; `receipt_text` the AMS form, that of the specification's appendix B, or one
    without sub, dlvrd and text; `receipt_network` whether it has mcc and mnc;
    `receipt_seconds` whether its dates have seconds; `receipt_error` whether err is a
    number or `null`; `receipt_coding` and `receipt_service_type` go into the PDU;
    `receipt_addresses` whether the destination of the message is the receipt's source;
    `receipt_id_terminated` whether receipted_message_id ends with a NUL;
    `receipt_vendor_parameters` whether vendors' own are added.

    Delivery, of receipts and other messages: `deliver_sequence` the sequence_number of
    deliver_sm; `deliver_window` how many may be unanswered in a session;
    `deliver_timeout` until one that is unanswered counts as refused; `deliver_pauses`
    the waits before further attempts.
    """

    script: Script = field(default_factory=default_script)
    rules: Mapping[str, Script] = field(default_factory=default_rules)

    system_id: str = "SMSC"
    sc_interface_version: int | None = 0x34
    system_type: str | None = None
    bind_refusals: BindRefusals = "precise"
    expired_status: int = CommandStatus.ESME_RBINDFAIL
    locked_status: int = CommandStatus.ESME_RBINDFAIL
    surplus_status: int = CommandStatus.ESME_RALYBND
    after_refused_bind: AfterRefusedBind = "open"
    after_unbind: AfterUnbind = "close"

    bind_timeout: float = 30.0
    enquire_link_after: float | None = None
    response_timeout: float = 10.0
    unbound_enquiry: UnboundEnquiry = "refuse"
    longest_pdu: int = 70_000
    after_bad_length: AfterBadLength = "close"
    reads: bool = True
    write_size: int = 0

    latency: float = 0.0
    rate: float | None = None
    rate_status: int = CommandStatus.ESME_RTHROTTLED
    credit_status: int = CommandStatus.ESME_RSUBMITFAIL
    coding_status: int = 0x0000_0104
    default_alphabet: DefaultAlphabet = "gsm"
    id_form: IdForm = "decimal"

    receipt_id_form: IdForm | None = None
    receipt_timing: ReceiptTiming = "normal"
    receipt_delay: float = 0.0
    receipt_copies: int = 1
    receipt_order: ReceiptOrder = "due"
    receipt_window: float = 0.05
    receipt_content: ReceiptContent = "both"
    receipt_text: ReceiptText = "ams"
    receipt_network: bool = True
    receipt_seconds: bool = False
    receipt_error: ReceiptError = "digits"
    receipt_coding: int = 0
    receipt_service_type: str = ""
    receipt_addresses: ReceiptAddresses = "swapped"
    receipt_id_terminated: bool = True
    receipt_vendor_parameters: bool = False

    deliver_sequence: DeliverSequence = "counted"
    deliver_window: int = 100
    deliver_timeout: float = 10.0
    deliver_pauses: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0)

    @classmethod
    @override
    def readers(cls) -> dict[str, Reader]:
        """Return what reads each setting; statuses and states go by name or number."""
        return _READERS


def _status(value: object) -> int:
    """Read a command_status, by name or number."""
    if isinstance(value, str) and value in CommandStatus.__members__:
        return CommandStatus[value]
    return reading.whole(value)


_READERS: dict[str, Reader] = {
    "script": reading.script(MessageState.read),
    "rules": reading.scripts(MessageState.read),
    "system_id": reading.text,
    "sc_interface_version": reading.optional(reading.whole),
    "system_type": reading.optional(reading.text),
    "bind_refusals": reading.word_of(BindRefusals),
    "expired_status": _status,
    "locked_status": _status,
    "surplus_status": _status,
    "after_refused_bind": reading.word_of(AfterRefusedBind),
    "after_unbind": reading.word_of(AfterUnbind),
    "bind_timeout": reading.number,
    "enquire_link_after": reading.optional(reading.number),
    "response_timeout": reading.number,
    "unbound_enquiry": reading.word_of(UnboundEnquiry),
    "longest_pdu": reading.whole,
    "after_bad_length": reading.word_of(AfterBadLength),
    "reads": reading.flag,
    "write_size": reading.whole,
    "latency": reading.number,
    "rate": reading.optional(reading.number),
    "rate_status": _status,
    "credit_status": _status,
    "coding_status": _status,
    "default_alphabet": reading.word_of(DefaultAlphabet),
    "id_form": reading.word_of(IdForm),
    "receipt_id_form": reading.optional(reading.word_of(IdForm)),
    "receipt_timing": reading.word_of(ReceiptTiming),
    "receipt_delay": reading.number,
    "receipt_copies": reading.whole,
    "receipt_order": reading.word_of(ReceiptOrder),
    "receipt_window": reading.number,
    "receipt_content": reading.word_of(ReceiptContent),
    "receipt_text": reading.word_of(ReceiptText),
    "receipt_network": reading.flag,
    "receipt_seconds": reading.flag,
    "receipt_error": reading.word_of(ReceiptError),
    "receipt_coding": reading.whole,
    "receipt_service_type": reading.text,
    "receipt_addresses": reading.word_of(ReceiptAddresses),
    "receipt_id_terminated": reading.flag,
    "receipt_vendor_parameters": reading.flag,
    "deliver_sequence": reading.word_of(DeliverSequence),
    "deliver_window": reading.whole,
    "deliver_timeout": reading.number,
    "deliver_pauses": reading.numbers,
}
