"""The specification's example of a receipt, and others in any form."""

from typing import Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

EXAMPLE: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"          
 xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" 
 xmlns:xsi="http://www.w3.org/1999/XMLSchema-instance" 
 xmlns:xsd="http://www.w3.org/1999/XMLSchema" 
 xmlns:ns1="http://www.itsarrived.net/dtd/sendsms2"
 xmlns:ns2="http://www.itsarrived.net/dtd/sendsms3">
<SOAP-ENV:Body SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
<ns2:SubmitDeliveryReceipt>
<Username xsi:type="xsd:string">ANOther.61234</Username>
<PIN xsi:type="xsd:string">BLUE.music</PIN>
<Timestamp1 xsi:type="xsd:dateTime">2002-08-27T13:38:00Z</Timestamp1>
<SentTo xsi:type="xsd:string">447009123456</SentTo>
<MessageIdentifier xsi:type="xsd:string">3C7D98A4</MessageIdentifier>
<Report xsi:type="xsd:int">0</Report>
</ns2:SubmitDeliveryReceipt>
</SOAP-ENV:Body>
</SOAP-ENV:Envelope>
"""  # noqa: W291 - as it is printed
EXAMPLE_ANSWER: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"
xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"
xmlns:xsi="http://www.w3.org/1999/XMLSchema-instance"
xmlns:xsd="http://www.w3.org/1999/XMLSchema"
xmlns:ns1="http://www.itsarrived.net/dtd/sendsms2"
xmlns:ns2="http://www.itsarrived.net/dtd/sendsms3">
<SOAP-ENV:Body SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
<ns2:SubmitDeliveryReceiptResponse>
<MessageIdentifier xsi:type="xsd:string">3C7D98A4</MessageIdentifier>
<Report xsi:type="xsd:int">0</Report>
<Text xsi:type="xsd:string">
</Text>
</ns2:SubmitDeliveryReceiptResponse>
</SOAP-ENV:Body>
</SOAP-ENV:Envelope>
"""
USERNAME: Final = "ANOther.61234"
PIN: Final = "BLUE.music"
IDENTIFIER: Final = "3C7D98A4"
SENT_TO: Final = "447009123456"
FIELDS: Final = {
    "Username": USERNAME,
    "PIN": PIN,
    "Timestamp1": "2002-08-27T13:38:00Z",
    "SentTo": SENT_TO,
    "MessageIdentifier": IDENTIFIER,
    "Report": "0",
}


def soap(*receipts: dict[str, str]) -> bytes:
    """Post these receipts in a plain form: no types, no namespace of their own."""
    bodies = "".join(
        "<SubmitDeliveryReceipt>"
        + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in each.items())
        + "</SubmitDeliveryReceipt>"
        for each in receipts
    )
    return (
        '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<S:Body>{bodies}</S:Body></S:Envelope>"
    ).encode()


def form(**fields: str) -> bytes:
    """Post a receipt as a form."""
    return urlencode(fields).encode()
