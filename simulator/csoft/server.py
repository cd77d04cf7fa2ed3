"""The server: requests in, answers out."""

import asyncio
from collections.abc import Iterable
from typing import Final, override

from aiohttp import hdrs, web

from ..agenda import Agenda
from ..clock import Clock, SystemClock
from ..control import ROOT
from ..web import WebSimulator
from . import answers, requests, wire
from .accounts import Account
from .answers import Answer
from .attacks import Attack
from .control import control
from .documents import MalformedError
from .faults import Fault, FaultKind, Faults
from .forms import Content
from .messages import Incoming, Mailbox, Message, Messages, Stage
from .observation import UNREAD, Observation, RequestRecord
from .posting import Post
from .receipts import Receipt, Receipts
from .requests import Request
from .services import Services
from .settings import Settings
from .submissions import Submissions

SOAP_PATH: Final = "/sendsms5"
FORM_PATH: Final = "/webservices/http/sendsms"
_FORM_TYPE: Final = "application/x-www-form-urlencoded"


class CsoftSimulator(WebSimulator[RequestRecord]):
    """One host of Connection Software."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
        port: int = 0,
        mailbox: Mailbox | None = None,
    ) -> None:
        """Make a host with these accounts; port 0 takes a free one.

        Two hosts of one system share accounts and a mailbox, and differ in the
        `first_number` of their settings.
        """
        self.accounts = {account.user: account for account in accounts}
        self.settings = Settings() if settings is None else settings
        self.clock = SystemClock() if clock is None else clock
        self.messages = Messages()
        self.mailbox = Mailbox() if mailbox is None else mailbox
        self.faults = Faults()
        self.observation = Observation()
        super().__init__(self.observation, port)
        agenda = Agenda(self.clock)
        self.poster = Receipts(
            self.accounts, self.settings, agenda, self.observation.changed
        )
        self._submissions = Submissions(
            self.accounts, self.messages, self.settings, agenda
        )
        self._services = Services(
            self._submissions, self.poster, self.mailbox, self.settings
        )
        self._control = control(self)

    @override
    async def start(self) -> None:
        """Listen; raises `OSError` if the port is taken."""
        await super().start()
        self.poster.start()

    @override
    async def stop(self) -> None:
        """Close all connections and drop the receipts not yet posted."""
        await self.poster.stop()
        await super().stop()

    @property
    def url(self) -> str:
        """The URL of SOAP, as `http://127.0.0.1:1234/sendsms5`."""
        return f"{self.root_url}{SOAP_PATH}"

    @property
    def form_url(self) -> str:
        """The URL of sending by a form."""
        return f"{self.root_url}{FORM_PATH}"

    @property
    def messages_count(self) -> int:
        """The number of messages taken."""
        return len(self.messages)

    @property
    def receipts(self) -> list[Receipt]:
        """The receipts that were posted at least once."""
        return self.poster.tried

    @property
    def posts(self) -> list[Post]:
        """All posts to the accounts' URLs with their answers, oldest first."""
        return self.poster.posts

    def deliver(
        self, user: str, sender: str, text: str, recipient: str = "447537400000"
    ) -> Incoming:
        """Keep a message from a phone until its account collects it.

        Raises `KeyError` if there is no such account.
        """
        message = Incoming(
            self.accounts[user].user, sender, recipient, text, self.clock.now()
        )
        self.mailbox.waiting.append(message)
        return message

    def report(
        self, identifier: str, report: int, destination: str | None = None
    ) -> Message:
        """End the script of a message with a report, and post a receipt of it.

        Raises `KeyError` if there is no message with this identifier (to this number).
        """
        message = self.messages.find(identifier, destination)
        message.fixed = Stage(report, self.clock.now())
        self.poster.tell(message, message.fixed)
        return message

    async def attack(self, attack: Attack, user: str | None = None) -> list[Post]:
        """Post to an account's URL what an attacker does; return the posts.

        `user` None is the first account that has a URL. Raises `ValueError` if there is
        none.
        """
        return await self.poster.attack(attack, user)

    async def post(self, content: Content, user: str | None = None) -> Post:
        """Post anything to an account's URL; return the post with its answer.

        It is the account that `attack` would go to. Raises `ValueError` likewise.
        """
        return await self.poster.post(self.poster.url_of(user), content)

    def reset(self) -> None:
        """Forget messages, receipts, requests and faults; keep the rest."""
        self.messages.clear()
        self.mailbox.clear()
        self.poster.clear()
        self.faults.clear()
        self.observation.clear()
        self._submissions.clear()

    @override
    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request."""
        if request.path.startswith(ROOT):
            return await self._control.handle(request)
        self.observation.enter()
        try:
            body = await request.read()
            asked, answer = self._read(request, body)
            self.observation.record(
                UNREAD if asked is None else asked.service,
                request.raw_path,
                request.headers.get(hdrs.CONTENT_TYPE, ""),
                body,
            )
            return await self._answer(request, asked, answer)
        finally:
            self.observation.leave()

    def _read(
        self, request: web.BaseRequest, body: bytes
    ) -> tuple[Request | None, Answer]:
        """Return what is asked for, or what to answer if that cannot be read."""
        nothing = answers.plain(500, "")
        if request.path not in {SOAP_PATH, FORM_PATH}:
            return None, answers.plain(404, "Not Found")
        if request.method != hdrs.METH_POST:
            return None, answers.plain(405, "Method Not Allowed")
        try:
            if request.path == FORM_PATH:
                if request.content_type != _FORM_TYPE:
                    return None, answers.plain(415, "Unsupported Media Type")
                return requests.read_form(body), nothing
            if request.content_type != "text/xml":
                return None, answers.plain(415, "Unsupported Media Type")
            _check_action(request.headers.get("SOAPAction"))
            several = self.settings.send_to == "several"
            asked = requests.read_soap(body, request.charset, several=several)
            return asked, nothing
        except MalformedError as error:
            self.observation.malformed[error.reason] += 1
            return None, answers.fault(error)

    async def _answer(
        self, request: web.BaseRequest, asked: Request | None, answer: Answer
    ) -> web.StreamResponse:
        """Carry out a request, unless a fault prevents it."""
        service = None if asked is None else asked.service
        trouble = self.faults.meet(
            service, lambda: None if asked is None else asked.destination
        )
        fault = trouble.fault
        if asked is not None and (fault is None or fault.lets_through):
            answer = await self._services.carry_out(asked)
            self.observation.changed()
        if fault is not None and asked is not None:
            answer = self._forced(asked, answer, fault)
        if answer.report is not None:
            self.observation.reports[answer.report] += 1
        await asyncio.sleep(trouble.latency)
        if fault is None:
            return wire.respond(answer)
        return await wire.respond_badly(request, answer, fault)

    def _forced(self, asked: Request, answer: Answer, fault: Fault) -> Answer:
        """Return the answer that a fault forces, or the one there is."""
        match fault.kind:
            case FaultKind.SOAP_FAULT:
                return answers.fault(MalformedError(fault.text, "Server"))
            case FaultKind.REPORT:
                return self._services.report(
                    asked.service, answer.identifier, fault.code
                )
            case _:
                return answer


def _check_action(action: str | None) -> None:
    """See that there is a SOAPAction, and no name in it; raises `MalformedError`."""
    if action not in {"", '""'}:
        raise MalformedError("the SOAPAction is to be empty")
