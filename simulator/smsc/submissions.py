"""Taking messages: SMPP specification v3.4, clauses 4.4 and 4.7."""

import time

from ..accounts import Account
from ..scripts import Step, script_for
from . import checks, ids, pdus, user_data
from .centre import Centre
from .commands import SENDING, Command
from .messages import Message
from .octets import cstring
from .pdus import ShortMessage
from .rate import Rate
from .receipts import Receipts
from .session import Service, Session
from .states import Script
from .statuses import CommandStatus, RefusedError
from .times import TimeError, read_time
from .user_data import UserData


class Submissions:
    """The services that take messages."""

    def __init__(self, centre: Centre, receipts: Receipts, rate: Rate) -> None:
        """Take messages into the store of this SMSC."""
        self._centre = centre
        self._settings = centre.settings
        self._receipts = receipts
        self._rate = rate

    def services(self) -> dict[int, Service]:
        """Return the services by command_id."""
        return {
            Command.SUBMIT_SM: Service(self._submit_sm, SENDING),
            Command.DATA_SM: Service(self._data_sm, SENDING),
        }

    def _submit_sm(self, session: Session, body: bytes) -> bytes:
        """Take a message."""
        account = self._account(session)
        message = self._take(session, account, pdus.read_short_message(body))
        return cstring(message.message_id)

    def _data_sm(self, session: Session, body: bytes) -> bytes:
        """Take a message whose text is in message_payload."""
        account = self._account(session)
        message = self._take(session, account, pdus.read_data_message(body))
        return cstring(message.message_id)

    def _account(self, session: Session) -> Account:
        """Return the account, which is not to submit too fast."""
        account, rate = session.account, self._settings.rate
        if account is None:
            raise RefusedError(CommandStatus.ESME_RINVBNDSTS)
        if rate is not None and not self._rate.allows(
            account.user, rate, self._centre.agenda.now()
        ):
            raise RefusedError(self._settings.rate_status)
        return account

    def _take(self, session: Session, account: Account, pdu: ShortMessage) -> Message:
        """Store a message, or put it in the place of one that is not yet sent."""
        settings, messages = self._settings, self._centre.messages
        now = self._centre.agenda.now()
        checks.check(pdu, account, settings.coding_status)
        data = user_data.read(pdu)
        sent, expires = times_of(pdu, now)
        self._charge(account, data)
        earlier = self._earlier(account, pdu) if pdu.replace_if_present_flag else None
        if earlier is not None:
            earlier.revise(pdu, data, sent, expires)
            self._receipts.plan(earlier)
            return earlier
        number = messages.next_number
        message = Message(
            number,
            ids.write_id(number, settings.id_form),
            account.user,
            session.number,
            pdu,
            data,
            time.monotonic(),
            now,
            sent,
            expires,
            self._script(pdu.destination.digits),
            settings.default_alphabet,
        )
        messages.add(message)
        if pdu.registered_delivery:
            self._receipts.plan(message)
        return message

    def _charge(self, account: Account, data: UserData) -> None:
        """Take the price of a message."""
        if account.expired or account.locked:
            raise RefusedError(CommandStatus.ESME_RSUBMITFAIL)
        if not account.charge(data.parts):
            raise RefusedError(self._settings.credit_status)

    def _earlier(self, account: Account, pdu: ShortMessage) -> Message | None:
        """Return the message to be replaced (clause 5.2.18), if there is one."""
        now = self._centre.agenda.now()
        for message in reversed(self._centre.messages):
            if (
                message.user == account.user
                and message.pdu.source == pdu.source
                and message.pdu.destination == pdu.destination
                and message.pdu.service_type == pdu.service_type
                and message.is_en_route(now)
            ):
                return message
        return None

    def _script(self, destination: str) -> Script:
        """Return the script of a new message."""
        script = script_for(destination, self._settings.rules, self._settings.script)
        if self._settings.receipt_timing == "early" and script:
            return (Step(0.0, script[-1].status),)
        return script


def times_of(
    pdu: ShortMessage | pdus.Replace, now: float
) -> tuple[float, float | None]:
    """Return when a message is to be sent, and when its validity period ends.

    Both in seconds since 1970, the latter None if there is none. Raises `RefusedError`
    for a time that cannot be read or that is past.
    """
    try:
        scheduled = read_time(pdu.schedule_delivery_time, now)
    except TimeError as error:
        raise RefusedError(CommandStatus.ESME_RINVSCHED) from error
    if scheduled is not None and scheduled <= now:
        raise RefusedError(CommandStatus.ESME_RINVSCHED)
    sent = now if scheduled is None else scheduled
    try:
        expires = read_time(pdu.validity_period, now)
    except TimeError as error:
        raise RefusedError(CommandStatus.ESME_RINVEXPIRY) from error
    if expires is not None and expires <= sent:
        raise RefusedError(CommandStatus.ESME_RINVEXPIRY)
    return sent, expires
