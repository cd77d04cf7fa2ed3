"""Taking messages."""

from collections.abc import Mapping
from typing import NamedTuple

from .. import parts
from ..agenda import Agenda
from ..alphabet import CHARACTERS
from ..scripts import script_for
from .accounts import Account
from .messages import Message, Messages, write_identifier
from .reports import Report
from .requests import Request, Submission
from .settings import Settings

_DIGITS = range(5, 16)


class RefusedError(Exception):
    """A request is refused, by a report code."""

    def __init__(self, report: int) -> None:
        """Name the code."""
        super().__init__(f"report {report}")
        self.report = report


class Outcome(NamedTuple):
    """The identifier of a submission, its report, and the messages taken."""

    identifier: str
    report: int
    messages: list[Message]


class Submissions:
    """Messages from requests: all that one asks for, or none."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        messages: Messages,
        settings: Settings,
        agenda: Agenda,
    ) -> None:
        """Take messages of these accounts into this store."""
        self._accounts = accounts
        self._messages = messages
        self._settings = settings
        self._agenda = agenda
        self._count = 0

    def account(self, request: Request) -> Account:
        """Return whose request it is; raises `RefusedError`."""
        account = self._accounts.get(request.user)
        if account is None or account.locked or account.password != request.pin:
            raise RefusedError(Report.INVALID_LOGIN)
        return account

    def take(self, request: Request, submission: Submission) -> Outcome:
        """Take the messages of a request; raises `RefusedError`."""
        account = self.account(request)
        _check_numbers(submission.recipients)
        text, report = self._text(submission.text)
        count = max(1, parts.in_narrower(text))
        if not account.charge(count * len(submission.recipients)):
            raise RefusedError(self._settings.credit_report)
        now = self._agenda.now()
        identifier = self._identifier(submission)
        messages = [
            Message(
                identifier=identifier,
                account=account.user,
                service=request.service,
                destination=destination,
                text=text,
                parts=count,
                submission=submission,
                submitted=now,
                sent=self._sending(submission, now),
                script=script_for(
                    destination, self._settings.rules, self._settings.script
                ),
            )
            for destination in submission.recipients
        ]
        for message in messages:
            self._messages.add(message)
        return Outcome(identifier, report, messages)

    def clear(self) -> None:
        """Begin the identifiers anew."""
        self._count = 0

    def _identifier(self, submission: Submission) -> str:
        """Return the identifier of a submission."""
        if self._settings.identifiers == "given" and submission.identifier:
            return submission.identifier
        number = self._settings.first_number + self._count
        self._count += 1
        return write_identifier(number, self._settings.identifier_form)

    def _text(self, text: str) -> tuple[str, int]:
        """Return the text without what the alphabet lacks, and the report of it."""
        if self._settings.alphabet == "any" or CHARACTERS.issuperset(text):
            return text, Report.OK
        kept = "".join(filter(CHARACTERS.__contains__, text))
        return kept, self._settings.removed_report

    def _sending(self, submission: Submission, now: float) -> float:
        """Return the moment to send at; what is past is at once."""
        if submission.send_at is not None:
            return max(now, submission.send_at)
        return now + submission.delay * self._settings.delay_unit


def _check_numbers(recipients: tuple[str, ...]) -> None:
    """See that there are numbers, with country codes; raises `RefusedError`."""
    if not recipients:
        raise RefusedError(Report.INVALID_NUMBER)
    for number in recipients:
        if not (number.isascii() and number.isdecimal()):
            raise RefusedError(Report.INVALID_NUMBER)
        if len(number) not in _DIGITS:
            raise RefusedError(Report.INVALID_LENGTH)
        if number.startswith("0"):
            raise RefusedError(Report.NO_COUNTRY_CODE)
