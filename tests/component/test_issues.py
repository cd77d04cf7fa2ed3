"""Repair issues: they come, and they go by themselves."""

from collections.abc import Awaitable, Callable

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import DOMAIN
from custom_components.sms_gateway.coordinator import WRITE_PAUSE
from custom_components.sms_gateway.quoting import quoted
from simulator.websmpp import ErrorCode, ForcedError, WebsmppSimulator

from .helpers import STATUS, pass_time, send

LOW = "low_credit_01K000000000000000000ACC01"
EXPIRED = "account_expired_01K000000000000000000ACC01"


async def set_credit(
    account: MockConfigEntry, simulator: WebsmppSimulator, credit: int
) -> None:
    simulator.accounts["demo"].credit = credit
    await account.runtime_data.coordinator.async_refresh()


async def test_low_credit_comes_and_goes(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    assert issue_registry.async_get_issue(DOMAIN, LOW) is None
    await set_credit(account, simulator, 9)
    issue = issue_registry.async_get_issue(DOMAIN, LOW)
    assert issue
    assert issue.translation_key == "low_credit"
    assert issue.translation_placeholders == {
        "account": quoted("websmpp demo"),
        "credit": "9",
    }

    await set_credit(account, simulator, 10)
    assert issue_registry.async_get_issue(DOMAIN, LOW) is None


async def test_low_credit_stays_while_nobody_knows_better(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    await set_credit(account, simulator, 9)
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP11))
    await account.runtime_data.coordinator.async_refresh()
    assert issue_registry.async_get_issue(DOMAIN, LOW)


async def test_a_message_refused_for_want_of_credit_raises_it_too(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP18, destination="*"))
    with pytest.raises(Exception, match="HTTP18"):
        await send(hass)
    await pass_time(hass, WRITE_PAUSE)
    assert issue_registry.async_get_issue(DOMAIN, LOW)


async def _send(hass: HomeAssistant, _account: MockConfigEntry) -> None:
    await send(hass)


async def _log_in(_hass: HomeAssistant, account: MockConfigEntry) -> None:
    await account.runtime_data.coordinator.async_refresh()


@pytest.mark.parametrize("proof", [_send, _log_in], ids=["a send", "a login"])
async def test_an_expired_account_ends_with_the_first_proof_against_it(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    issue_registry: ir.IssueRegistry,
    proof: Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]],
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP26, times=1))
    with pytest.raises(Exception, match="HTTP26"):
        await send(hass)
    await pass_time(hass, WRITE_PAUSE)
    assert issue_registry.async_get_issue(DOMAIN, EXPIRED)

    await proof(hass, account)
    await pass_time(hass, WRITE_PAUSE)
    assert issue_registry.async_get_issue(DOMAIN, EXPIRED) is None
    assert hass.states.get(STATUS).state == "active"


async def test_issues_survive_a_reload_but_not_the_account(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    await set_credit(account, simulator, 9)
    ir.async_ignore_issue(hass, DOMAIN, LOW, True)
    await hass.config_entries.async_reload(account.entry_id)
    issue = issue_registry.async_get_issue(DOMAIN, LOW)
    assert issue
    assert issue.dismissed_version, "the user's word stays"

    await hass.config_entries.async_remove(account.entry_id)
    assert issue_registry.async_get_issue(DOMAIN, LOW) is None


async def test_a_disabled_account_has_no_issues(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    await set_credit(account, simulator, 9)
    await hass.config_entries.async_set_disabled_by(
        account.entry_id, ConfigEntryDisabler.USER
    )
    assert issue_registry.async_get_issue(DOMAIN, LOW) is None
