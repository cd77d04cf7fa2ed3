"""A number as the server wants it: country code, GSM code, the rest.

Source: smsitaly specification, "Submission": `CountryCode=+39`, `GsmCode=333`,
`PhoneNumber=12345`. The server joins the three again.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers

from ...errors import RecipientError
from ...numbers import calling_code_of
from ...reasons import Reason

_USUAL_CODE: Final = 3


class Destination(NamedTuple):
    """The three values of a number."""

    country_code: str
    gsm_code: str
    phone_number: str


@lru_cache(maxsize=1024)
def split(number: str) -> Destination:
    """Split an E.164 number; raises RecipientError where no country code is.

    The GSM code is the national destination code, that is the prefix of an operator or
    an area. Where numbering plans have none, the first digits stand for it.
    """
    if not number.startswith("+"):
        raise RecipientError(Reason("destination_short"))
    calling_code = calling_code_of(number)
    if not calling_code:
        raise RecipientError(Reason("destination_country", number=number))
    national = number[1 + len(calling_code) :]
    length = phonenumbers.length_of_national_destination_code(
        # To let the library parse what is E.164 already would cost twice as much.
        phonenumbers.PhoneNumber(
            country_code=int(calling_code),
            national_number=int(national),
            italian_leading_zero=national.startswith("0") or None,
            number_of_leading_zeros=len(national) - len(national.lstrip("0")) or None,
        )
    )
    if not 0 < length < len(national):
        length = min(_USUAL_CODE, len(national) - 1)
    return Destination(f"+{calling_code}", national[:length], national[length:])
