"""Addresses as SMPP writes them: type of number, numbering plan, digits.

Source: SMPP specification v3.4, clauses 5.2.5 and 5.2.6. An international number is
1/1, an alphanumeric sender 5/0, a short code 3/0, unless the account says otherwise.
"""

from dataclasses import dataclass
from typing import Final

from smpplib import consts

from .pdus import Address

_LONGEST_SHORT_CODE: Final = 6


@dataclass(frozen=True, slots=True)
class Numbering:
    """A type of number and a numbering plan indicator, each 0 to 255."""

    ton: int
    npi: int


INTERNATIONAL: Final = Numbering(consts.SMPP_TON_INTL, consts.SMPP_NPI_ISDN)
ALPHANUMERIC: Final = Numbering(consts.SMPP_TON_ALNUM, consts.SMPP_NPI_UNK)
SHORT_CODE: Final = Numbering(consts.SMPP_TON_NWSPEC, consts.SMPP_NPI_UNK)


def address_of(number: str, numbering: Numbering | None = None) -> Address:
    """Write an E.164 number, a short code or an alphanumeric sender as an address.

    `numbering` overrides what would be worked out.
    """
    digits = number.removeprefix("+")
    numbering = numbering or _work_out(digits)
    return Address(numbering.ton, numbering.npi, digits)


def _work_out(digits: str) -> Numbering:
    if not digits.isdecimal():
        return ALPHANUMERIC
    return SHORT_CODE if len(digits) <= _LONGEST_SHORT_CODE else INTERNATIONAL
