"""Push receipts, as they were observed on AMS servers."""

from collections.abc import AsyncIterator

from aiohttp import web
import pytest

from simulator.websmpp import Account, ManualClock, Status, Step, WebsmppSimulator

from .conftest import Platform


class Receiver:
    """The account's own server: what it was sent, and what it answers."""

    def __init__(self) -> None:
        self.received: list[dict[str, str]] = []
        self.answers: list[str] = []

    @property
    def statuses(self) -> list[tuple[str, str]]:
        """The ids and statuses received."""
        return [(each["MessageId"], each["Status"]) for each in self.received]

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Take a receipt; the answers planned come before those that say ok."""
        assert request.method == "GET"
        self.received.append(dict(request.query))
        return web.Response(text=self.answers.pop(0) if self.answers else "ok")


@pytest.fixture
async def receiver(account: Account) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.handle), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    account.push_url = f"http://127.0.0.1:{runner.addresses[0][1]}/receipts?key=1"
    yield receiver
    await runner.cleanup()


async def settled(simulator: WebsmppSimulator, receipts: int) -> None:
    """Wait until so many receipts are acknowledged."""
    await simulator.wait_for(lambda s: s.push.acknowledged == receipts)


async def test_the_parameters(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    await platform.submit()
    assert receiver.received == []
    clock.advance(60)
    await settled(simulator, 1)
    assert receiver.received == [
        {
            "key": "1",
            "MessageId": "2541524",
            "Source": "Test",
            "Destination": "96170123456",
            "Status": "DELIVRD",
            "SubmitDate": "2016-05-10 14:00:00",
            "DoneDate": "2016-05-10 14:00:00",
        }
    ]


async def test_the_further_parameters(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    account: Account,
    clock: ManualClock,
) -> None:
    account.push_extras = True
    await platform.submit(mno="9613123456,447700900123")
    clock.advance(1)
    await settled(simulator, 2)
    extras = [(each["mcc"], each["mnc"], each["BatchId"]) for each in receiver.received]
    assert extras == [("415", "01", "2541524"), ("234", "10", "2541524")]


@pytest.mark.parametrize(
    ("ending", "statuses"),
    [
        ("01", ["UNDELIV"]),
        ("02", ["EXPIRED"]),
        ("03", ["REJECTD"]),
        ("04", ["DELETED"]),
        ("05", ["UNKNOWN"]),
        ("06", ["ACCEPTD"]),
        ("56", ["DELIVRD"]),
    ],
)
async def test_every_status_is_told(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
    ending: str,
    statuses: list[str],
) -> None:
    await platform.submit(mno=f"961701234{ending}")
    clock.advance(1)
    await settled(simulator, 1)
    assert [status for _, status in receiver.statuses] == statuses


async def test_each_part_and_step_has_a_receipt(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    simulator.settings.script = (Step(1, Status.ACCEPTD), Step(2, Status.DELIVRD))
    await platform.submit(text="x" * 161)
    clock.advance(2)
    await settled(simulator, 4)
    assert receiver.statuses == [
        ("2541524", "ACCEPTD"),
        ("2541525", "ACCEPTD"),
        ("2541524", "DELIVRD"),
        ("2541525", "DELIVRD"),
    ]


async def test_a_receipt_not_acknowledged_comes_again(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    receiver.answers = ["", "thanks"]
    simulator.settings.push_pauses = (10, 60)
    await platform.submit()
    clock.advance(1)
    await simulator.wait_for(lambda s: sum(each.attempts for each in s.receipts) == 1)
    clock.advance(10)
    await simulator.wait_for(lambda s: sum(each.attempts for each in s.receipts) == 2)
    clock.advance(60)
    await settled(simulator, 1)
    assert receiver.statuses == [("2541524", "DELIVRD")] * 3


async def test_attempts_are_bounded(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    receiver.answers = ["no"] * 10
    simulator.settings.push_pauses = (1,)
    await platform.submit()
    for attempts in (1, 2):
        clock.advance(1)
        await simulator.wait_for(
            lambda s, attempts=attempts: (
                s.receipts != [] and s.receipts[0].attempts == attempts
            )
        )
    clock.advance(3600)
    simulator.set_status(2541524, "DELETED")
    await simulator.wait_for(lambda s: len(s.receipts) == 2)
    assert [each.attempts for each in simulator.receipts] == [2, 1]


async def test_a_receiver_that_is_away(
    platform: Platform,
    simulator: WebsmppSimulator,
    account: Account,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    url, account.push_url = account.push_url, "http://127.0.0.1:1/"
    simulator.settings.push_pauses = (5,)
    await platform.submit()
    clock.advance(1)
    await simulator.wait_for(lambda s: len(s.receipts) == 1)
    account.push_url = url
    clock.advance(5)
    await settled(simulator, 1)
    assert receiver.statuses == [("2541524", "DELIVRD")]


async def test_twice(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    simulator.settings.push_copies = 2
    await platform.submit()
    clock.advance(1)
    await settled(simulator, 1)
    assert receiver.statuses == [("2541524", "DELIVRD")] * 2


async def test_before_the_submission_is_answered(
    platform: Platform, simulator: WebsmppSimulator, receiver: Receiver
) -> None:
    simulator.settings.push_timing = "early"
    simulator.settings.status_reply = "word"
    assert await platform.submit() == "Response: 2541524"
    assert receiver.statuses == [("2541524", "DELIVRD")]
    assert await platform.get("websmsstatus", "respid=2541524") == "DELIVRD"


async def test_late(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    simulator.settings.push_delay = 30
    await platform.submit(mno="96170123456")
    clock.advance(29)
    await platform.submit(mno="96170123457")
    simulator.set_status(2541525, "EXPIRED")
    await settled(simulator, 1)
    clock.advance(2)
    await settled(simulator, 2)
    assert receiver.statuses == [("2541525", "EXPIRED"), ("2541524", "DELIVRD")]
    assert receiver.received[1]["DoneDate"] == "2016-05-10 14:00:00"


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
async def test_out_of_order(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
    order: str,
) -> None:
    simulator.settings.change({"push_order": order})
    await platform.submit(text="x" * 1400)
    clock.advance(1)
    await settled(simulator, 10)
    ids = [int(each) for each, _ in receiver.statuses]
    expected = list(range(2541524, 2541534))
    assert ids != expected
    assert sorted(ids) == expected
    if order == "reversed":
        assert ids == expected[::-1]


async def test_never(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    simulator.settings.push_timing = "never"
    await platform.submit()
    clock.advance(60)
    simulator.settings.push_timing = "normal"
    await platform.submit()
    clock.advance(60)
    await settled(simulator, 1)
    assert receiver.statuses == [("2541525", "DELIVRD")]


async def test_a_status_set_by_hand_ends_the_script(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    await platform.submit(text="x" * 161)
    simulator.set_status(2541524, Status.REJECTD)
    await settled(simulator, 1)
    clock.advance(60)
    await settled(simulator, 2)
    assert receiver.statuses == [("2541524", "REJECTD"), ("2541525", "DELIVRD")]


async def test_a_scheduled_message_is_told_after_its_time(
    platform: Platform,
    simulator: WebsmppSimulator,
    receiver: Receiver,
    clock: ManualClock,
) -> None:
    await platform.submit(gmt="0000", schtime="201605101422")
    clock.advance(22 * 60)
    assert simulator.push.acknowledged == 0
    clock.advance(1)
    await settled(simulator, 1)
    assert receiver.received[0]["DoneDate"] == "2016-05-10 14:22:00"


async def test_by_the_real_clock(account: Account, receiver: Receiver) -> None:
    async with WebsmppSimulator([account]) as simulator:
        async with Platform.connect(simulator) as platform:
            await platform.submit()
            await settled(simulator, 1)
        assert receiver.statuses == [("2541524", "DELIVRD")]
