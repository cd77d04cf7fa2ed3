"""Receipts: when they are posted, how often, and what their receiver says."""

from aiohttp import web
import pytest

from simulator.csoft import Account, CsoftSimulator, ManualClock, Step

from .csoft_client import CsoftClient, Receiver, acknowledgement

# The example of the specification, with the spaces at the ends of its lines.
EXAMPLE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"'
    "          \n"
    ' xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" \n'
    ' xmlns:xsi="http://www.w3.org/1999/XMLSchema-instance" \n'
    ' xmlns:xsd="http://www.w3.org/1999/XMLSchema" \n'
    ' xmlns:ns1="http://www.itsarrived.net/dtd/sendsms2"\n'
    ' xmlns:ns2="http://www.itsarrived.net/dtd/sendsms3">\n'
    "<SOAP-ENV:Body SOAP-ENV:encodingStyle="
    '"http://schemas.xmlsoap.org/soap/encoding/">\n'
    "<ns2:SubmitDeliveryReceipt>\n"
    '<Username xsi:type="xsd:string">ANOther.61234</Username>\n'
    '<PIN xsi:type="xsd:string">BLUE.music</PIN>\n'
    '<Timestamp1 xsi:type="xsd:dateTime">2002-08-27T13:38:00Z</Timestamp1>\n'
    '<SentTo xsi:type="xsd:string">447009123456</SentTo>\n'
    '<MessageIdentifier xsi:type="xsd:string">3C7D98A4</MessageIdentifier>\n'
    '<Report xsi:type="xsd:int">0</Report>\n'
    "</ns2:SubmitDeliveryReceipt>\n"
    "</SOAP-ENV:Body>\n"
    "</SOAP-ENV:Envelope>"
)


async def acknowledged(host: CsoftSimulator, receipts: int) -> None:
    """Wait until so many receipts are acknowledged."""
    await host.wait_for(lambda host: host.poster.acknowledged == receipts)


async def posted(host: CsoftSimulator, posts: int) -> None:
    """Wait until so many posts are answered, or given up."""
    await host.wait_for(lambda host: len(host.posts) == posts)


async def test_the_example_of_the_specification(
    receipts_here: Receiver, customer: Account
) -> None:
    customer.receipt_user, customer.receipt_pin = "ANOther.61234", "BLUE.music"
    clock = ManualClock(1_030_455_480.0)
    async with (
        CsoftSimulator([customer], clock=clock) as host,
        CsoftClient.connect(host) as soap,
    ):
        host.settings.script = (Step(0.0, 0),)
        await soap.submit("447009123456")
        clock.advance(0)
        await acknowledged(host, 1)
    assert receipts_here.bodies == [EXAMPLE.encode()]
    ((version, headers),) = receipts_here.heads
    assert version == "1.0"
    port = receipts_here.url.partition("/receipts")[0].rpartition(":")[2]
    assert list(headers.items()) == [
        ("Host", f"127.0.0.1:{port}"),
        ("Content-Type", "text/soap"),
        ("Content-Length", str(len(EXAMPLE))),
    ]


