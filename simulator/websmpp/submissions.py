"""Taking messages: submission and scheduling."""

from collections.abc import Mapping
from typing import NamedTuple

from ..accounts import Account
from ..clock import Clock
from ..scripts import Step, script_for
from .errors import ABORTING, ErrorCode, ForcedErrors, RefusedError
from .messages import Message, Messages
from .parts import CodingError, MessageType, count_parts, decode
from .schedule import ScheduleError, sending_time
from .settings import Settings
from .statuses import Script

RECIPIENT_LIMITS = {"GET": 100, "POST": 10_000}
_DIGITS = range(5, 16)
_TYPES = {str(int(each)): each for each in MessageType}


class Content(NamedTuple):
    """What is sent to every recipient of a request."""

    account: Account
    source: str
    type: MessageType
    text: str
    parts: int
    scheduled: float | None


class Outcome(NamedTuple):
    """The lines of the reply, the errors among them, and the messages taken."""

    lines: list[str]
    errors: list[ErrorCode]
    messages: list[Message]


class Submissions:
    """The service that takes messages."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        messages: Messages,
        errors: ForcedErrors,
        settings: Settings,
        clock: Clock,
    ) -> None:
        """Take messages of these accounts into this store."""
        self._accounts = accounts
        self._messages = messages
        self._errors = errors
        self._settings = settings
        self._clock = clock

    def submit(self, method: str, parameters: Mapping[str, str]) -> Outcome:
        """Carry out a request; raises `RefusedError` if it is refused as a whole."""
        now = self._clock.now()
        recipients, content = self._read(method, parameters, now)
        outcome = Outcome([], [], [])
        batch = self._messages.next_id
        for recipient in recipients:
            destination = recipient.strip()
            if not (destination.isascii() and destination.isdecimal()):
                continue  # Observed: such a recipient vanishes without a line.
            code = self._objection(destination, content)
            if code is not None:
                outcome.lines.append(code.line)
                outcome.errors.append(code)
                if code in ABORTING:
                    break
                continue
            message = Message(
                account=content.account.user,
                source=content.source,
                destination=destination,
                type=content.type,
                text=content.text,
                parts=content.parts,
                first_id=self._messages.next_id,
                batch=batch,
                submitted=now,
                scheduled=content.scheduled,
                method=method,
                script=self._script(destination),
            )
            self._messages.add(message)
            outcome.messages.append(message)
            outcome.lines.extend(map(str, message.ids))
        return outcome

    def _read(
        self, method: str, parameters: Mapping[str, str], now: float
    ) -> tuple[list[str], Content]:
        """Return the recipients and the content of a request, or refuse it."""
        try:
            user, password = parameters["user"], parameters["pass"]
            source, numbers = parameters["sid"], parameters["mno"]
            type_name, raw = parameters["type"], parameters["text"]
        except KeyError as missing:
            raise RefusedError(ErrorCode.HTTP02) from missing
        account = self._accounts.get(user)
        if account is None:
            raise RefusedError(ErrorCode.HTTP05)
        if account.password != password:
            raise RefusedError(ErrorCode.HTTP04)
        if account.locked:
            raise RefusedError(ErrorCode.HTTP15)
        message_type = _TYPES.get(type_name)
        if message_type is None:
            raise RefusedError(ErrorCode.HTTP07)
        recipients = numbers.split(",")
        if not any(recipients):
            raise RefusedError(ErrorCode.HTTP10)
        if len(recipients) > RECIPIENT_LIMITS[method]:
            raise RefusedError(ErrorCode.HTTP24)
        scheduled = self._scheduled(parameters, now)
        text = self._text(message_type, raw)
        parts = count_parts(message_type, text)
        content = Content(account, source, message_type, text, parts, scheduled)
        return recipients, content

    def _scheduled(self, parameters: Mapping[str, str], now: float) -> float | None:
        """Return the moment to send at, None for at once."""
        schtime = parameters.get("schtime")
        if schtime is None:
            return None
        gmt = parameters.get("gmt", "")
        try:
            moment = sending_time(schtime, gmt, self._settings.gmt_reading)
        except ScheduleError as error:
            raise RefusedError(ErrorCode.HTTP22) from error
        if moment <= now:
            raise RefusedError(ErrorCode.HTTP22)
        return moment

    def _text(self, message_type: MessageType, raw: str) -> str:
        """Return the text, decoded."""
        restricted = message_type.is_gsm and self._settings.restricted == "refuse"
        if restricted and ("&" in raw or "#" in raw):
            raise RefusedError(ErrorCode.HTTP16)
        try:
            return decode(message_type, raw)
        except CodingError as error:
            raise RefusedError(ErrorCode.HTTP19) from error

    def _objection(self, destination: str, content: Content) -> ErrorCode | None:
        """Return why a recipient gets no message; if there is no reason, charge it."""
        account = content.account
        if len(self._errors) > 0:
            forced = self._errors.for_recipient(destination)
            if forced is not None:
                return forced
        if account.expired:
            return ErrorCode.HTTP26
        if not account.may_send_as(content.source):
            return ErrorCode.HTTP06
        if not 0 < content.parts <= self._settings.max_parts:
            return ErrorCode.HTTP17
        if len(destination) not in _DIGITS or destination.startswith("0"):
            return ErrorCode.HTTP09
        return None if account.charge(content.parts) else ErrorCode.HTTP18

    def _script(self, destination: str) -> Script:
        """Return the script of a new message."""
        script = script_for(destination, self._settings.rules, self._settings.script)
        if self._settings.push_timing == "early" and script:
            return (Step(0.0, script[-1].status),)
        return script
