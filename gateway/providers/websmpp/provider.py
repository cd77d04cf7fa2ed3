"""One account at a websmpp server."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
import re
from typing import Final, override

import aiohttp
from yarl import URL

from ...errors import InputError, ProviderError, UnavailableError, UncertainError
from ...model import Credit, Draft, Encoding, Message, Receipt, Submission
from ...text import Measure
from ..http_answers import failure, read_body, refusal
from ..provider import Capabilities, Coverage, Outcome, Provider
from .answers import (
    decode,
    read_balance,
    read_bulk,
    read_coverage,
    read_status,
    read_submission,
)
from .codes import find_error
from .login import WebsmppLogin
from .requests import (
    MOST_BY_GET,
    MOST_BY_POST,
    MessageType,
    breaks_post,
    encode,
    measure_text,
    message_type,
    submission_query,
)

_PAGES: Final = ("websms", "websmsstatus", "balanceReport", "downloadcoverage")
_COVERAGE_FORMS: Final = (1, 2, 3)
_CSV: Final = 3
_LONGEST_ANSWER: Final = 2 * 1024 * 1024
_LONGEST_LIST: Final = 32 * 1024 * 1024
_SHORT: Final = 64 * 1024
_PASSWORD: Final = re.compile(r"(\bpass(?:word)?=)[^&\s\"'<>]+", re.IGNORECASE)
_LONG_SECRET: Final = 6
"""Characters from which on a secret cannot be mistaken for a word of an answer."""
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


class WebsmppProvider(Provider):
    """Speaks websmpp HTTP over a borrowed session.

    Credentials travel in the body of a POST, out of the server's access log, unless a
    value in it would break there (`requests.breaks_post`).
    """

    capabilities = Capabilities(schedule=True, polls=True, coverage=True)

    def __init__(self, session: aiohttp.ClientSession, login: WebsmppLogin) -> None:
        """Take the session, which stays the caller's, and the login."""
        self._session = session
        self._login = login
        self._pages = {page: login.url / page for page in _PAGES}
        self._timeout = aiohttp.ClientTimeout(total=login.timeout, connect=10)

    @property
    @override
    def shared_login(self) -> str | None:
        """Return the user: at the AMS platform it is the system_id of SMPP too."""
        return self._login.user

    @override
    def check(self, draft: Draft) -> None:
        """Raise InputError when this system can never carry the draft."""
        super().check(draft)
        if not draft.sender:
            raise InputError("sender", "sender_missing")

    @override
    def measure(self, text: str, encoding: Encoding) -> Measure:
        """Count the parts that the server will make of a text."""
        return measure_text(text, encoding)

    @override
    def bulk_limit(self, message: Message) -> int:
        """Return how many numbers the specification allows in the request."""
        return MOST_BY_GET if self._needs_get(message) else MOST_BY_POST

    @override
    async def submit(self, message: Message) -> Submission:
        """Hand one message over."""
        return read_submission(await self._submit([message]))

    @override
    async def submit_bulk(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        """Hand over messages that differ in their recipient only, in one request."""
        answer = await self._submit(messages)
        first = messages[0]
        parts = self.measure(first.text, first.encoding).parts
        # A long answer would hold up the event loop.
        return await asyncio.to_thread(read_bulk, answer, len(messages), parts)

    async def _submit(self, messages: Sequence[Message]) -> str:
        first = messages[0]
        recipients = ",".join(
            [message.recipient.removeprefix("+") for message in messages]
        )
        query = submission_query(self._login, first, recipients, datetime.now(UTC))
        answer = await self._request(
            "websms",
            query,
            get=self._needs_get(first),
            lost=UncertainError,
            most=_LONGEST_LIST,
        )
        return answer.text

    @override
    async def status(self, provider_id: str, sender: str | None = None) -> Receipt:
        """Ask what became of one part."""
        # The specification writes respId, a known server reads respid.
        query = encode(respId=provider_id, respid=provider_id)
        answer = await self._request("websmsstatus", query, get=True)
        return read_status(provider_id, answer.text)

    @override
    async def balance(self) -> Credit:
        """Ask for the credit; this also proves the login."""
        return read_balance((await self._request("balanceReport", self._user())).text)

    @override
    async def coverage(self, form: int) -> Coverage:
        """Fetch the coverage: form 1 is XLS, 2 PDF, 3 CSV."""
        if form not in _COVERAGE_FORMS:
            raise InputError("format", "coverage_format")
        answer = await self._request(
            "downloadcoverage", f"{self._user()}&format={form}", most=_LONGEST_LIST
        )
        return await asyncio.to_thread(
            read_coverage,
            answer.content,
            answer.text,
            answer.content_type,
            is_csv=form == _CSV,
        )

    def _user(self) -> str:
        return encode(userid=self._login.user, password=self._login.password)

    def _needs_get(self, message: Message) -> bool:
        type_ = message_type(message.text, message.encoding)
        text = "" if type_ is MessageType.UNICODE else message.text
        return breaks_post(
            self._login.user, self._login.password, message.sender or "", text
        )

    async def _request(
        self,
        page: str,
        query: str,
        *,
        get: bool | None = None,
        lost: type[ProviderError] = UnavailableError,
        most: int = _LONGEST_ANSWER,
    ) -> _Answer:
        """Ask a page; raises `lost` when the request went out and no answer came."""
        if get is None:
            get = breaks_post(self._login.user, self._login.password)
        url = self._pages[page]
        try:
            async with self._session.request(
                "GET" if get else "POST",
                URL(f"{url}?{query}", encoded=True) if get else url,
                data=None if get else query.encode(),
                headers=None if get else _FORM,
                timeout=self._timeout,
                allow_redirects=False,
                middlewares=(_send_once,) if get else (),
            ) as response:
                content = await read_body(response, most)
        except (TimeoutError, aiohttp.ClientError) as error:
            # Not "from error": its words may hold the address with all its parameters.
            raise failure(error, lost) from None
        answer = _Answer(
            response.content_type, content, self._without_secrets(decode(content))
        )
        if response.status != HTTPStatus.OK:
            # A server, or a proxy before it, that puts its errors into the status too.
            raise find_error(answer.text) or refusal(response.status, lost)
        return answer

    def _without_secrets(self, answer: str) -> str:
        """Take the password out of an answer that repeats the request."""
        if len(answer) > _SHORT:  # no error page, but a list
            return answer
        answer = _PASSWORD.sub(r"\1***", answer)
        password = self._login.password
        if len(password) >= _LONG_SECRET and not password.isdecimal():
            answer = answer.replace(password, "***")
        return answer


@dataclass(frozen=True, slots=True)
class _Answer:
    content_type: str
    content: bytes
    text: str


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from repeating a GET whose connection broke: it may be a message.

    It repeats no POST.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError from error
