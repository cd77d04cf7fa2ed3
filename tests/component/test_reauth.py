"""A new password for an account with a connection that stays."""

from typing import NamedTuple

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PASSWORD
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.smsc import SmscSimulator
from simulator.smsitaly import SmsItalySimulator

from .helpers import (
    SMPP_CONNECTION,
    SMPP_STATUS,
    SMSITALY_CONNECTION,
    SMSITALY_STATUS,
    answer,
    becomes,
)


class Place(NamedTuple):
    """An account, not set up yet, and where it is."""

    entry: MockConfigEntry
    server: SmscSimulator | SmsItalySimulator
    connection: str
    status: str


@pytest.fixture
def smpp(smpp_entry: MockConfigEntry, smsc: SmscSimulator) -> Place:
    return Place(smpp_entry, smsc, SMPP_CONNECTION, SMPP_STATUS)


@pytest.fixture
def smsitaly(smsitaly_entry: MockConfigEntry, gate: SmsItalySimulator) -> Place:
    return Place(smsitaly_entry, gate, SMSITALY_CONNECTION, SMSITALY_STATUS)


@pytest.fixture(params=["smpp", "smsitaly"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each of them."""
    place: Place = request.getfixturevalue(request.param)
    return place


async def test_a_new_password_mends_an_account_that_is_connected(
    hass: HomeAssistant, place: Place
) -> None:
    assert await hass.config_entries.async_setup(place.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    place.server.accounts["demo"].password = "changed"
    form = await place.entry.start_reauth_flow(hass)
    form = await answer(hass, form, {CONF_PASSWORD: "wrong"})
    assert form["errors"] == {CONF_PASSWORD: "invalid_auth"}
    done = await answer(hass, form, {CONF_PASSWORD: "changed"})
    assert done["reason"] == "reauth_successful"
    assert place.entry.data[CONF_PASSWORD] == "changed"
    await becomes(hass, place.connection, "on")
    await becomes(hass, place.status, "active")


async def test_a_new_password_mends_an_account_that_was_refused_from_the_start(
    hass: HomeAssistant, place: Place
) -> None:
    place.server.accounts["demo"].password = "changed"
    await hass.config_entries.async_setup(place.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert place.entry.state is ConfigEntryState.LOADED
    await place.server.wait_for(lambda each: not each.sessions)
    (form,) = hass.config_entries.flow.async_progress()
    assert form["context"]["source"] == "reauth"
    done = await answer(hass, dict(form), {CONF_PASSWORD: "changed"})
    assert done["reason"] == "reauth_successful"
    assert place.entry.state is ConfigEntryState.LOADED
