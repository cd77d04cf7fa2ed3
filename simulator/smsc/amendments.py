"""Asking after messages and changing them: SMPP v3.4, clauses 4.8 to 4.10."""

from functools import partial

from . import checks, pdus, user_data
from .centre import Centre
from .commands import SENDING, Command
from .messages import Message, Stage
from .pdus import NO_ADDRESS, Address, Cancel
from .receipts import Receipts, error_number
from .session import Service, Session
from .states import MessageState
from .statuses import CommandStatus, RefusedError
from .submissions import times_of
from .tags import Tag
from .times import write_time


class Amendments:
    """The services for messages that were taken before."""

    def __init__(self, centre: Centre, receipts: Receipts) -> None:
        """Look into the store of this SMSC."""
        self._centre = centre
        self._receipts = receipts

    def services(self) -> dict[int, Service]:
        """Return the services by command_id."""
        return {
            Command.QUERY_SM: Service(self._query_sm, SENDING),
            Command.CANCEL_SM: Service(self._cancel_sm, SENDING),
            Command.REPLACE_SM: Service(self._replace_sm, SENDING),
        }

    def _query_sm(self, session: Session, body: bytes) -> bytes:
        """Tell the state of a message."""
        query = pdus.read_query(body)
        message = self._find(
            session, query.message_id, query.source, CommandStatus.ESME_RQUERYFAIL
        )
        state, since = message.stage(self._centre.agenda.now())
        final = write_time(since) if state.final else ""
        error = int(error_number(state))
        return pdus.write_query_resp(query.message_id, final, state, error)

    def _cancel_sm(self, session: Session, body: bytes) -> bytes:
        """Cancel a message, or all that fit if no message_id is given."""
        cancel = pdus.read_cancel(body)
        now = self._centre.agenda.now()
        found = [each for each in self._meant(session, cancel) if each.is_en_route(now)]
        if not found:
            raise RefusedError(CommandStatus.ESME_RCANCELFAIL)
        stage = Stage(MessageState.DELETED, now)
        for message in found:
            message.fix(stage)
        session.after_reply(partial(self._tell_all, found, stage))
        return b""

    def _replace_sm(self, session: Session, body: bytes) -> bytes:
        """Replace text, times and receipt of a message; null times stay as they are."""
        replace = pdus.read_replace(body)
        message = self._find(
            session, replace.message_id, replace.source, CommandStatus.ESME_RREPLACEFAIL
        )
        now = self._centre.agenda.now()
        if not message.is_en_route(now):
            raise RefusedError(CommandStatus.ESME_RREPLACEFAIL)
        checks.check_receipt_and_default(
            replace.registered_delivery, replace.sm_default_msg_id
        )
        pdu = message.pdu._replace(
            short_message=replace.short_message,
            registered_delivery=replace.registered_delivery,
            parameters={
                tag: value
                for tag, value in message.pdu.parameters.items()
                if tag != Tag.MESSAGE_PAYLOAD
            },
        )
        data = user_data.read(pdu)
        sent, expires = times_of(replace, now)
        message.revise(
            pdu,
            data,
            sent if replace.schedule_delivery_time else message.sent,
            expires if replace.validity_period else message.expires,
        )
        self._receipts.plan(message)
        return b""

    def _tell_all(self, messages: list[Message], stage: Stage) -> None:
        """Send the receipts of a stage."""
        for message in messages:
            self._receipts.tell(message, stage)

    def _find(
        self,
        session: Session,
        message_id: str,
        source: Address,
        foreign: CommandStatus,
    ) -> Message:
        """Return a message of the session's account and of this source."""
        message = self._centre.messages.by_id(message_id)
        if (
            message is None
            or session.account is None
            or message.user != session.account.user
        ):
            raise RefusedError(CommandStatus.ESME_RINVMSGID)
        if message.pdu.source != source:
            raise RefusedError(foreign)
        return message

    def _meant(self, session: Session, cancel: Cancel) -> list[Message]:
        """Return the messages that are to be cancelled (clause 4.9)."""
        if cancel.message_id:
            message = self._find(
                session,
                cancel.message_id,
                cancel.source,
                CommandStatus.ESME_RCANCELFAIL,
            )
            if cancel.destination not in {NO_ADDRESS, message.pdu.destination}:
                raise RefusedError(CommandStatus.ESME_RCANCELFAIL)
            return [message]
        return [
            each
            for each in self._centre.messages
            if session.account is not None
            and each.user == session.account.user
            and each.pdu.source == cancel.source
            and each.pdu.destination == cancel.destination
            and cancel.service_type in {"", each.pdu.service_type}
        ]
