"""Submissions: what a simulated platform gets over real sockets."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gateway.errors import InputError, ProviderError, SenderError
from gateway.model import Draft, Encoding, Submission
from gateway.providers.websmpp import GmtFormat, WebsmppProvider
from simulator.websmpp import ErrorCode, ForcedError, MessageType, WebsmppSimulator

from ..helpers import make_message, numbers
from .conftest import PASSWORD, USER, MakeProvider
from .helpers import summary


async def test_a_message_arrives_as_it_was(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    submission = await websmpp.submit(make_message())
    assert submission == Submission(("2541524",), "Response: 2541524")
    [message] = platform.messages
    assert message.destination == "9613123456"
    assert (message.source, message.text, message.parts) == ("Home", "Fire", 1)


@pytest.mark.parametrize(
    ("text", "encoding", "type_"),
    [
        ("testing English message", Encoding.AUTO, MessageType.ENGLISH),
        ("100 % + [more]", Encoding.AUTO, MessageType.ENGLISH),
        ("a=b", Encoding.AUTO, MessageType.ENGLISH),
        ("Tom & Jerry #1", Encoding.AUTO, MessageType.UNICODE),
        ("zażółć 😀", Encoding.AUTO, MessageType.UNICODE),
        ("été €", Encoding.GSM, MessageType.ENGLISH),
        ("testing $@ Character", Encoding.SPECIAL, MessageType.SPECIAL),
        ("اختبار رسالة عربية", Encoding.ARABIC, MessageType.ARABIC),
        ("long " * 60, Encoding.AUTO, MessageType.ENGLISH),
        ("żó" * 100, Encoding.AUTO, MessageType.UNICODE),
    ],
)
async def test_every_text_arrives_as_it_was(
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    text: str,
    encoding: Encoding,
    type_: MessageType,
) -> None:
    submission = await websmpp.submit(make_message(text=text, encoding=encoding))
    [message] = platform.messages
    assert (message.text, message.type) == (text, type_)
    # The parts that were counted before are the parts that were made.
    assert message.parts == websmpp.measure(text, encoding).parts
    assert len(submission.provider_ids) == message.parts


async def test_sender_numeric_and_alphanumeric(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    for sender in ("9613123456", "My Home"):
        await websmpp.submit(make_message(sender=sender))
    assert [message.source for message in platform.messages] == [
        "9613123456",
        "My Home",
    ]


async def test_a_text_or_sender_that_a_post_would_break_goes_by_get(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    assert websmpp.bulk_limit(make_message()) == 10_000
    assert websmpp.bulk_limit(make_message(text="a=b")) == 100
    assert websmpp.bulk_limit(make_message(sender="A&B")) == 100
    # Hexadecimal breaks nowhere.
    assert websmpp.bulk_limit(make_message(text="a&b")) == 10_000
    await websmpp.submit(make_message(text="a=b"))
    assert platform.requests[0].method == "GET"


@pytest.mark.parametrize("form", GmtFormat)
@pytest.mark.parametrize("reading", ["quirk", "correct"])
@pytest.mark.parametrize("password", [PASSWORD, "by=get"])
async def test_a_schedule_in_any_zone(
    make_provider: MakeProvider,
    platform: WebsmppSimulator,
    form: GmtFormat,
    reading: str,
    password: str,
) -> None:
    platform.settings.change({"gmt_reading": reading})
    platform.accounts[USER].password = password
    provider = make_provider(gmt_format=form, password=password)
    moment = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=1)
    for hours in (5.5, -4, 0):
        schedule = moment.astimezone(timezone(timedelta(hours=hours)))
        await provider.submit(make_message(schedule=schedule))
    assert [message.scheduled for message in platform.messages] == [
        moment.timestamp()
    ] * 3


async def test_a_schedule_in_the_past_goes_out_at_once(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    await websmpp.submit(make_message(schedule=datetime.now(UTC)))
    assert platform.messages[0].scheduled is None


async def test_a_draft_needs_a_sender(websmpp: WebsmppProvider) -> None:
    with pytest.raises(InputError, match="sender"):
        websmpp.check(Draft(recipients=["1"], text="x"))
    websmpp.check(Draft(recipients=["1"], text="x", sender="Home"))


@pytest.mark.parametrize("prefix", ["body", "line", "success", "never"])
async def test_prefixes_of_an_answer(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, prefix: str
) -> None:
    platform.settings.change({"prefix": prefix})
    text = "long " * 60
    first = await websmpp.submit(make_message(text=text))
    assert first.provider_ids == ("2541524", "2541525")
    bulk = [make_message(text=text, recipient=each) for each in numbers(3)]
    assert len(summary(list(await websmpp.submit_bulk(bulk)))) == 3
    with pytest.raises(SenderError):
        await websmpp.submit(make_message(sender="x" * 20))


@pytest.mark.parametrize(
    ("method", "limit", "text"), [("POST", 10_000, "Fire"), ("GET", 100, "a=b")]
)
async def test_the_limits_of_a_request(
    websmpp: WebsmppProvider,
    platform: WebsmppSimulator,
    method: str,
    limit: int,
    text: str,
) -> None:
    messages = [make_message(text=text, recipient=each) for each in numbers(limit)]
    assert websmpp.bulk_limit(messages[0]) == limit
    outcomes = await websmpp.submit_bulk(messages)
    assert platform.requests[0].method == method
    assert len(platform.messages) == len(outcomes) == limit
    assert outcomes[-1] == (str(platform.messages[-1].first_id),)
    with pytest.raises(ProviderError, match="HTTP24"):
        await websmpp.submit_bulk([*messages, messages[0]])


async def test_an_answer_in_part(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    messages = [make_message(recipient=each) for each in numbers(5)]
    platform.errors.add(ForcedError(code=ErrorCode.HTTP09, destination="*1", times=1))
    platform.errors.add(ForcedError(code=ErrorCode.HTTP18, destination="*3", times=1))
    assert summary(list(await websmpp.submit_bulk(messages))) == [
        "2541524",
        "HTTP09",
        "2541525",
        "HTTP18",
        "HTTP18",
    ]
