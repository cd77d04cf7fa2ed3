"""Taking a message, in both interfaces."""

from typing import TYPE_CHECKING

from . import dates, refusals, texts
from .accounts import Account, Status
from .answers import Answer, positive
from .messages import Interface, Message
from .refusals import RefusedError

if TYPE_CHECKING:
    from .centre import Centre
    from .drafts import Draft
    from .session import Session


class Submissions:
    """Messages from drafts."""

    def __init__(self, centre: Centre) -> None:
        """Take messages into the store of this gate."""
        self._centre = centre

    def send(
        self, session: Session, account: Account, draft: Draft, interface: Interface
    ) -> Answer:
        """Take the message that is drafted.

        Raises `RefusedError`, or `InvalidFieldError` if the fields make no message.
        """
        self._check_status(account, interface)
        values = draft.complete()
        centre = self._centre
        now, offset = centre.agenda.now(), centre.settings.utc_offset
        scheduled = dates.moment(values, now, offset)
        content = texts.read(values)
        message = Message(
            account=account.user,
            session=session.number,
            interface=interface,
            fields=values,
            content=content,
            taken=now,
            scheduled=scheduled,
        )
        if message.recipient in account.locked_recipients:
            draft.clear()
            raise RefusedError(refusals.RECIPIENT_LOCKED)
        if not account.charge(content.parts):
            raise RefusedError(refusals.NO_CREDIT)
        centre.messages.add(message)
        draft.sent()
        # The specification does not say which moment it tells: that of the answer.
        return positive(
            f"SMS SEND MESSAGE TO: {message.recipient} - {dates.stamp(now, offset)}",
            account.balance,
        )

    def _check_status(self, account: Account, interface: Interface) -> None:
        """See that the account still is what it was, and may send."""
        if self._centre.accounts.get(account.user) is not account:
            raise RefusedError(refusals.ACCOUNT_NOT_VALID)
        if account.status == Status.BLOCKED:
            raise RefusedError(refusals.ACCOUNT_BLOCKED)
        if account.status != Status.ACTIVE:
            # The table of SendSMS does not know "Not Active".
            packet = interface is Interface.PACKET
            raise RefusedError(
                refusals.ACCOUNT_NOT_ACTIVE if packet else refusals.ACCOUNT_NOT_VALID
            )
