"""Answering questions: message status, balance and coverage."""

from collections.abc import Mapping

from ..accounts import Account
from ..clock import Clock
from . import coverage, replies
from .errors import ErrorCode, RefusedError
from .messages import Messages
from .replies import Reply
from .settings import Settings


class Enquiries:
    """The services that only answer."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        messages: Messages,
        settings: Settings,
        clock: Clock,
    ) -> None:
        """Answer about these accounts and messages."""
        self._accounts = accounts
        self._messages = messages
        self._settings = settings
        self._clock = clock

    def status(self, parameters: Mapping[str, str]) -> Reply:
        """Answer what became of a part; raises `RefusedError`."""
        part_id = self._part_id(parameters)
        message = self._messages.by_id(part_id)
        now = self._clock.now()
        if message is None or now - message.sent > self._settings.retention:
            raise RefusedError(ErrorCode.HTTP25)
        state = self._messages.state(part_id, now)
        if self._settings.status_reply == "word":
            return replies.plain(state.status)
        if parameters.get("format") == "json":
            return replies.status_json(part_id, state)
        return replies.status(part_id, state)

    def balance(self, parameters: Mapping[str, str]) -> Reply:
        """Answer how much credit an account has; raises `RefusedError`."""
        account = self._login(parameters)
        if account is None:
            return replies.plain(replies.INVALID_LOGIN)
        return replies.balance(account.credit, self._settings.balance_reply)

    def coverage(self, parameters: Mapping[str, str]) -> Reply:
        """Answer with the coverage file; raises `RefusedError`."""
        account = self._login(parameters)
        if account is None:
            return replies.plain(replies.INVALID_LOGIN)
        file = coverage.file(account.user, parameters.get("format", "1"))
        if file is None:
            raise RefusedError(ErrorCode.HTTP16)
        return file

    def _login(self, parameters: Mapping[str, str]) -> Account | None:
        """Return the account of `userid` and `password`, None if they are wrong."""
        try:
            user, password = parameters["userid"], parameters["password"]
        except KeyError as missing:
            raise RefusedError(ErrorCode.HTTP02) from missing
        account = self._accounts.get(user)
        return account if account and account.password == password else None

    def _part_id(self, parameters: Mapping[str, str]) -> int:
        """Return the id asked for."""
        spelling = self._settings.status_parameter
        spellings = ("respid", "respId") if spelling == "any" else (spelling,)
        for name in spellings:
            value = parameters.get(name)
            if value is not None:
                if not (value.isascii() and value.isdecimal()):
                    raise RefusedError(ErrorCode.HTTP08)
                return int(value)
        raise RefusedError(ErrorCode.HTTP02)
