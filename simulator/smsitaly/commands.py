"""The ASCII interface: one command a line, one answer to each."""

from typing import TYPE_CHECKING

from . import refusals, requests
from .answers import OK, Answer, positive
from .fields import FORMS, Field, InvalidFieldError
from .messages import Interface
from .refusals import Refusal, RefusedError
from .requests import FIELD_COMMANDS, Request

if TYPE_CHECKING:
    from .centre import Centre
    from .session import Session

_LABELS = {
    Field.SENDER: "SENDER",
    Field.COUNTRY_CODE: "COUNTRY CODE",
    Field.GSM_CODE: "GSM CODE",
    Field.PHONE_NUMBER: "PHONE NUMBER",
    Field.TEXT_MESSAGE: "SMS TEXTMESSAGE",
    Field.SMS_TYPE: "SMS TYPE",
    Field.SMS_DAY: "SMS DAY",
    Field.SMS_MONTH: "SMS MONTH",
    Field.SMS_YEAR: "SMS YEAR",
    Field.SMS_HOUR: "SMS HOUR",
    Field.SMS_MINUTE: "SMS MINUTE",
    Field.SMS_AM_PM: "SMS AMPM",
    Field.UDH: "UDH",
    Field.DELIVERY: "DELIVERY",
    Field.NOTIFICATION: "NOTIFICATION",
    Field.SMS_VALIDITY: "SMSVALIDITY",
    # Printed so: the label of the field before it.
    Field.SMS_REF: "SMSVALIDITY",
    Field.DCS: "DCS",
}
_NOTED = frozenset({Field.UDH, Field.DELIVERY})
_NOTE = " (Default 0)"

# Where the tables of the commands word an answer otherwise than those of the packets.
_REFUSALS = {
    Field.SMS_DAY: Refusal(92, "Sms Day Not Valid"),
    Field.SMS_MONTH: Refusal(92, "Sms Month Not Valid"),
    Field.SMS_YEAR: Refusal(92, "Sms Year Not Valid"),
    Field.SMS_HOUR: Refusal(92, "Sms Hour Not Valid"),
    Field.SMS_MINUTE: Refusal(92, "Sms Minute Not Valid"),
    Field.SMS_AM_PM: Refusal(92, "Sms AmPm Not Valid"),
    Field.SMS_VALIDITY: Refusal(74, "SmsValidity Not valid"),
    Field.SMS_REF: Refusal(73, "SmsRef Not valid"),
    Field.DCS: Refusal(72, "Dcs Not valid"),
}


class Commands:
    """The answers to commands; each may raise `RefusedError`."""

    def __init__(self, centre: Centre) -> None:
        """Answer at this gate."""
        self._centre = centre

    def answer(self, session: Session, request: Request) -> Answer:
        """Answer a command, or what is none."""
        match request.name:
            case requests.ACCOUNT:
                return self._name(session, request.value)
            case requests.PASSWORD:
                return self._log_in(session, request.value)
            case requests.QUERY:
                return self._query(session, request.value)
            case requests.SEND:
                return self._send(session, request.value)
            case requests.OTHER:
                raise RefusedError(refusals.BAD_COMMAND)
            case name:
                return self._put(session, FIELD_COMMANDS[name], request.value)

    def _name(self, session: Session, user: str) -> Answer:
        """Take the name of an account."""
        if session.account is not None:
            raise RefusedError(refusals.BAD_COMMAND)
        self._centre.login.find(user)
        session.named = user
        return Answer(OK)

    def _log_in(self, session: Session, password: str) -> Answer:
        """Take the password: the name has to come before it."""
        if session.account is not None:
            raise RefusedError(refusals.BAD_COMMAND)
        return self._centre.login.admit(
            session, session.named, password, by_packet=False
        )

    def _query(self, session: Session, what: str) -> Answer:
        """Tell the credit or the status."""
        if what not in {"Balance", "Status"}:
            raise RefusedError(refusals.BAD_COMMAND)
        account = session.account
        if account is None:
            raise RefusedError(refusals.ACCOUNT_NOT_VALID)
        if self._centre.accounts.get(account.user) is not account:
            raise RefusedError(refusals.ACCOUNT_NOT_VALID)
        return positive(account.status if what == "Status" else str(account.balance))

    def _put(self, session: Session, field: Field, value: str) -> Answer:
        """Take a field of the next message."""
        if session.draft is None:
            raise RefusedError(refusals.BAD_COMMAND)
        try:
            value = session.draft.put(field, value)
        except InvalidFieldError as error:
            refusal = _REFUSALS.get(field) or FORMS[field].refusal
            raise RefusedError(refusal) from error
        if field is Field.SMS_TYPE:
            value = value or "Text Message"
        elif field is Field.SMS_AM_PM and value:
            # Printed so, be the hour before or after noon.
            value = "AM"
        answer = positive(f"{_LABELS[field]}: {value}")
        if field in _NOTED and self._centre.settings.default_notes:
            return Answer(answer.line + _NOTE)
        return answer

    def _send(self, session: Session, value: str) -> Answer:
        """Take the message whose fields were given."""
        account, draft = session.account, session.draft
        if account is None or draft is None:
            raise RefusedError(refusals.ACCOUNT_NOT_VALID)
        if value != "OKSEND":
            raise RefusedError(refusals.BAD_SUBMISSION)
        try:
            return self._centre.submissions.send(
                session, account, draft, Interface.ASCII
            )
        except InvalidFieldError as error:
            raise RefusedError(refusals.BAD_SUBMISSION) from error
