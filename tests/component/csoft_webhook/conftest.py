"""A provider, or somebody else, in front of the webhook."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.sms_gateway.const import CONF_RECEIPT_PIN, CONF_RECEIPT_USERNAME

from ...gateway.csoft.helpers import PIN, USERNAME
from .helpers import Talk


@pytest.fixture
async def client(
    csoft_account: MockConfigEntry, hass_client_no_auth: ClientSessionGenerator
) -> TestClient:
    """The provider, as a client of Home Assistant."""
    return await hass_client_no_auth()


@pytest.fixture
async def guarded(hass: HomeAssistant, csoft_account: MockConfigEntry) -> None:
    """Receipts have to bring the credentials of the example from now on."""
    login = {CONF_RECEIPT_USERNAME: USERNAME, CONF_RECEIPT_PIN: PIN}
    data = {**csoft_account.data, **login}
    hass.config_entries.async_update_entry(csoft_account, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
async def talk(client: TestClient) -> AsyncIterator[Talk]:
    """Send bytes over a socket of their own; returns the head and body of the answer."""
    writers: list[asyncio.StreamWriter] = []

    async def talk(request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writers.append(writer)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = sum(
            int(line.partition(b":")[2])
            for line in head.splitlines()
            if line.lower().startswith(b"content-length") and request[:4] != b"HEAD"
        )
        return head + await reader.readexactly(length)

    yield talk
    for writer in writers:
        writer.close()
        await writer.wait_closed()
