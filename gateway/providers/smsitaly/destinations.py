"""A number as the server wants it: country code, GSM code, the rest.

Source: smsitaly specification, "Submission": `CountryCode=+39`, `GsmCode=333`,
`PhoneNumber=12345`. The server joins the three again.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers

from ...errors import RecipientError

_USUAL_CODE: Final = 3


class Destination(NamedTuple):
    """The three values of a number."""

    country_code: str
    gsm_code: str
    phone_number: str


@lru_cache(maxsize=1024)
def split(number: str) -> Destination:
    """Split an E.164 number; raises RecipientError for a short code.

    The GSM code is the national destination code, that is the prefix of an operator or
    an area. Where numbering plans have none, the first digits stand for it.
    """
    if not number.startswith("+"):
        raise RecipientError("this system needs a country code: no short codes")
    parsed = phonenumbers.parse(number)
    national = phonenumbers.national_significant_number(parsed)
    length = phonenumbers.length_of_national_destination_code(parsed)
    if not 0 < length < len(national):
        length = min(_USUAL_CODE, len(national) - 1)
    return Destination(f"+{parsed.country_code}", national[:length], national[length:])
