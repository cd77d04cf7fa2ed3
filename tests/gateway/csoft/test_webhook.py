"""From the bytes of a post to the answer."""

from collections.abc import Collection
from http import HTTPStatus
import re

import pytest

from gateway.errors import JournalError
from gateway.model import Receipt
from gateway.providers.csoft import (
    MOST_BYTES,
    PostAnswer,
    ReceiptLogin,
    read_post,
    take_post,
)
from gateway.providers.csoft.acknowledgements import (
    CONTENT_TYPE,
    taken,
    unreadable,
    write_answer,
)
from gateway.providers.csoft.charsets import UnreadableError

from ..helpers import refused
from .helpers import (
    EXAMPLE,
    EXAMPLE_ANSWER,
    FIELDS,
    IDENTIFIER,
    PIN,
    USERNAME,
    form,
    soap,
)

LOGIN = ReceiptLogin(username=USERNAME, pin=PIN)


class Journal:
    """Takes receipts, of which some are known."""

    def __init__(self, known: Collection[str] = (IDENTIFIER,)) -> None:
        self.known = known
        self.taken: list[Receipt] = []
        self.broken: Collection[str] = ()

    async def claim(self, receipt: Receipt) -> bool:
        if receipt.provider_id in self.broken:
            raise JournalError("full")
        self.taken.append(receipt)
        return receipt.provider_id in self.known


@pytest.fixture
def journal() -> Journal:
    return Journal()


def told(answer: PostAnswer) -> list[tuple[str, str, str]]:
    """Return the identifier, report and text of each acknowledgement."""
    return re.findall(
        r"<ns2:SubmitDeliveryReceiptResponse>\s*"
        r'<MessageIdentifier xsi:type="xsd:string">(.*?)</MessageIdentifier>\s*'
        r'<Report xsi:type="xsd:int">(.*?)</Report>\s*'
        r'<Text xsi:type="xsd:string">\s*(.*?)</Text>',
        answer.body.decode(),
    )


def test_the_answer_is_that_of_the_example() -> None:
    assert write_answer([taken(IDENTIFIER)]).decode() == EXAMPLE_ANSWER
    assert CONTENT_TYPE == "text/soap; charset=utf-8"


def test_what_is_repeated_is_escaped_and_bounded() -> None:
    body = write_answer([unreadable("<&>\x01", "x" * 300)])
    assert b"&lt;&amp;&gt;\xef\xbf\xbd" in body
    assert body.count(b"x" * 255 + b"<") == 1


async def test_a_receipt_is_taken_and_answered(journal: Journal) -> None:
    answer = await take_post(EXAMPLE.encode(), "text/soap", journal.claim)
    assert (answer.status, answer.refused) == (HTTPStatus.OK, 0)
    assert answer.content_type == CONTENT_TYPE
    assert told(answer) == [(IDENTIFIER, "0", "")]
    assert [each.provider_id for each in journal.taken] == [IDENTIFIER]
    assert not journal.taken[0].any_account


async def test_a_receipt_that_matches_nothing_is_told_so(journal: Journal) -> None:
    journal.known = ()
    answer = await take_post(EXAMPLE.encode(), None, journal.claim, any_account=True)
    assert answer.status is HTTPStatus.OK
    assert told(answer) == [(IDENTIFIER, "-1", "No message has this identifier")]
    assert journal.taken[0].any_account


async def test_several_receipts_have_an_answer_each(journal: Journal) -> None:
    body = soap(
        FIELDS,
        FIELDS | {"MessageIdentifier": "A&B"},
        FIELDS | {"Report": "x"},
        FIELDS | {"PIN": "wrong"},
        FIELDS,
    )
    answer = await take_post(body, None, journal.claim, login=LOGIN)
    assert told(answer) == [
        (IDENTIFIER, "0", ""),
        ("A&amp;B", "-1", "No message has this identifier"),
        (IDENTIFIER, "-1", "Report: must be a number"),
        (IDENTIFIER, "2", "Invalid login"),
        (IDENTIFIER, "0", ""),
    ]
    assert answer.refused == 1
    assert len(journal.taken) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"PIN": "blue.music"},
        {"PIN": ""},
        {"PIN": "BLUE.musi"},
        {"PIN": "Ж"},
        {"Username": "x"},
        {"Username": PIN, "PIN": USERNAME},
    ],
)
async def test_a_wrong_login_changes_nothing(
    journal: Journal, changes: dict[str, str]
) -> None:
    answer = await take_post(soap(FIELDS | changes), None, journal.claim, login=LOGIN)
    assert (answer.status, answer.refused) == (HTTPStatus.OK, 1)
    assert told(answer) == [(IDENTIFIER, "2", "Invalid login")]
    assert journal.taken == []


async def test_credentials_that_did_not_come_are_wrong(journal: Journal) -> None:
    body = form(Username="NULL", PIN="NULL", MessageIdentifier=IDENTIFIER, Report="0")
    answer = await take_post(body, None, journal.claim, login=LOGIN)
    assert answer.refused == 1
    none = ReceiptLogin(username="NULL")
    assert (await take_post(body, None, journal.claim, login=none)).refused == 1
    assert journal.taken == []


@pytest.mark.parametrize(
    "login",
    [
        ReceiptLogin(),
        LOGIN,
        ReceiptLogin(username=USERNAME),
        ReceiptLogin(pin=f" {PIN} "),
    ],
)
async def test_only_what_is_set_is_looked_at(
    journal: Journal, login: ReceiptLogin
) -> None:
    answer = await take_post(EXAMPLE.encode(), None, journal.claim, login=login)
    assert answer.refused == 0
    assert len(journal.taken) == 1


def test_a_login_is_checked_and_not_shown() -> None:
    for values in ({"pin": ""}, {"pin": " "}, {"pin": "x" * 21}):
        with refused("receipt_pin", "receipt_pin_length", most=20):
            ReceiptLogin(**values)
    with refused("receipt_username", "receipt_username_length", most=20):
        ReceiptLogin(username="x" * 21)
    assert USERNAME not in repr(LOGIN)
    assert PIN not in repr(LOGIN)


async def test_what_cannot_be_recorded_is_to_be_brought_again(
    journal: Journal,
) -> None:
    body = soap(FIELDS, FIELDS | {"MessageIdentifier": "A"})
    for broken in (IDENTIFIER, "A"):
        journal.broken = {broken}
        answer = await take_post(body, None, journal.claim)
        assert answer.status is HTTPStatus.SERVICE_UNAVAILABLE
        assert answer.body == b""


async def test_what_holds_no_receipt_is_refused_each_time(journal: Journal) -> None:
    for _ in range(3):
        answer = await take_post(b"<a><b>x</b></a>", "text/xml", journal.claim)
        assert answer.status is HTTPStatus.BAD_REQUEST
        assert b"holds no SubmitDeliveryReceipt" in answer.body


async def test_what_cannot_be_read_is_refused(journal: Journal) -> None:
    answer = await take_post(b"<x", "text/soap", journal.claim)
    assert answer.status is HTTPStatus.BAD_REQUEST
    assert told(answer) == [("", "-1", "xml: is broken at 1:0")]
    answer = await take_post(b"<" * (MOST_BYTES + 1), None, journal.claim)
    assert answer.status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert journal.taken == []


async def test_our_answer_is_no_receipt(journal: Journal) -> None:
    """Whoever sends it back to us gets no loop."""
    with pytest.raises(UnreadableError, match="holds no SubmitDeliveryReceipt"):
        read_post(EXAMPLE_ANSWER.encode())
