"""The negative answers: -ERR, a number, a text, and perhaps the end of the connection."""

from typing import NamedTuple

_CLOSED = " - [Connection Closed]"


class Refusal(NamedTuple):
    """A negative answer; `ends` the connection or not."""

    code: int
    text: str
    ends: bool = False

    @property
    def line(self) -> str:
        """The answer without its CR and LF."""
        # -ERR 102 alone ends the connection without saying so.
        said = self.ends and self.code != 102
        return f"-ERR {self.code} [{self.text}]{_CLOSED if said else ''}"


class RefusedError(Exception):
    """What the client sent is refused."""

    def __init__(self, refusal: Refusal) -> None:
        """Name the answer."""
        super().__init__(refusal.line)
        self.refusal = refusal


DCS = Refusal(72, "Dcs Not Valid")
SMS_REF = Refusal(73, "SmsRef Not Valid")
SMS_VALIDITY = Refusal(74, "SmsValidity Not Valid")
NOTIFICATION = Refusal(75, "Notification Not Valid")
DELIVERY = Refusal(76, "Delivery Request Not Valid")
UDH = Refusal(77, "Udh Not Valid")
PERMISSION_DENIED = Refusal(79, "Permission Denied!", ends=True)
TCP_NOT_ALLOWED = Refusal(80, "TCP/IP Not Allowed!", ends=True)
SENDER = Refusal(84, "Sender Not Valid")
IP_NOT_AVAILABLE = Refusal(85, "IP Not Available!", ends=True)
RECIPIENT_LOCKED = Refusal(86, "Recipient Locked From Account!")
IP_LOCKED = Refusal(87, "IP Locked!", ends=True)
SMS_TYPE = Refusal(88, "Sms Type Not Valid")
ACCOUNT_NOT_VALID = Refusal(89, "Account Not Valid", ends=True)
ACCOUNT_BLOCKED = Refusal(89, "Account Blocked!", ends=True)
ACCOUNT_NOT_ACTIVE = Refusal(89, "Account Not Active!", ends=True)
DATE = Refusal(92, "Sms Date/Hour Not Valid")
TEXT_MESSAGE = Refusal(93, "Sms Text Message Not Valid")
PHONE_NUMBER = Refusal(94, "Phone Number Not Valid")
GSM_CODE = Refusal(95, "Gsm Code Not Valid")
COUNTRY_CODE = Refusal(96, "Country Code Not Valid")
NO_CREDIT = Refusal(99, "Credit Not Available!", ends=True)
BAD_COMMAND = Refusal(100, "String Not Valid or Bad Command Request")
BAD_SUBMISSION = BAD_COMMAND._replace(ends=True)
"""What the table of SendSMS says, other than everything else: the connection ends."""
TOO_MANY_SESSIONS = Refusal(101, "Too many sessions", ends=True)
SHUT_DOWN = Refusal(102, "Shut Down by Server", ends=True)

BY_CODE = {
    each.code: each
    for each in (
        DCS,
        SMS_REF,
        SMS_VALIDITY,
        NOTIFICATION,
        DELIVERY,
        UDH,
        PERMISSION_DENIED,
        TCP_NOT_ALLOWED,
        SENDER,
        IP_NOT_AVAILABLE,
        RECIPIENT_LOCKED,
        IP_LOCKED,
        SMS_TYPE,
        ACCOUNT_NOT_VALID,
        DATE,
        TEXT_MESSAGE,
        PHONE_NUMBER,
        GSM_CODE,
        COUNTRY_CODE,
        NO_CREDIT,
        BAD_COMMAND,
        TOO_MANY_SESSIONS,
        SHUT_DOWN,
    )
}
"""One negative answer of each number, that of packets where there are several."""
