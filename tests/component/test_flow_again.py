"""Set-ups left open, logins changed in part, and questions that answer themselves."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import CONF_SENDER, DOMAIN, SECTION_ADVANCED
from simulator.websmpp import ErrorCode, ForcedError, WebsmppSimulator

from .helpers import STATUS, Cloud, answer, assert_told, becomes, send


async def begin(hass: HomeAssistant, login: dict[str, Any]) -> dict[str, Any]:
    """Set an account up as far as its webhook."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    form = await answer(hass, dict(menu), {"next_step_id": "websmpp"})
    return await answer(hass, form, {**login, CONF_SENDER: "Home"})


async def test_a_set_up_that_was_left_open_is_replaced_by_a_new_one(
    hass: HomeAssistant, login: dict[str, Any]
) -> None:
    left = await begin(hass, login)
    again = await begin(hass, login)
    assert again["step_id"] == left["step_id"] == "webhook"
    (open_flow,) = hass.config_entries.flow.async_progress()
    assert open_flow["flow_id"] == again["flow_id"]
    done = await answer(hass, again)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_the_cloud_address_of_a_set_up_left_open_is_given_back(
    hass: HomeAssistant, cloud: Cloud, login: dict[str, Any]
) -> None:
    await begin(hass, login)
    await begin(hass, login)
    cloud.delete.assert_awaited_once()


@pytest.fixture(params=["", "smpp_", "smsitaly_", "csoft_"])
def known(request: pytest.FixtureRequest) -> tuple[MockConfigEntry, dict[str, Any]]:
    """Each system's account, set up, and what a user typed for it."""
    account: MockConfigEntry = request.getfixturevalue(f"{request.param}account")
    return account, dict(request.getfixturevalue(f"{request.param}login"))


async def test_a_secret_that_is_left_empty_stays(
    hass: HomeAssistant, known: tuple[MockConfigEntry, dict[str, Any]]
) -> None:
    account, login = known
    secret = "pin" if "pin" in login else "password"
    kept = account.data[secret]
    del login[secret]
    form = dict(await account.start_reconfigure_flow(hass))
    done = await answer(hass, form, login)
    assert done["reason"] == "reconfigure_successful"
    assert account.data[secret] == kept
    assert account.state is ConfigEntryState.LOADED
    assert await hass.config_entries.async_unload(account.entry_id)


async def test_another_login_needs_its_own_secret(
    hass: HomeAssistant, account: MockConfigEntry, login: dict[str, Any]
) -> None:
    form = dict(await account.start_reconfigure_flow(hass))
    del login[CONF_PASSWORD]
    form = await answer(hass, form, {**login, CONF_USERNAME: "other"})
    assert form["errors"] == {CONF_PASSWORD: "password_empty"}
    assert_told(form)


@pytest.mark.parametrize("system", ["websmpp", "smpp", "smsitaly", "csoft"])
async def test_required_fields_stand_before_a_section(
    hass: HomeAssistant, system: str
) -> None:
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    form = await answer(hass, dict(menu), {"next_step_id": system})
    fields = list(map(str, form["data_schema"].schema))
    assert CONF_SENDER in fields
    assert SECTION_ADVANCED not in fields[:-1]


async def test_the_address_of_another_provider_is_not_suggested(
    hass: HomeAssistant,
) -> None:
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    form = await answer(hass, dict(menu), {"next_step_id": "websmpp"})
    (url,) = (key for key in form["data_schema"].schema if key == "url")
    assert "suggested_value" not in (url.description or {})
    assert not callable(url.default)
    assert form["description_placeholders"]["example"].startswith("http")


async def test_a_login_is_asked_for_once_and_no_longer_than_it_is_refused(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP05))
    coordinator = account.runtime_data.coordinator
    for _ in range(2):
        await coordinator.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
    (flow,) = hass.config_entries.flow.async_progress()
    shown = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert "HTTP05" in shown["description_placeholders"]["reason"]
    issue = f"config_entry_reauth_{DOMAIN}_{account.entry_id}"
    assert issue_registry.async_get_issue("homeassistant", issue)

    simulator.errors.clear()
    await coordinator.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not hass.config_entries.flow.async_progress()
    assert issue_registry.async_get_issue("homeassistant", issue) is None
    await becomes(hass, STATUS, "active")


async def test_a_login_is_asked_for_again_while_the_provider_is_away(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP05, times=1))
    await account.runtime_data.coordinator.async_refresh()
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP11, times=1))
    await account.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(hass.config_entries.flow.async_progress()) == 1


async def test_the_notify_service_keeps_its_name(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    hass.config_entries.async_update_entry(account, title="Alarm line")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_reload(account.entry_id)
    assert not hass.services.has_service("notify", "alarm_line")
    await hass.services.async_call(
        "notify", "websmpp_demo", {"message": "Fire"}, blocking=True
    )
    assert simulator.messages_count == 1


async def test_an_entry_of_before_keeps_the_name_that_its_service_had(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    assert "notify_service" not in entry.data
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.data["notify_service"] == "websmpp_demo"
    await send(hass)
