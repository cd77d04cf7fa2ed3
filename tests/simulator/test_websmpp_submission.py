"""Message submission: websmpp specification, section on message submission."""

import pytest

from simulator.websmpp import Account, MessageType, WebsmppSimulator

from .conftest import Platform, example

LONG = "x" * 161


async def test_a_message_is_taken_and_stored(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    assert await platform.submit() == "Response: 2541524"
    (message,) = simulator.messages
    assert message.account == "testUser"
    assert message.source == "Test"
    assert message.destination == "96170123456"
    assert message.type is MessageType.ENGLISH
    assert message.text == "testing English message"
    assert list(message.ids) == [2541524]
    assert message.scheduled is None
    assert message.method == "GET"


@pytest.mark.parametrize(
    ("type_", "text", "stored"),
    [
        ("1", "testing+English+message", "testing English message"),
        (
            "2",
            (
                "00740065007300740069006E006700200075006E00690063006F00640065"
                "0020006D006500730073006100670065"
            ),
            "testing unicode message",
        ),
        ("3", "testing+$@+Character", "testing $@ Character"),
        (
            "4",
            "%D8%A7%D8%AE%D8%AA%D8%A8%D8%A7%D8%B1+%D8%B1%D8%B3%D8%A7%D9%84%D8%A9",
            "اختبار رسالة",
        ),
    ],
)
async def test_the_examples_of_the_specification(
    platform: Platform,
    simulator: WebsmppSimulator,
    type_: str,
    text: str,
    stored: str,
) -> None:
    assert await platform.submit(type=type_, text=text) == "Response: 2541524"
    assert simulator.messages[0].text == stored


async def test_post_is_as_good_as_get(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    assert await platform.post("websms", example()) == "Response: 2541524"
    assert simulator.messages[0].method == "POST"


async def test_a_line_for_each_recipient_and_part(platform: Platform) -> None:
    reply = await platform.submit(mno="96170123456,96170123457", text=LONG)
    assert reply == "Response: 2541524\n2541525\n2541526\n2541527"


async def test_recipients_share_a_batch(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    await platform.submit()
    await platform.submit(mno="96170123456,96170123457")
    assert [each.batch for each in simulator.messages] == [2541524, 2541525, 2541525]


@pytest.mark.parametrize(("method", "limit"), [("GET", 100), ("POST", 10_000)])
async def test_the_limit_of_numbers(
    platform: Platform,
    simulator: WebsmppSimulator,
    account: Account,
    method: str,
    limit: int,
) -> None:
    async def submit(count: int) -> str:
        numbers = ",".join(str(96170000000 + index) for index in range(count))
        if method == "GET":
            return await platform.submit(mno=numbers)
        return await platform.post("websms", example(mno=numbers))

    account.credit += limit
    refused = "Response: ERROR - HTTP24 --> Exceeded number of Destination"
    assert await submit(limit + 1) == refused
    assert simulator.messages_count == 0
    assert len((await submit(limit)).splitlines()) == limit
    assert simulator.messages_count == limit


@pytest.mark.parametrize(
    ("mno", "reply"),
    [
        pytest.param("9617x,96170123456", "Response: 2541524", id="vanishes"),
        pytest.param("%2B96170123456", "Response: ", id="a sign is no digit"),
        pytest.param("+96170123456", "Response: 2541524", id="a space is trimmed"),
        pytest.param("96170123456,", "Response: 2541524", id="an empty one"),
        pytest.param(
            "123,96170123456",
            "Response: ERROR - HTTP09 --> Invalid Destination Address\n2541524",
            id="too short",
        ),
        pytest.param(
            "070123456,96170123456",
            "Response: ERROR - HTTP09 --> Invalid Destination Address\n2541524",
            id="without country code",
        ),
        pytest.param(
            "1234567890123456",
            "Response: ERROR - HTTP09 --> Invalid Destination Address",
            id="too long",
        ),
    ],
)
async def test_bad_recipients(platform: Platform, mno: str, reply: str) -> None:
    assert await platform.submit(mno=mno) == reply


async def test_the_end_of_the_credit_ends_the_submission(
    platform: Platform, simulator: WebsmppSimulator, account: Account
) -> None:
    account.credit = account.credit * 0 + 3
    reply = await platform.submit(mno="96170123451,96170123452", text=LONG)
    assert reply.splitlines() == [
        "Response: 2541524",
        "2541525",
        "ERROR - HTTP18 --> INSUFFICIENT CREDITS/BALANCE",
    ]
    assert account.credit == 1
    reply = await platform.submit(mno="96170123451,96170123452,96170123453")
    assert reply.splitlines() == [
        "Response: 2541526",
        "ERROR - HTTP18 --> INSUFFICIENT CREDITS/BALANCE",
    ]
    assert simulator.messages_count == 2


class TestPost:
    """How the body of a POST is read on AMS servers."""

    async def test_an_encoded_ampersand_ends_the_text(
        self, platform: Platform, simulator: WebsmppSimulator
    ) -> None:
        body = example(text="Tom+%26+Jerry")
        assert await platform.post("websms", body) == "Response: 2541524"
        assert simulator.messages[0].text == "Tom "

    async def test_a_text_can_inject_parameters(
        self, platform: Platform, simulator: WebsmppSimulator
    ) -> None:
        body = example(text="hello%26mno=96179999999%26sid=Evil")
        await platform.post("websms", body)
        assert simulator.messages[0].destination == "96179999999"
        assert simulator.messages[0].source == "Evil"

    async def test_a_query_makes_the_body_ignored(
        self, platform: Platform, simulator: WebsmppSimulator
    ) -> None:
        body = example(text="body")
        await platform.post("websms", body, query=example(text="query"))
        assert [each.text for each in simulator.messages] == ["query"]
        reply = await platform.post("websms", example(), query="user=testUser")
        assert reply == "Response: ERROR - HTTP02 --> Invalid query string"

    async def test_hexadecimal_text_passes_unharmed(
        self, platform: Platform, simulator: WebsmppSimulator
    ) -> None:
        text = "Tom & Jerry #1"
        body = example(type="2", text=text.encode("utf-16-be").hex().upper())
        await platform.post("websms", body)
        assert simulator.messages[0].text == text


@pytest.mark.parametrize(
    ("prefix", "good", "bad"),
    [
        ("body", "Response: 2541524\n2541525", "Response: ERROR - HTTP07"),
        ("line", "Response: 2541524\nResponse: 2541525", "Response: ERROR - HTTP07"),
        ("success", "Response: 2541524\n2541525", "ERROR - HTTP07"),
        ("never", "2541524\n2541525", "ERROR - HTTP07"),
    ],
)
async def test_where_response_stands(
    platform: Platform, simulator: WebsmppSimulator, prefix: str, good: str, bad: str
) -> None:
    simulator.settings.change({"prefix": prefix})
    assert await platform.submit(text=LONG) == good
    assert (await platform.submit(type="9")).startswith(bad)


async def test_doubles_are_seen(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    await platform.submit()
    await platform.submit(text="other")
    assert simulator.messages.doubles() == []
    await platform.submit()
    assert [each.first_id for each in simulator.messages.doubles()] == [2541526]
    assert len(simulator.messages.to("96170123456")) == 3
