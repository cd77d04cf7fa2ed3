"""Scheduling: websmpp specification, section Optional Parameters."""

from datetime import UTC, datetime

import pytest

from simulator.websmpp import ManualClock, Status, WebsmppSimulator

from .conftest import Platform

REFUSED = "Response: ERROR - HTTP22 --> Invalid Schedule Time"


@pytest.mark.parametrize(
    ("gmt", "quirk", "correct"),
    [
        pytest.param("+0530", "14:22", "14:22", id="as in the specification"),
        pytest.param("0530", "14:22", "14:22", id="without a sign"),
        pytest.param("%2B0530", "19:52", "14:22", id="an encoded plus"),
        pytest.param("-0330", "23:22", "23:22", id="behind GMT"),
        pytest.param("0000", "19:52", "19:52", id="GMT"),
        pytest.param("5", "14:52", "14:52", id="whole hours"),
        pytest.param("", "19:52", "19:52", id="empty"),
        pytest.param(None, "19:52", "19:52", id="missing"),
        pytest.param("2530", "19:52", None, id="25 hours"),
        pytest.param("0575", "19:52", None, id="75 minutes"),
        pytest.param("Beirut", "19:52", None, id="a name"),
    ],
)
@pytest.mark.parametrize("reading", ["quirk", "correct"])
async def test_how_the_offset_is_read(
    platform: Platform,
    simulator: WebsmppSimulator,
    reading: str,
    gmt: str | None,
    quirk: str,
    correct: str | None,
) -> None:
    simulator.settings.change({"gmt_reading": reading})
    expected = quirk if reading == "quirk" else correct
    reply = await platform.submit(gmt=gmt, schtime="201605101952")
    if expected is None:
        assert reply == REFUSED
        return
    assert reply == "Response: 2541524"
    scheduled = simulator.messages[0].scheduled
    assert scheduled is not None
    assert f"{datetime.fromtimestamp(scheduled, UTC):%H:%M}" == expected


@pytest.mark.parametrize(
    "schtime",
    [
        pytest.param("", id="empty"),
        pytest.param("2016", id="too short"),
        pytest.param("20160510195200", id="with seconds"),
        pytest.param("201613101952", id="month 13"),
        pytest.param("201602301952", id="30 February"),
        pytest.param("201605102460", id="24:60"),
        pytest.param("2016-05-10T1", id="dashes"),
        pytest.param("201605101359", id="a minute ago"),
        pytest.param("201605101400", id="this minute"),
    ],
)
async def test_bad_and_past_times(
    platform: Platform, simulator: WebsmppSimulator, schtime: str
) -> None:
    assert await platform.submit(gmt="0000", schtime=schtime) == REFUSED
    assert simulator.messages_count == 0


async def test_a_scheduled_message_is_pending_until_its_time(
    platform: Platform, simulator: WebsmppSimulator, clock: ManualClock
) -> None:
    await platform.submit(gmt="0000", schtime="201605101422")
    part_id = simulator.messages[0].first_id

    def status() -> Status:
        return simulator.messages.state(part_id, clock.now()).status

    clock.advance(22 * 60)
    assert status() is Status.ATES
    clock.advance(0.2)
    assert status() is Status.DELIVRD


async def test_an_offset_alone_schedules_nothing(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    assert await platform.submit(gmt="+0530") == "Response: 2541524"
    assert simulator.messages[0].scheduled is None
