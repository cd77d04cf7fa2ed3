"""Receipts that come while the account is not there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
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
from .helpers import PATH, loud, send_the_examples, written


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


@pytest.fixture
async def finish(client: TestClient) -> AsyncIterator[Callable[[], Awaitable[bytes]]]:
    """A request of which a part has come; finishes it, and returns the answer."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    request = written("POST", EXAMPLE.encode(), Connection="close")
    writer.write(request[:-10])
    connections = client.server.runner.server.connections
    await eventually(lambda: any(each._current_request for each in connections))

    async def finish() -> bytes:
        writer.write(request[-10:])
        return await reader.read()

    yield finish
    writer.close()
    await writer.wait_closed()


async def test_an_account_that_goes_while_a_receipt_comes_in(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    finish: Callable[[], Awaitable[bytes]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Home Assistant would answer 200 to a fault of ours, and log the secret address."""
    assert await hass.config_entries.async_unload(csoft_account.entry_id)
    assert b" 503 " in await finish()
    assert CSOFT_WEBHOOK_ID not in "".join(loud(caplog))


async def test_an_account_that_is_loaded_anew_while_a_receipt_comes_in(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    finish: Callable[[], Awaitable[bytes]],
) -> None:
    await send_the_examples(hass, csoft_host)
    assert await hass.config_entries.async_reload(csoft_account.entry_id)
    assert b">0</Report>" in await finish()


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
