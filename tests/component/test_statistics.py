"""Long-term statistics, as the recorder compiles them from the sensors."""

from datetime import timedelta

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from simulator.websmpp import WebsmppSimulator

from .helpers import CREDIT, DELIVERED, SENT, becomes, send

PERIOD = timedelta(minutes=5)


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: None) -> None:
    """Have the recorder ready before Home Assistant starts."""


async def test_credit_and_counters_have_long_term_statistics(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    account: MockConfigEntry,
    pushing: WebsmppSimulator,
) -> None:
    assert await async_setup_component(hass, "sensor", {})
    begin = dt_util.utcnow().replace(second=0, microsecond=0)
    begin -= timedelta(minutes=begin.minute % 5)
    await send(hass)
    await becomes(hass, DELIVERED, "1")
    await becomes(hass, SENT, "1")
    await async_wait_recording_done(hass)
    # The next one may have begun by now.
    for start in (begin, begin + PERIOD):
        do_adhoc_statistics(hass, start=start)
        await async_wait_recording_done(hass)
    compiled = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        begin,
        None,
        None,
        "5minute",
        None,
        {"mean", "sum", "state"},
    )
    assert compiled[CREDIT][-1]["mean"] == pytest.approx(100, abs=1)
    assert compiled[SENT][-1]["state"] == 1
    assert compiled[SENT][-1]["sum"] == 1
    assert compiled[DELIVERED][-1]["sum"] == 1
