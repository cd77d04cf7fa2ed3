"""The times of a message: clauses 5.2.15, 5.2.16 and 7.1.1. It is 2016-05-10 14:00 UTC."""

import pytest

from simulator.smsc import CommandStatus, ManualClock, MessageState, SmscSimulator

from .esme import Esme


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        pytest.param("160510142200000+", 22 * 60, id="UTC"),
        pytest.param("160510195200022+", 22 * 60, id="+05:30"),
        pytest.param("160510103000014-", 0, id="-03:30, now"),
        pytest.param("160510110000014-", 30 * 60, id="-03:30"),
        pytest.param("160510140000500+", 0.5, id="tenths"),
        pytest.param("160510135959000+", -1, id="past"),
        pytest.param("000000002200000R", 22 * 60, id="relative minutes"),
        pytest.param("000001000000000R", 86_400, id="a day"),
        pytest.param("000100000000000R", 31 * 86_400, id="a month"),
        pytest.param("010000000000000R", 365 * 86_400, id="a year"),
        pytest.param("000000000000000R", 0, id="no time"),
        pytest.param("000000002200001R", None, id="relative, with quarters"),
        pytest.param("160510142200049+", None, id="over 12 hours from UTC"),
        pytest.param("160532142200000+", None, id="32 May"),
        pytest.param("160510142200000Z", None, id="no sign"),
        pytest.param("2016-05-10 14:30", None, id="another form"),
    ],
)
async def test_how_they_are_read(
    esme: Esme,
    smsc: SmscSimulator,
    clock: ManualClock,
    written: str,
    seconds: float | None,
) -> None:
    good = seconds is not None and seconds > 0
    scheduled = await esme.submit(schedule_delivery_time=written)
    valid = await esme.submit(validity_period=written)
    if good:
        assert (scheduled.status, valid.status) == (0, 0)
        assert seconds is not None
        assert smsc.messages[0].sent == clock.now() + seconds
        assert smsc.messages[1].expires == clock.now() + seconds
    else:
        assert scheduled.status == CommandStatus.ESME_RINVSCHED
        assert valid.status == CommandStatus.ESME_RINVEXPIRY


async def test_a_scheduled_message(
    esme: Esme, smsc: SmscSimulator, clock: ManualClock
) -> None:
    await esme.submit(schedule_delivery_time="160510142200000+")
    message = smsc.messages[0]
    clock.advance(22 * 60)
    assert message.stage(clock.now()).state is MessageState.ENROUTE
    clock.advance(0.2)
    assert message.stage(clock.now()).state is MessageState.DELIVERED


async def test_the_end_of_the_validity(esme: Esme, clock: ManualClock) -> None:
    await esme.submit(
        destination_addr="96170123407", validity_period="000000001000000R"
    )
    clock.advance(600)
    assert (await esme.take()).read.message_state == MessageState.EXPIRED


async def test_a_validity_that_ends_before_the_schedule(esme: Esme) -> None:
    response = await esme.submit(
        schedule_delivery_time="000000002000000R",
        validity_period="000000001000000R",
    )
    assert response.status == CommandStatus.ESME_RINVEXPIRY
