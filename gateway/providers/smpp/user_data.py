"""How a text becomes the user data of one or more submit_sm.

Source: SMPP specification v3.4, clauses 5.2.12 (esm_class), 5.2.19 (data_coding) and
5.3.2.22 to 5.3.2.24 (sar_*); GSM 03.40, clause 9.2.3.24.1 (the concatenation header).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from smpplib import consts

from ...errors import InputError
from ...model import Encoding
from ...text import gsm, is_gsm, segments
from .data_coding import DataCoding

_CONCATENATION: Final = bytes((5, consts.SMPP_UDHIEIE_CONCATENATED, 3))
REFERENCE_IN_HEADER: Final = len(_CONCATENATION)
"""Where in the user data the reference number stands, an octet."""


class LongText(StrEnum):
    """How a text that is longer than one short message travels."""

    UDH = "udh"
    """In parts with a concatenation header: what every network understands."""
    SAR = "sar"
    """In parts with the sar_* TLVs: the server writes the header."""
    PAYLOAD = "payload"
    """Whole, as message_payload: the server cuts it."""


@dataclass(frozen=True, slots=True)
class UserData:
    """What one submit_sm carries: the octets, and what says how to read them."""

    octets: bytes
    data_coding: DataCoding
    esm_class: int = consts.SMPP_MSGMODE_DEFAULT
    optional: Mapping[str, int | bytes] = field(default_factory=dict)


def uses_gsm(text: str, encoding: Encoding) -> bool:
    """Whether a text goes out in the GSM alphabet; in UCS-2 otherwise.

    Raises InputError (field `encoding`) when the wanted encoding cannot carry it.
    """
    fits = is_gsm(text)
    match encoding:
        case Encoding.AUTO:
            return fits
        case Encoding.UNICODE | Encoding.ARABIC:
            return False
        case _ if not fits:
            raise InputError("encoding", "encoding_unfit", encoding=encoding)
        case _:
            return True


def user_data(
    text: str, encoding: Encoding, *, flash: bool, long_text: LongText
) -> list[UserData]:
    """Cut and encode a text; the reference number of its parts is left 0.

    Raises InputError (field `encoding`) as `uses_gsm`.
    """
    in_gsm = uses_gsm(text, encoding)
    coding = _coding(in_gsm=in_gsm, flash=flash)
    parts = [_encode(part, in_gsm=in_gsm) for part in segments(text, gsm=in_gsm)]
    if len(parts) == 1:
        return [UserData(parts[0], coding)]
    match long_text:
        case LongText.PAYLOAD:
            payload = {"message_payload": b"".join(parts)}
            return [UserData(b"", coding, optional=payload)]
        case LongText.SAR:
            return [
                UserData(
                    part,
                    coding,
                    optional={
                        "sar_msg_ref_num": 0,
                        "sar_total_segments": len(parts),
                        "sar_segment_seqnum": number,
                    },
                )
                for number, part in enumerate(parts, start=1)
            ]
        case LongText.UDH:
            return [
                UserData(
                    _CONCATENATION + bytes((0, len(parts), number)) + part,
                    coding,
                    consts.SMPP_GSMFEAT_UDHI,
                )
                for number, part in enumerate(parts, start=1)
            ]


def _coding(*, in_gsm: bool, flash: bool) -> DataCoding:
    if flash:
        return DataCoding.FLASH_DEFAULT if in_gsm else DataCoding.FLASH_UCS2
    return DataCoding.DEFAULT if in_gsm else DataCoding.UCS2


def _encode(text: str, *, in_gsm: bool) -> bytes:
    return gsm.encode(text) if in_gsm else text.encode("utf-16-be")
