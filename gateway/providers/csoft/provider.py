"""One account at Connection Software."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import override

import aiohttp

from ...errors import ProviderError, UncertainError, UnsupportedError
from ...model import Credit, Draft, Encoding, Fragment, Message, Submission
from ...reasons import Reason
from ...text import Measure
from ..provider import Capabilities, Inbox, Provider
from .answers import read_collected, read_credit, read_submission
from .collector import Collector
from .login import CsoftLogin
from .requests import collection, credit_question, measure_text, submission
from .server import Server


class CsoftProvider(Provider):
    """Sends by SOAP; receipts come to the webhook (`webhook.take_post`).

    Without a login it takes receipts only.
    """

    def __init__(
        self, session: aiohttp.ClientSession, login: CsoftLogin | None = None
    ) -> None:
        """Take the session, which stays the caller's, and the login."""
        self._login = login
        self._server = Server(session, login) if login else None
        self._collector: Collector | None = None
        if login and login.collect_every is not None:
            self._collector = Collector(self._collect, login.collect_every)
        self.capabilities = Capabilities(
            flash=login is not None,
            schedule=login is not None,
            credit=login is not None,
            incoming=self._collector is not None,
        )

    @override
    async def start(self, inbox: Inbox) -> None:
        """Begin to collect incoming messages, where that is wanted."""
        if self._collector:
            self._collector.start(inbox)

    @override
    async def close(self) -> None:
        """Collect no more."""
        if self._collector:
            await self._collector.close()

    @override
    def check(self, draft: Draft) -> None:
        """Raise InputError when this account can never carry the draft."""
        if self._login is None:
            raise UnsupportedError("account", "receipts_only")
        super().check(draft)

    @override
    def measure(self, text: str, encoding: Encoding) -> Measure:
        """Count the parts that the server will make of a text."""
        return measure_text(text, encoding)

    @override
    async def submit(self, message: Message) -> Submission:
        """Hand one message over."""
        login, server = self._sending()
        question = submission(login, message, datetime.now(UTC))
        answer = await server.ask(question, lost=UncertainError)
        return read_submission(answer, login.without_secrets)

    @override
    async def balance(self) -> Credit:
        """Ask for the credit; this also proves the login."""
        login, server = self._sending()
        answer = await server.ask(credit_question(login))
        return read_credit(answer, login.without_secrets)

    @override
    async def check_login(self) -> Credit | None:
        """Prove the login, where there is one."""
        return await self.balance() if self._login else None

    async def _collect(self) -> Sequence[Fragment]:
        login, server = self._sending()
        answer = await server.ask(collection(login))
        return read_collected(answer, login.without_secrets)

    def _sending(self) -> tuple[CsoftLogin, Server]:
        """Return what is needed to ask; raises ProviderError when it is not there."""
        if self._login is None or self._server is None:
            raise ProviderError(Reason("receipts_only"))
        return self._login, self._server
