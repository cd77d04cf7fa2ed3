"""What is posted to an account's URL by others than the system."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from xml.etree import ElementTree as ET

from aiohttp import web
import pytest

from simulator.csoft import (
    Account,
    Attack,
    AttackKind,
    Content,
    CsoftSimulator,
    ManualClock,
    Post,
)

from .csoft_client import CsoftClient, Receiver, receipts


@pytest.fixture
async def mute(receipts_here: Receiver) -> Receiver:
    """A receiver that does not look at what it gets."""
    receipts_here.answers = [web.Response(status=400) for _ in range(100)]
    return receipts_here


async def attack(host: CsoftSimulator, kind: AttackKind, **changes: Any) -> list[Post]:
    """Attack, and return the posts."""
    return await host.attack(Attack(kind=kind, **changes))


async def test_every_kind_arrives(host: CsoftSimulator, mute: Receiver) -> None:
    host.settings.receipt_timeout = 120
    for kind in set(AttackKind) - {AttackKind.STALLED}:
        posts = await attack(host, kind, levels=10, size=800, seconds=0.0)
        assert {each.status for each in posts} == {400}
    assert host.receipts == []


async def test_a_body_that_never_ends(host: CsoftSimulator, mute: Receiver) -> None:
    host.settings.receipt_timeout = 0.1
    (post,) = await attack(host, AttackKind.STALLED)
    assert (post.status, post.error) == (None, "no answer in time")
    assert mute.bodies == []


async def test_a_document_type(host: CsoftSimulator, mute: Receiver) -> None:
    await attack(host, AttackKind.DTD)
    assert b"<!DOCTYPE SOAP-ENV:Envelope>" in mute.bodies[0]
    assert receipts(mute.bodies[0])[0]["Report"] == "0"


async def test_an_entity_bomb(host: CsoftSimulator, mute: Receiver) -> None:
    await attack(host, AttackKind.ENTITY_BOMB)
    (body,) = mute.bodies
    assert body.count(b"<!ENTITY") == 10
    assert b"<Report>&e9;</Report>" in body
    assert len(body) < 2000
    with pytest.raises(ET.ParseError, match="amplification"):
        ET.fromstring(body)


async def test_an_external_entity(host: CsoftSimulator, mute: Receiver) -> None:
    await attack(host, AttackKind.EXTERNAL_ENTITY, system="http://127.0.0.1:1/x")
    (body,) = mute.bodies
    assert b'<!ENTITY e SYSTEM "http://127.0.0.1:1/x">' in body
    assert b"<MessageIdentifier>&e;</MessageIdentifier>" in body


@pytest.mark.parametrize(("size", "length"), [(0, 66_561), (1000, 1000)])
async def test_sizes(
    host: CsoftSimulator, mute: Receiver, size: int, length: int
) -> None:
    await attack(host, AttackKind.OVERSIZED, size=size)
    assert len(mute.bodies[0]) == length
    assert receipts(mute.bodies[0])[0]["MessageIdentifier"] == "3C7D98A4"


async def test_depths(host: CsoftSimulator, mute: Receiver) -> None:
    (attacked,) = Attack(kind=AttackKind.DEEP).contents(
        host.poster._last_told(host.accounts["testUser"])
    )
    assert attacked.body.count(b"<a>") == 100_000
    await attack(host, AttackKind.DEEP, levels=50)
    (body,) = mute.bodies
    assert b"<a>" * 50 + b"</a>" * 50 + b"</ns2:SubmitDeliveryReceipt>" in body
    ET.fromstring(body)


async def test_what_is_no_document(host: CsoftSimulator, mute: Receiver) -> None:
    await attack(host, AttackKind.BROKEN)
    await attack(host, AttackKind.WRONG_ENCODING)
    await attack(host, AttackKind.WRONG_ENCODING, charset="x-nothing")
    await attack(host, AttackKind.EMPTY)
    for body in mute.bodies:
        with pytest.raises((ET.ParseError, LookupError)):
            ET.fromstring(body)
    assert mute.bodies[3] == b""


async def test_wrong_credentials(
    host: CsoftSimulator, customer: Account, mute: Receiver
) -> None:
    customer.receipt_user, customer.receipt_pin = "me", "secret"
    await attack(host, AttackKind.WRONG_CREDENTIALS, times=2)
    told = [receipts(body)[0] for body in mute.bodies]
    assert [(each["Username"], each["PIN"]) for each in told] == [
        ("Mallory", "guess 0"),
        ("Mallory", "guess 1"),
    ]


async def test_a_flood_of_unknown_identifiers(
    host: CsoftSimulator, mute: Receiver
) -> None:
    posts = await attack(host, AttackKind.UNKNOWN_IDS, times=40, connections=8)
    assert len(posts) == 40
    found = {receipts(body)[0]["MessageIdentifier"] for body in mute.bodies}
    assert len(found) == 40
    assert all(len(identifier) == 15 for identifier in found)


async def test_missing_and_repeated_tags(
    host: CsoftSimulator, customer: Account, mute: Receiver
) -> None:
    customer.receipt_user, customer.receipt_pin = "me", "secret"
    await attack(host, AttackKind.MISSING_TAGS)
    assert [len(receipts(body)[0]) for body in mute.bodies] == [5] * 6 + [0]
    mute.bodies.clear()
    await attack(host, AttackKind.REPEATED_TAGS)
    for body, tag in zip(mute.bodies, ("Username", "PIN"), strict=False):
        assert body.count(f"</{tag}>".encode()) == 2
    assert len(mute.bodies) == 6


async def test_strange_values(host: CsoftSimulator, mute: Receiver) -> None:
    posts = await attack(host, AttackKind.STRANGE_VALUES)
    assert {each["Report"] for body in mute.bodies for each in receipts(body)} >= {
        "",
        "delivered",
        "0.0",
    }
    assert len({each.content.body for each in posts}) == len(posts)


async def test_it_is_made_of_the_last_receipt(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    await soap.submit("447700900102")
    clock.advance(1)
    await host.wait_for(lambda host: host.poster.acknowledged == 1)
    (post,) = await attack(host, AttackKind.DTD)
    assert (
        receipts(post.content.body)[0].items()
        >= {
            "SentTo": "447700900102",
            "MessageIdentifier": "3C7D98A4",
            "Report": "27",
        }.items()
    )
    assert post.verdicts == (("3C7D98A4", 0, "Thanks"),)
    assert host.poster.acknowledged == 1


async def test_nobody_to_attack(host: CsoftSimulator) -> None:
    with pytest.raises(ValueError, match="no account"):
        await attack(host, AttackKind.DTD)
    with pytest.raises(ValueError, match="no account"):
        await host.post(Content((), b""))


async def test_anything(host: CsoftSimulator, receipts_here: Receiver) -> None:
    receipts_here.answers = [web.Response(status=415)]
    content = Content((("Content-Type", "image/png"), ("X-Mark", "1")), b"\x89PNG")
    post = await host.post(content, "testUser")
    assert (post.status, post.content) == (415, content)
    ((_, headers),) = receipts_here.heads
    assert (headers["Content-Type"], headers["X-Mark"]) == ("image/png", "1")
    assert receipts_here.bodies == [b"\x89PNG"]


@pytest.mark.parametrize("given", [{"kind": "nothing"}, {"kind": "dtd", "times": 0}])
def test_no_such_attack(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Attack(**given)


@asynccontextmanager
async def listener(answer: bytes, *, takes: int) -> AsyncIterator[str]:
    """Serve an answer after so many bytes, and close."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(takes)
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nNo", 413),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            200,
        ),
        (b"what?\r\n", None),
        (b"", None),
    ],
)
async def test_answers_amid_a_slow_body(
    host: CsoftSimulator, customer: Account, answer: bytes, status: int | None
) -> None:
    async with listener(answer, takes=20) as url:
        customer.receipt_url = url
        (post,) = await attack(host, AttackKind.SLOW)
    assert post.status == status
    assert (post.error is None) == (status is not None)
