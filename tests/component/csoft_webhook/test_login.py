"""Receipts with a wrong username or PIN."""

from collections.abc import Callable
from http import HTTPStatus

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import DOMAIN
from custom_components.sms_gateway.gateway import State
from custom_components.sms_gateway.refused_receipts import ENOUGH, PERIOD
from simulator.csoft import CsoftSimulator

from ...gateway.csoft.helpers import FIELDS, soap
from ..helpers import pass_time, tick
from .helpers import PATH, send_the_examples

REFUSED = "receipts_refused_01K000000000000000000ACC05"


@pytest.fixture
def refused(issue_registry: ir.IssueRegistry) -> Callable[[], bool]:
    """Whether there is an issue of receipts with a wrong login."""
    return lambda: issue_registry.async_get_issue(DOMAIN, REFUSED) is not None


async def bring(client: TestClient, count: int = 1, **changes: str) -> bytes:
    """Bring receipts in one post."""
    answer = await client.post(PATH, data=soap(*[FIELDS | changes] * count))
    assert answer.status == HTTPStatus.OK
    return await answer.read()


async def test_a_wrong_login_changes_nothing_and_is_told_when_it_comes_again(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    guarded: None,
    client: TestClient,
    refused: Callable[[], bool],
) -> None:
    message_id = await send_the_examples(hass, csoft_host)
    for _ in range(ENOUGH - 1):
        assert b">2</Report>" in await bring(client, PIN="wrong")
    assert not refused()
    assert b">2</Report>" in await bring(client, Username="wrong")
    assert refused()
    message = await csoft_account.runtime_data.gateway.get(message_id)
    assert message.state is State.ACCEPTED

    assert (await client.post(PATH, data=b"<")).status == HTTPStatus.BAD_REQUEST
    assert refused(), "what is no receipt tells nothing"
    assert b">0</Report>" in await bring(client)
    assert not refused()
    assert csoft_account.runtime_data.refused_receipts.total == ENOUGH
    await bring(client, PIN="wrong")
    assert not refused(), "it is counted anew"


async def test_the_issue_goes_when_no_wrong_login_comes_any_more(
    hass: HomeAssistant,
    guarded: None,
    client: TestClient,
    refused: Callable[[], bool],
) -> None:
    await bring(client, ENOUGH, PIN="wrong")
    assert refused()
    await bring(client, PIN="wrong")
    await pass_time(hass, PERIOD.total_seconds() - 60)
    assert refused()
    await pass_time(hass, PERIOD.total_seconds() + 1)
    assert not refused()


async def test_a_wrong_login_now_and_then_is_no_issue(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    refused: Callable[[], bool],
) -> None:
    for _ in range(2 * ENOUGH):
        csoft_account.runtime_data.refused_receipts.add(1)
        await tick(hass, freezer, PERIOD.total_seconds() / (ENOUGH - 1))
    assert not refused()


async def test_the_issue_goes_with_the_account(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    guarded: None,
    client: TestClient,
    refused: Callable[[], bool],
) -> None:
    await bring(client, ENOUGH, PIN="wrong")
    assert refused()
    await hass.config_entries.async_unload(csoft_account.entry_id)
    assert not refused()
