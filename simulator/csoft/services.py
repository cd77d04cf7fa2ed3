"""Carrying out requests."""

from . import answers
from .answers import Answer, Answers
from .documents import MalformedError
from .messages import Mailbox
from .receipts import Receipts
from .reports import Report, text_of
from .requests import Request, Service, Submission
from .settings import Settings
from .submissions import RefusedError, Submissions


class Services:
    """What the system does for its customers."""

    def __init__(
        self,
        submissions: Submissions,
        receipts: Receipts,
        mailbox: Mailbox,
        settings: Settings,
    ) -> None:
        """Take messages, post their receipts, and hand out those from phones."""
        self._submissions = submissions
        self._receipts = receipts
        self._mailbox = mailbox
        self._settings = settings
        self._answers = Answers(settings)

    async def carry_out(self, request: Request) -> Answer:
        """Return the answer to a request, be it a refusal."""
        try:
            if request.submission is not None:
                return await self._submit(request, request.submission)
            account = self._submissions.account(request)
        except RefusedError as refused:
            return self.report(request.service, "", refused.report)
        if request.service is Service.CREDIT:
            return self._answers.credit(account.currency, account.credit)
        messages = self._mailbox.collect(account.user, self._settings.collect_most)
        return self._answers.collected(Report.OK, messages)

    def report(self, service: Service, identifier: str, report: int) -> Answer:
        """Answer by a report code, with an identifier if something was taken.

        How `AvailableCredit` is refused is not known, there being no place for a code
        in its answer: here by a SOAP fault.
        """
        if service is Service.CREDIT:
            return answers.fault(MalformedError(text_of(report)))
        if service is Service.COLLECT:
            return self._answers.collected(report, ())
        return self._answers.submission(service, identifier, report, text_of(report))

    async def _submit(self, request: Request, submission: Submission) -> Answer:
        """Take messages and see to their receipts."""
        outcome = self._submissions.take(request, submission)
        for message in outcome.messages:
            if self._settings.receipt_timing == "early":
                await self._receipts.post_early(message)
            else:
                self._receipts.plan(message)
        text = None if outcome.report == Report.OK else text_of(outcome.report)
        return self._answers.submission(
            request.service, outcome.identifier, outcome.report, text
        )
