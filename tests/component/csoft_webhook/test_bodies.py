"""Requests that are none: other methods, long bodies, slow ones, packed ones."""

import gzip
from http import HTTPStatus

from aiohttp import StreamReader
from aiohttp.test_utils import TestClient
import pytest

from custom_components.sms_gateway.gateway.providers.csoft import MOST_BYTES
from custom_components.sms_gateway.systems import bodies

from ...gateway.csoft.helpers import EXAMPLE, FIELDS, soap
from ..helpers import CSOFT_WEBHOOK_ID
from .helpers import PATH, Talk, loud, written


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
async def test_other_methods_are_refused_and_the_address_stays_out_of_the_log(
    client: TestClient, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.request(method, PATH, data=soap(FIELDS))
    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert answer.headers["Allow"] == "POST"
    assert not any(CSOFT_WEBHOOK_ID in message for message in loud(caplog))


async def test_a_long_body_is_refused_before_it_comes(talk: Talk) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: {MOST_BYTES + 1}"
    answer = await talk(f"{head}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_long_body_that_does_not_say_so_is_refused_in_its_midst(
    talk: Talk,
) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%s\r\n" % (MOST_BYTES + 1, b"x" * (MOST_BYTES + 1))
    answer = await talk(head.encode() + chunk)
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_the_longest_body_is_read(client: TestClient) -> None:
    body = soap(FIELDS)
    answer = await client.post(PATH, data=body + b" " * (MOST_BYTES - len(body)))
    assert answer.status == HTTPStatus.OK


async def test_a_body_that_does_not_come_is_not_waited_for(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "TIMEOUT", 0.01)
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n<"
    assert (await talk(head.encode())).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (gzip.compress(EXAMPLE.encode()), HTTPStatus.OK),
        (gzip.compress(bytes(100 * MOST_BYTES)), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (gzip.compress(EXAMPLE.encode())[:10] + b"<" * 50, HTTPStatus.BAD_REQUEST),
    ],
    ids=["packed", "bomb", "broken"],
)
async def test_what_is_packed_is_unpacked_no_further_than_wanted(
    talk: Talk, caplog: pytest.LogCaptureFixture, body: bytes, status: HTTPStatus
) -> None:
    answer = await talk(written("POST", body, Content_Encoding="gzip"))
    assert int(answer.split()[1]) == status
    assert (b"connection: close" in answer.lower()) == (status != HTTPStatus.OK)
    assert loud(caplog) == []


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_the_rest_of_what_is_refused_is_not_unpacked(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    unpacked: list[int] = []
    feed = StreamReader.feed_data

    def watched(stream: StreamReader, data: bytes, size: int = 0) -> bool:
        unpacked.append(len(data))
        return feed(stream, data, size)

    monkeypatch.setattr(StreamReader, "feed_data", watched)
    bomb = gzip.compress(bytes(1000 * MOST_BYTES))
    await talk(written(method, bomb, Content_Encoding="gzip"))
    # The server would look for the rest while it serves others.
    await talk(written("POST", EXAMPLE.encode()))
    assert sum(unpacked) < 100 * MOST_BYTES
