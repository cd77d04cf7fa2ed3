"""The server: requests in, replies out."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import override

from aiohttp import web

from ..accounts import Account
from ..clock import Clock, SystemClock
from ..control import ROOT
from ..web import WebSimulator
from . import parameters, replies, wire
from .control import Control
from .endpoints import PATHS, PREFIX, Endpoint
from .enquiries import Enquiries
from .errors import ErrorCode, ForcedErrors, RefusedError
from .faults import NO_TROUBLE, Faults
from .messages import Messages, State
from .observation import Observation, RequestRecord
from .push import Push, Receipt
from .replies import Reply
from .settings import Settings
from .statuses import Status
from .submissions import Submissions

_MAX_LINE = 1_000_000


class WebsmppSimulator(WebSimulator[RequestRecord]):
    """The websmpp platform."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
        port: int = 0,
    ) -> None:
        """Make a platform with these accounts; port 0 takes a free one."""
        self.accounts = {account.user: account for account in accounts}
        self.settings = Settings() if settings is None else settings
        self.clock = SystemClock() if clock is None else clock
        self.messages = Messages()
        self.faults = Faults()
        self.errors = ForcedErrors()
        self.observation = Observation()
        super().__init__(
            self.observation, port, max_line_size=_MAX_LINE, max_field_size=_MAX_LINE
        )
        self.push = Push(
            self.accounts,
            self.messages,
            self.settings,
            self.clock,
            self.observation.changed,
        )
        self._control = Control(self)
        self._submissions = Submissions(
            self.accounts, self.messages, self.errors, self.settings, self.clock
        )
        enquiries = Enquiries(self.accounts, self.messages, self.settings, self.clock)
        self._enquiries: dict[Endpoint, Callable[[Mapping[str, str]], Reply]] = {
            Endpoint.STATUS: enquiries.status,
            Endpoint.BALANCE: enquiries.balance,
            Endpoint.COVERAGE: enquiries.coverage,
        }

    @override
    async def start(self) -> None:
        """Listen; raises `OSError` if the port is taken."""
        await super().start()
        self.push.start()

    @override
    async def stop(self) -> None:
        """Close all connections and drop the receipts not yet sent."""
        await self.push.stop()
        await super().stop()

    @property
    def base_url(self) -> str:
        """The URL under which the services are, as `http://127.0.0.1:1234/websmpp`."""
        return f"{self.root_url}{PREFIX}"

    @property
    def messages_count(self) -> int:
        """The number of messages taken."""
        return len(self.messages)

    @property
    def receipts(self) -> list[Receipt]:
        """The push receipts that were tried at least once."""
        return self.push.receipts

    def set_status(self, part_id: int, status: Status | str) -> None:
        """End the script of a part with a status, and push a receipt of it.

        Raises `KeyError` if there is no such part, `ValueError` for no such status.
        """
        state = State(Status(status), self.clock.now())
        message = self.messages.set_state(part_id, state)
        self.push.tell(message, part_id, state)

    def reset(self) -> None:
        """Forget messages, receipts, requests, faults and errors; keep the rest."""
        self.messages.clear()
        self.push.clear()
        self.faults.clear()
        self.errors.clear()
        self.observation.clear()

    @override
    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request."""
        target = request.raw_path
        path, _, query = target.partition("?")
        endpoint = PATHS.get(path)
        if endpoint is None:
            if path.startswith(ROOT):
                return await self._control.endpoint.handle(request)
            return wire.respond(replies.error(ErrorCode.HTTP01))
        self.observation.enter()
        try:
            body = (await request.read()).decode(errors="replace")
            self.observation.record(endpoint, request.method, target, body)
            return await self._answer(request, endpoint, query, body)
        finally:
            self.observation.leave()

    async def _answer(
        self, request: web.BaseRequest, endpoint: Endpoint, query: str, body: str
    ) -> web.StreamResponse:
        """Carry out a request to a service, unless a fault prevents it."""
        trouble = self.faults.meet(endpoint)
        if trouble is NO_TROUBLE:
            reply = await self._carry_out(request.method, endpoint, query, body)
            return wire.respond(reply)
        reply = replies.plain("")
        if trouble.lets_through:
            reply = await self._carry_out(request.method, endpoint, query, body)
            self.observation.changed()
        await asyncio.sleep(trouble.latency)
        if trouble.fault is None:
            return wire.respond(reply)
        return await wire.respond_badly(request, reply, trouble.fault)

    async def _carry_out(
        self, method: str, endpoint: Endpoint, query: str, body: str
    ) -> Reply:
        """Return the reply of a service, be it an error."""
        try:
            self.errors.check_request(endpoint)
            values = parameters.read(method, query, body)
            if endpoint is Endpoint.SUBMIT:
                return await self._submit(method, values)
            return self._enquiries[endpoint](values)
        except RefusedError as refused:
            self.observation.errors[refused.code.name] += 1
            if endpoint is Endpoint.SUBMIT:
                return replies.submission([refused.code.line], self.settings.prefix)
            return replies.error(refused.code)

    async def _submit(self, method: str, values: Mapping[str, str]) -> Reply:
        """Take messages and see to their receipts."""
        outcome = self._submissions.submit(method, values)
        for code in outcome.errors:
            self.observation.errors[code.name] += 1
        for message in outcome.messages:
            if self.settings.push_timing == "early":
                await self.push.send_early(message)
            else:
                self.push.plan(message)
        return replies.submission(outcome.lines, self.settings.prefix)
