"""Posting to the account's own server, and what it answers.

Requests are written byte by byte: a client of HTTP would see to it that they are sound.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
import io
import re
import ssl
from typing import TYPE_CHECKING, Final, NamedTuple, cast
from urllib.parse import parse_qs, urlsplit

from . import documents
from .documents import MalformedError
from .forms import Content, ReceiptForm

if TYPE_CHECKING:
    import socket

_WHOLE: Final = re.compile(r"\s*[+-]?[0-9]+\s*")
_ENDS: Final = {"http": 80, "https": 443}


class Verdict(NamedTuple):
    """What a receiver says of one receipt; None where it says nothing."""

    identifier: str | None
    report: int | None
    text: str | None


@dataclass(slots=True, kw_only=True)
class Post:
    """A request to an account's server, and the answer.

    `status` is None if there was no answer, and `error` why. `verdicts` are what could
    be read of `answer`, the body.
    """

    url: str
    content: Content
    status: int | None = None
    content_type: str | None = None
    answer: bytes = b""
    verdicts: tuple[Verdict, ...] = ()
    error: str | None = None


class Pace(NamedTuple):
    """How a body is sent: in pieces of a size (0: whole), each after a pause.

    `whole` is whether all of it is sent; otherwise the last piece never comes.
    """

    size: int = 0
    pause: float = 0.0
    whole: bool = True


WHOLE: Final = Pace()
"""All of a body at once."""


async def send(
    url: str, content: Content, form: ReceiptForm, limit: float, pace: Pace = WHOLE
) -> Post:
    """Post, and return the post with its answer; `limit` is in seconds."""
    post = Post(url=url, content=content)
    try:
        async with asyncio.timeout(limit):
            _read(post, await _exchange(url, content, form, pace))
    except TimeoutError:
        post.error = "no answer in time"
    except (OSError, HTTPException, ValueError) as error:
        post.error = repr(error)
    return post


async def _exchange(url: str, content: Content, form: ReceiptForm, pace: Pace) -> bytes:
    """Send a request and return all that comes back."""
    where = urlsplit(url)
    port = where.port or _ENDS[where.scheme]
    context = ssl.create_default_context() if where.scheme == "https" else None
    reader, writer = await asyncio.open_connection(where.hostname, port, ssl=context)
    try:
        writing = asyncio.create_task(_write(writer, content, form, pace, url))
        try:
            return await reader.read()
        finally:
            writing.cancel()
            await asyncio.wait([writing])
    finally:
        writer.close()


async def _write(
    writer: asyncio.StreamWriter,
    content: Content,
    form: ReceiptForm,
    pace: Pace,
    url: str,
) -> None:
    """Write a request; who is not read any more is heard all the same."""
    chunked = form.receipt_chunked and form.receipt_http == "1.1"
    try:
        writer.write(head(url, content, form, chunked=chunked))
        pieces = _pieces(content.body, pace)
        for piece in pieces if pace.whole else pieces[:-1]:
            await asyncio.sleep(pace.pause)
            writer.write(_chunk(piece) if chunked else piece)
            await writer.drain()
        if chunked and pace.whole:
            writer.write(_chunk(b""))
        await writer.drain()
    except ConnectionError:
        return


def head(url: str, content: Content, form: ReceiptForm, *, chunked: bool) -> bytes:
    """Return the request line and the headers, as those of the example."""
    where = urlsplit(url)
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    port = where.port or _ENDS[where.scheme]
    length = ("Content-Length", str(len(content.body)))
    headers = [
        ("Host", f"{where.hostname}:{port}"),
        *content.headers,
        ("Transfer-Encoding", "chunked") if chunked else length,
    ]
    if form.receipt_http == "1.1":
        headers.append(("Connection", "close"))
    lines = [f"POST {path} HTTP/{form.receipt_http}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")


def _pieces(body: bytes, pace: Pace) -> list[bytes]:
    """Cut a body."""
    size = pace.size or len(body) or 1
    return [body[index : index + size] for index in range(0, len(body), size)]


def _chunk(piece: bytes) -> bytes:
    """Return a chunk of the chunked transfer coding."""
    return b"%X\r\n%b\r\n" % (len(piece), piece)


class _Received:
    """Bytes in the place of the socket that they came from."""

    def __init__(self, octets: bytes) -> None:
        """Hold these."""
        self._octets = octets

    def makefile(self, _mode: str) -> io.BytesIO:
        """Open them as a file."""
        return io.BytesIO(self._octets)


def _read(post: Post, octets: bytes) -> None:
    """Take an answer; raises `HTTPException` if it is none."""
    response = HTTPResponse(cast("socket.socket", _Received(octets)), method="POST")
    response.begin()
    post.answer = response.read()
    post.status = response.status
    post.content_type = response.getheader("Content-Type")
    post.verdicts = tuple(verdicts(post.answer))


def verdicts(body: bytes) -> Iterable[Verdict]:
    """Read what an answer says of receipts, by SOAP or by a form, tolerantly."""
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        if "Report" in fields:
            yield _verdict({name: values[0] for name, values in fields.items()})
        return
    try:
        root = documents.parse(body)
    except MalformedError:
        return
    for element in root.iter():
        if _local(element.tag) == "SubmitDeliveryReceiptResponse":
            yield _verdict({_local(child.tag): child.text or "" for child in element})


def _verdict(values: dict[str, str]) -> Verdict:
    """Make a verdict of what was found."""
    report = values.get("Report", "")
    return Verdict(
        values.get("MessageIdentifier"),
        int(report) if _WHOLE.fullmatch(report) else None,
        values.get("Text"),
    )


def _local(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]
