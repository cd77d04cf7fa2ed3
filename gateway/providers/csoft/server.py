"""One question to the server, and its answer; another server where the first is gone."""

import asyncio
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from ...errors import ProviderError, TransientError, UnavailableError, UncertainError
from ...reasons import Reason
from ..http_answers import failure, read_body, refusal
from .answers import RAW_LENGTH, UNREADABLE, find_fault, read_answer
from .charsets import UnreadableError
from .elements import Element
from .hosts import Hosts
from .login import CsoftLogin

LONGEST_ANSWER: Final = 32 * 1024 * 1024
_SHORT: Final = 64 * 1024
"""Bytes from which on an answer would hold up the event loop."""
_CONNECT_TIMEOUT: Final = 10.0
_HEADERS: Final = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}


class Server:
    """Speaks SOAP over a borrowed session."""

    def __init__(self, session: aiohttp.ClientSession, login: CsoftLogin) -> None:
        """Take the session, which stays the caller's, and the login."""
        self._session = session
        self._login = login
        self._hosts = Hosts(login.urls)
        self._timeout = aiohttp.ClientTimeout(
            total=login.timeout, connect=_CONNECT_TIMEOUT
        )

    async def ask(
        self, question: bytes, *, lost: type[ProviderError] = UnavailableError
    ) -> Element:
        """Ask, and return what is in the body of the answer.

        The next server is tried where the question surely had no effect. Raises `lost`
        when it went out and no answer came, ProviderError for a fault.
        """
        error: ProviderError = UnavailableError(Reason("no_server"))
        for url in self._hosts.in_order():
            try:
                answer = await self._post(url, question, lost)
                if fault := find_fault(answer, self._login.without_secrets):
                    raise fault
            except TransientError as unavailable:
                error = unavailable
                self._hosts.note(url, failed=True)
            except UncertainError:
                self._hosts.note(url, failed=True)
                raise
            else:
                self._hosts.note(url, failed=False)
                return answer
        raise error

    async def _post(
        self, url: URL, question: bytes, lost: type[ProviderError]
    ) -> Element:
        try:
            async with self._session.post(
                url,
                data=question,
                headers=_HEADERS,
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                content = await read_body(response, LONGEST_ANSWER)
        except (TimeoutError, aiohttp.ClientError) as error:
            # Not "from error": its words may hold what was sent.
            raise failure(error, lost) from None
        content_type = response.headers.get("Content-Type")
        is_ok = response.status == HTTPStatus.OK
        try:
            if len(content) > _SHORT:
                answer = await asyncio.to_thread(read_answer, content, content_type)
            else:
                answer = read_answer(content, content_type)
        except UnreadableError:
            if not is_ok:
                raise refusal(response.status, lost) from None
            raise lost(UNREADABLE, answer=self._excerpt(content)) from None
        if is_ok or answer.name == "Fault":
            return answer
        raise refusal(response.status, lost)

    def _excerpt(self, content: bytes) -> str:
        text = content[: 2 * RAW_LENGTH].decode(errors="replace")
        return self._login.without_secrets(text)[:RAW_LENGTH].strip()
