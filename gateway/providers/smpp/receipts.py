"""Delivery receipts: which part they are for, and what became of it.

The TLVs speak first, then the text, which SMPP 3.4 describes in appendix B only and
every server spells its own way: fields in any order, some left out, some more.
"""

import re
from typing import Final

from smpplib import consts

from ...ids import spellings
from ...model import Receipt, State
from .data_coding import DataCoding, decode
from .pdus import (
    LONGEST_ID,
    MESSAGE_STATE,
    NETWORK_ERROR_CODE,
    RECEIPTED_MESSAGE_ID,
    Delivery,
)
from .wire import c_octets_of, integer_of

STATES: Final = {
    consts.SMPP_MESSAGE_STATE_ENROUTE: State.ENROUTE,
    consts.SMPP_MESSAGE_STATE_DELIVERED: State.DELIVERED,
    consts.SMPP_MESSAGE_STATE_EXPIRED: State.EXPIRED,
    consts.SMPP_MESSAGE_STATE_DELETED: State.DELETED,
    consts.SMPP_MESSAGE_STATE_UNDELIVERABLE: State.UNDELIVERABLE,
    consts.SMPP_MESSAGE_STATE_ACCEPTED: State.ACCEPTED,
    consts.SMPP_MESSAGE_STATE_UNKNOWN: State.UNKNOWN,
    consts.SMPP_MESSAGE_STATE_REJECTED: State.REJECTED,
}
"""The values of message_state (clause 5.2.28)."""

_WORDS: Final = {
    "ENROUTE": State.ENROUTE,
    "ATES": State.ENROUTE,
    "DELIVRD": State.DELIVERED,
    "DELIVERED": State.DELIVERED,
    "EXPIRED": State.EXPIRED,
    "DELETED": State.DELETED,
    "UNDELIV": State.UNDELIVERABLE,
    "UNDELIVERED": State.UNDELIVERABLE,
    "UNDELIVERABLE": State.UNDELIVERABLE,
    "ACCEPTD": State.ACCEPTED,
    "ACCEPTED": State.ACCEPTED,
    "UNKNOWN": State.UNKNOWN,
    "REJECTD": State.REJECTED,
    "REJECTED": State.REJECTED,
}

_ID: Final = re.compile(rf"\bid\s*:\s*\"?([^\s,;\"]{{1,{LONGEST_ID}}})", re.IGNORECASE)
_STAT: Final = re.compile(r"\bstat(?:us)?\s*:\s*\"?([A-Za-z]{1,16})", re.IGNORECASE)
_ERR: Final = re.compile(r"\berr(?:or)?\s*:\s*\"?([0-9A-Za-z]{1,16})", re.IGNORECASE)
_NO_ERROR: Final = re.compile(r"0*|null", re.IGNORECASE)
_ASCII: Final = frozenset({DataCoding.DEFAULT, 0x01, 0x03})
"""What receipts are coded in: ASCII, whatever alphabet a server calls its default."""
_RAW_LENGTH: Final = 500
_NETWORK_ERROR_LENGTH: Final = 3


def read_receipt(delivery: Delivery) -> Receipt | None:
    """Return the receipt that a delivery is, None when it names no message.

    Raises PduError when one of its TLVs has a wrong length.
    """
    text = _text(delivery)
    id_ = c_octets_of(delivery.tlvs, RECEIPTED_MESSAGE_ID)
    written = _find(_ID, text)
    provider_id = id_.decode("latin-1") if id_ else written
    if not provider_id:
        return None
    other_id = None
    if written not in (None, provider_id) and written not in spellings(provider_id):
        other_id = written  # that of the parameter may be the server's own
    return Receipt(
        provider_id=provider_id,
        state=_state(delivery, text),
        error_code=_error_code(delivery, text),
        recipient=delivery.source.digits or None,
        sender=delivery.destination.digits or None,
        any_base=True,
        other_id=other_id,
        raw=(text or _tlvs(delivery))[:_RAW_LENGTH],
    )


def _text(delivery: Delivery) -> str:
    if delivery.data_coding in _ASCII:
        # In the GSM alphabet `_`, `@`, `$` and brackets would be other characters.
        return delivery.octets.decode("latin-1")
    return decode(delivery.octets, delivery.data_coding)


def _tlvs(delivery: Delivery) -> str:
    """Write the TLVs of a receipt that is nothing else."""
    return " ".join(
        f"0x{tag:04X}={value.hex()}" for tag, value in delivery.tlvs.items()
    )


def _state(delivery: Delivery, text: str) -> State:
    number = integer_of(delivery.tlvs, MESSAGE_STATE, 1)
    if number in STATES:
        return STATES[number]
    return _WORDS.get((_find(_STAT, text) or "").upper(), State.UNKNOWN)


def _error_code(delivery: Delivery, text: str) -> str | None:
    """Return the network's error, None when there was none."""
    code = _find(_ERR, text)
    network = delivery.tlvs.get(NETWORK_ERROR_CODE, b"")
    if code is None and len(network) == _NETWORK_ERROR_LENGTH:
        code = str(int.from_bytes(network[1:]))
    return None if code is None or _NO_ERROR.fullmatch(code) else code


def _find(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None
