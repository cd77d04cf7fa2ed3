"""Receipts that a websmpp server brings by itself, as GET on an address of ours.

Not in the specification; AMS servers send `MessageId`, `Source`, `Destination`,
`Status`, `SubmitDate`, `DoneDate` and, where set up so, `mcc`, `mnc`, `BatchId`. They
send a receipt again until the body of the answer has an `ok` in it.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from ...errors import DocumentError
from ...model import Receipt
from .answers import real_code
from .codes import RAW_LENGTH, state_of

ACKNOWLEDGEMENT: Final = "ok"
_LONGEST: Final = 64
"""Characters of an id, a status, a number or a code."""


def read_push(query: Mapping[str, str]) -> Receipt:
    """Read a receipt from the parameters of the request, in any case.

    Raises DocumentError, which names the parameter, for what is no receipt.
    """
    fields = {name.lower(): value.strip() for name, value in query.items()}
    for name in ("MessageId", "Status"):
        if not 0 < len(fields.get(name.lower(), "")) <= _LONGEST:
            raise DocumentError(name, f"must have 1 to {_LONGEST} characters")
    return Receipt(
        provider_id=_sound(fields["messageid"]),
        state=state_of(fields["status"]),
        error_code=real_code(_sound(fields.get("errcode", ""))),
        recipient=_sound(fields.get("destination", "")) or None,
        raw=urlencode(query, errors="replace")[:RAW_LENGTH],
    )


def _sound(value: str) -> str:
    """Cut a value to what a journal can hold."""
    return value[:_LONGEST].encode(errors="replace").decode()