async def test_a_receipt_when_it_is_due(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    await soap.submit()
    assert receipts_here.bodies == []
    clock.advance(1)
    await acknowledged(host, 1)
    assert receipts_here.receipts == [("3C7D98A4", "0")]
    (receipt,) = host.receipts
    assert (receipt.report, receipt.attempts, receipt.acknowledged) == (0, 1, True)
    (post,) = host.posts
    assert (post.status, post.error) == (200, None)
    assert post.verdicts == (("3C7D98A4", 0, "Thanks"),)
    assert receipt.verdict == post.verdicts[0]


@pytest.mark.parametrize(
    ("ending", "reports"),
    [
        ("01", ["4"]),
        ("02", ["27"]),
        ("03", ["28"]),
        ("04", ["25"]),
        ("05", ["77"]),
        ("06", ["-4"]),
        ("08", ["-4", "-3", "0"]),
        ("09", ["-4", "27"]),
        ("10", ["8"]),
        ("11", ["0"]),
    ],
)
async def test_the_reports_of_numbers(
    soap: CsoftClient,
    host: CsoftSimulator,
    receipts_here: Receiver,
    clock: ManualClock,
    ending: str,
    reports: list[str],
) -> None:
    await soap.submit(f"4477009001{ending}")
    clock.advance(60)
    await acknowledged(host, len(reports))
    assert [report for _, report in receipts_here.receipts] == reports


async def test_each_number_has_its_receipt(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    await soap.submit("447700900123", "447700900102", text="x" * 161)
    clock.advance(1)
    await acknowledged(host, 2)
    assert receipts_here.receipts == [("3C7D98A4", "0"), ("3C7D98A4", "27")]
    assert b">447700900102</SentTo>" in receipts_here.bodies[1]


async def test_of_a_message_sent_later(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    options = "<SendOptions><SendTimeDelay>10</SendTimeDelay></SendOptions>"
    await soap.submit(options=options)
    clock.advance(599)
    assert host.receipts == []
    clock.advance(2)
    await acknowledged(host, 1)
    assert b">2016-05-10T14:10:00Z</Timestamp1>" in receipts_here.bodies[0]


@pytest.mark.parametrize(
    "refusal",
    [
        "-1",
        "2",
        "zero",
        web.Response(status=500, text=acknowledgement("0")),
        web.Response(status=202, text=acknowledgement("0")),
        web.Response(text=""),
        web.Response(text="<broken"),
        web.Response(text=acknowledgement("0", {"MessageIdentifier": "other"})),
    ],
)
async def test_a_receipt_not_acknowledged_comes_again(
    soap: CsoftClient,
    host: CsoftSimulator,
    receipts_here: Receiver,
    clock: ManualClock,
    refusal: web.Response | str,
) -> None:
    receipts_here.answers = [refusal]
    host.settings.receipt_pauses = (10, 60)
    await soap.submit()
    clock.advance(1)
    await posted(host, 1)
    assert host.poster.acknowledged == 0
    clock.advance(9)
    assert len(host.posts) == 1
    clock.advance(1)
    await acknowledged(host, 1)
    first, second = receipts_here.bodies
    assert first == second


async def test_attempts_are_bounded(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    receipts_here.answers = ["-1"] * 3
    host.settings.receipt_pauses = (1,)
    await soap.submit()
    for attempts in (1, 2):
        clock.advance(1)
        await posted(host, attempts)
    clock.advance(3600)
    host.report("3C7D98A4", 28)
    await posted(host, 3)
    assert [each.attempts for each in host.receipts] == [2, 1]


@pytest.mark.parametrize(
    ("acknowledgement", "answer", "attempts"),
    [
        ("report", web.Response(text="ok"), 2),
        ("status", web.Response(text="ok"), 1),
        ("status", web.Response(status=500), 2),
        ("answer", web.Response(status=500), 1),
    ],
)
async def test_what_acknowledges(
    soap: CsoftClient,
    host: CsoftSimulator,
    receipts_here: Receiver,
    clock: ManualClock,
    acknowledgement: str,
    answer: web.Response,
    attempts: int,
) -> None:
    host.settings.change({"receipt_acknowledgement": acknowledgement})
    receipts_here.answers = [answer]
    await soap.submit()
    clock.advance(1)
    await posted(host, 1)
    clock.advance(1)
    await acknowledged(host, 1)
    assert host.receipts[0].attempts == attempts


async def test_a_receiver_that_is_away(
    soap: CsoftClient,
    host: CsoftSimulator,
    customer: Account,
    receipts_here: Receiver,
    clock: ManualClock,
) -> None:
    customer.receipt_url = "http://127.0.0.1:1/"
    await soap.submit()
    clock.advance(1)
    await posted(host, 1)
    assert host.posts[0].status is None
    assert host.posts[0].error is not None
    customer.receipt_url = receipts_here.url
    clock.advance(1)
    await acknowledged(host, 1)


async def test_twice(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    host.settings.receipt_copies = 2
    await soap.submit()
    clock.advance(1)
    await posted(host, 2)
    assert receipts_here.receipts == [("3C7D98A4", "0")] * 2
    assert host.poster.acknowledged == 1


async def test_before_the_request_is_answered(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver
) -> None:
    host.settings.receipt_timing = "early"
    assert (await soap.submit("447700900108"))["Report"] == "0"
    assert [report for _, report in receipts_here.receipts] == ["-4", "-3", "0"]


async def test_late(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    host.settings.receipt_delay = 30
    await soap.submit()
    clock.advance(30)
    assert host.receipts == []
    clock.advance(1)
    await acknowledged(host, 1)
    assert b">2016-05-10T14:00:00Z</Timestamp1>" in receipts_here.bodies[0]


async def test_never(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    host.settings.receipt_timing = "never"
    await soap.submit()
    clock.advance(60)
    host.settings.receipt_timing = "normal"
    await soap.submit()
    clock.advance(60)
    await acknowledged(host, 1)
    assert receipts_here.receipts == [("3C7D98A5", "0")]


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
async def test_out_of_order(
    soap: CsoftClient,
    host: CsoftSimulator,
    receipts_here: Receiver,
    clock: ManualClock,
    order: str,
) -> None:
    host.settings.change({"receipt_order": order})
    for _ in range(8):
        await soap.submit()
    clock.advance(1)
    await acknowledged(host, 8)
    found = [int(identifier, 16) for identifier, _ in receipts_here.receipts]
    expected = list(range(0x3C7D98A4, 0x3C7D98AC))
    assert found != expected
    assert sorted(found) == expected
    if order == "reversed":
        assert found == expected[::-1]


async def test_several_in_one_post(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    host.settings.receipt_batch = 3
    for _ in range(4):
        await soap.submit()
    clock.advance(1)
    await acknowledged(host, 4)
    assert [body.count(b"<ns2:Sub") for body in receipts_here.bodies] == [3, 1]
    assert [identifier for identifier, _ in receipts_here.receipts] == [
        "3C7D98A4",
        "3C7D98A5",
        "3C7D98A6",
        "3C7D98A7",
    ]


async def test_those_of_several_that_were_refused_come_again(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    host.settings.receipt_batch = 2
    told = {"MessageIdentifier": "3C7D98A4"}
    receipts_here.answers = [web.Response(text=acknowledgement("0", told))]
    await soap.submit()
    await soap.submit()
    clock.advance(1)
    await posted(host, 1)
    clock.advance(1)
    await acknowledged(host, 2)
    assert receipts_here.receipts == [
        ("3C7D98A4", "0"),
        ("3C7D98A5", "0"),
        ("3C7D98A5", "0"),
    ]


async def test_a_report_by_hand_ends_the_script(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    await soap.submit("447700900123", "447700900124")
    host.report("3C7D98A4", 28, "447700900124")
    await acknowledged(host, 1)
    clock.advance(60)
    await acknowledged(host, 2)
    assert receipts_here.receipts == [("3C7D98A4", "28"), ("3C7D98A4", "0")]
    with pytest.raises(KeyError):
        host.report("3C7D98A5", 0)


async def test_nowhere_to_post(
    soap: CsoftClient, host: CsoftSimulator, clock: ManualClock
) -> None:
    await soap.submit()
    clock.advance(60)
    assert host.receipts == []
    assert host.messages[0].stage(clock.now()) == (0, clock.now() - 59.8)


async def test_a_reset_drops_what_is_planned(
    soap: CsoftClient, host: CsoftSimulator, receipts_here: Receiver, clock: ManualClock
) -> None:
    await soap.submit()
    host.reset()
    clock.advance(60)
    await soap.submit()
    clock.advance(60)
    await acknowledged(host, 1)
    assert len(receipts_here.bodies) == 1
