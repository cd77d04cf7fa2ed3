"""What we answer to receipts.

Source: Connection Software specification, "Tags that can be present in your SOAP
response" and the example of a response.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from .codes import CATCH_ALL, DELIVERED, INVALID_LOGIN
from .envelopes import escape

CONTENT_TYPE: Final = "text/soap; charset=utf-8"

LONGEST_TEXT: Final = 255

_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"
xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"
xmlns:xsi="http://www.w3.org/1999/XMLSchema-instance"
xmlns:xsd="http://www.w3.org/1999/XMLSchema"
xmlns:ns1="http://www.itsarrived.net/dtd/sendsms2"
xmlns:ns2="http://www.itsarrived.net/dtd/sendsms3">
<SOAP-ENV:Body SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
"""
_TAIL: Final = """\
</SOAP-ENV:Body>
</SOAP-ENV:Envelope>
"""


class Acknowledgement(NamedTuple):
    """The answer to one receipt."""

    identifier: str
    report: int = DELIVERED
    text: str = ""


def taken(identifier: str) -> Acknowledgement:
    """Answer a receipt that is recorded and has its message."""
    return Acknowledgement(identifier)


def unmatched(identifier: str) -> Acknowledgement:
    """Answer a receipt that matches no message."""
    return Acknowledgement(identifier, CATCH_ALL, "No message has this identifier")


def unreadable(identifier: str, reason: str) -> Acknowledgement:
    """Answer what is no receipt."""
    return Acknowledgement(identifier, CATCH_ALL, reason)


def refused(identifier: str) -> Acknowledgement:
    """Answer a receipt with a wrong Username or PIN."""
    return Acknowledgement(identifier, INVALID_LOGIN, "Invalid login")


def write_answer(acknowledgements: Sequence[Acknowledgement]) -> bytes:
    """Write the answer to a post, one element for each receipt in it."""
    responses = "".join(map(_response, acknowledgements))
    return f"{_HEAD}{responses}{_TAIL}".encode()


def _response(acknowledgement: Acknowledgement) -> str:
    identifier, report, text = acknowledgement
    # An empty one is a line break in the example.
    words = escape(text[:LONGEST_TEXT]) if text else "\n"
    return (
        "<ns2:SubmitDeliveryReceiptResponse>\n"
        '<MessageIdentifier xsi:type="xsd:string">'
        f"{escape(identifier)}</MessageIdentifier>\n"
        f'<Report xsi:type="xsd:int">{report}</Report>\n'
        f'<Text xsi:type="xsd:string">{words}</Text>\n'
        "</ns2:SubmitDeliveryReceiptResponse>\n"
    )
