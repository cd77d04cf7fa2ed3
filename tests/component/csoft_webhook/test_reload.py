"""Receipts that come while the account is not there."""

import asyncio
from http import HTTPStatus

from aiohttp.test_utils import TestClient
from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway import webhook as door
from custom_components.sms_gateway.gateway import State
from simulator.csoft import CsoftSimulator

from ...gateway.csoft.helpers import EXAMPLE, EXAMPLE_ANSWER
from ...gateway.helpers import eventually
from ..helpers import CSOFT_WEBHOOK_ID
from .helpers import PATH, send_the_examples


async def test_a_receipt_that_comes_while_the_account_is_loaded_anew_waits_for_it(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    client: TestClient,
) -> None:
    message_id = await send_the_examples(hass, csoft_host)
    assert await hass.config_entries.async_unload(csoft_account.entry_id)
    post = asyncio.create_task(client.post(PATH, data=EXAMPLE.encode()))
    opened = hass.data[door._DOORS][csoft_account.entry_id]._opened
    await eventually(lambda: opened._waiters)
    assert await hass.config_entries.async_setup(csoft_account.entry_id)
    answer = await post
    assert answer.status == HTTPStatus.OK
    assert (await answer.read()).decode() == EXAMPLE_ANSWER
    message = await csoft_account.runtime_data.gateway.get(message_id)
    assert message.state is State.DELIVERED


async def test_one_that_comes_while_the_account_is_not_loaded_is_to_be_brought_again(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.01)
    assert await hass.config_entries.async_unload(csoft_account.entry_id)
    answer = await client.post(PATH, data=EXAMPLE.encode())
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE


@pytest.mark.parametrize("end", ["disabled", "removed"])
async def test_the_webhook_of_an_account_that_is_gone_is_gone_too(
    hass: HomeAssistant, csoft_account: MockConfigEntry, client: TestClient, end: str
) -> None:
    entries = hass.config_entries
    if end == "disabled":
        await entries.async_set_disabled_by(
            csoft_account.entry_id, ConfigEntryDisabler.USER
        )
    else:
        await entries.async_remove(csoft_account.entry_id)
    assert CSOFT_WEBHOOK_ID not in hass.data[webhook._HANDLERS]
