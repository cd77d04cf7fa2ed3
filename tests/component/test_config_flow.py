"""Setting an account up, mending its login and changing it."""

from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_URL,
    CONF_USERNAME,
    CONF_WEBHOOK_ID,
)
from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.network import NoURLAvailableError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import (
    CONF_CLOUDHOOK_URL,
    CONF_NOTIFY_SERVICE,
    CONF_REGION,
    CONF_SENDER,
    CONF_SYSTEM,
    DOMAIN,
)
from custom_components.sms_gateway.quoting import quoted
from simulator.websmpp import ErrorCode, Fault, FaultKind, ForcedError, WebsmppSimulator

from .helpers import PASSWORD, STATUS, Cloud, answer, assert_told, becomes

type Result = dict[str, Any]


@pytest.fixture(autouse=True)
async def _url(hass: HomeAssistant) -> None:
    """Give Home Assistant an address that a provider can reach."""
    await async_process_ha_core_config(
        hass, {"external_url": "https://home.example.org", "country": "LB"}
    )


async def begin(hass: HomeAssistant) -> Result:
    """Start to add an account at a websmpp server."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert "websmpp" in result["menu_options"]
    return await answer(hass, result, {"next_step_id": "websmpp"})


async def test_an_account_is_set_up(
    hass: HomeAssistant, simulator: WebsmppSimulator, login: dict[str, Any]
) -> None:
    form = await begin(hass)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "websmpp"
    assert not form["errors"]

    webhook = await answer(
        hass, form, {**login, CONF_SENDER: " Home ", CONF_REGION: "LB"}
    )
    assert webhook["type"] is FlowResultType.FORM
    assert webhook["step_id"] == "webhook"
    url = webhook["description_placeholders"]["webhook_url"]
    assert url.startswith("https://home.example.org/api/webhook/")
    assert simulator.counts["balanceReport"] == 1

    done = await answer(hass, webhook)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "websmpp demo"
    assert done["data"] == {
        CONF_SYSTEM: "websmpp",
        CONF_WEBHOOK_ID: url.rpartition("/")[2],
        **login,
    }
    assert done["options"] == {CONF_SENDER: "Home", CONF_REGION: "LB"}
    assert done["result"].unique_id == "websmpp:demo@127.0.0.1"
    assert done["result"].state is ConfigEntryState.LOADED


async def test_the_country_is_suggested(hass: HomeAssistant) -> None:
    form = await begin(hass)
    (field,) = (key for key in form["data_schema"].schema if key == CONF_REGION)
    assert field.description == {"suggested_value": "LB"}


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({CONF_URL: "ftp://example.org"}, {CONF_URL: "url_form"}),
        ({CONF_URL: "http://[127.0.0.1"}, {CONF_URL: "url_form"}),
        ({CONF_URL: "http://demo:pw@127.0.0.1"}, {CONF_URL: "url_login"}),
        ({CONF_URL: "http://127.0.0.1:1/websmpp"}, {CONF_URL: "cannot_connect"}),
        ({CONF_USERNAME: "  "}, {CONF_USERNAME: "username_empty"}),
        (
            {CONF_USERNAME: "nobody"},
            {CONF_USERNAME: "invalid_auth", CONF_PASSWORD: "invalid_auth"},
        ),
        ({CONF_PASSWORD: ""}, {CONF_PASSWORD: "password_empty"}),
        (
            {CONF_PASSWORD: "wrong"},
            {CONF_USERNAME: "invalid_auth", CONF_PASSWORD: "invalid_auth"},
        ),
        ({CONF_SENDER: "Far too long a name"}, {CONF_SENDER: "sender_form"}),
        ({CONF_SENDER: "  "}, {CONF_SENDER: "sender_missing"}),
    ],
)
async def test_a_wrong_value_is_told_at_its_field_and_can_be_mended(
    hass: HomeAssistant,
    login: dict[str, Any],
    given: dict[str, Any],
    errors: dict[str, str],
) -> None:
    right = {**login, CONF_SENDER: "Home"}
    form = await answer(hass, await begin(hass), {**right, **given})
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == errors
    assert_told(form)

    mended = await answer(hass, form, right)
    assert mended["step_id"] == "webhook"
    done = await answer(hass, mended)
    assert done["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("code", "errors"),
    [
        (ErrorCode.HTTP04, {CONF_PASSWORD: "invalid_auth"}),
        (ErrorCode.HTTP05, {CONF_USERNAME: "invalid_auth"}),
        (ErrorCode.HTTP28, {CONF_PASSWORD: "invalid_auth"}),
        (ErrorCode.HTTP26, {"base": "refused"}),
        (ErrorCode.HTTP11, {CONF_URL: "unavailable"}),
    ],
)
async def test_a_refusal_of_the_provider_is_told_with_its_words(
    hass: HomeAssistant,
    simulator: WebsmppSimulator,
    login: dict[str, Any],
    code: ErrorCode,
    errors: dict[str, str],
) -> None:
    simulator.errors.add(ForcedError(code=code, times=1))
    form = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    assert form["errors"] == errors
    assert code.name in form["description_placeholders"]["reason"]
    mended = await answer(hass, form, {**login, CONF_SENDER: "Home"})
    assert mended["step_id"] == "webhook"


@pytest.mark.parametrize(
    ("field", "value"), [(CONF_REGION, "XX"), (CONF_URL, 7), (CONF_SENDER, ["a"])]
)
async def test_a_value_of_a_wrong_kind_is_told_at_its_field(
    hass: HomeAssistant, login: dict[str, Any], field: str, value: object
) -> None:
    form = await begin(hass)
    with pytest.raises(InvalidData) as refused:
        await answer(hass, form, {**login, CONF_SENDER: "Home", field: value})
    assert list(refused.value.schema_errors) == [field]


async def test_an_account_is_set_up_only_once(
    hass: HomeAssistant, account: MockConfigEntry, login: dict[str, Any]
) -> None:
    result = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_without_any_address_the_path_is_shown(
    hass: HomeAssistant, login: dict[str, Any]
) -> None:
    with patch(
        "homeassistant.components.webhook.get_url", side_effect=NoURLAvailableError
    ):
        result = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    url = result["description_placeholders"]["webhook_url"]
    assert url.startswith("/api/webhook/")


@pytest.mark.parametrize(
    ("external", "internal", "hosts"),
    [
        (
            "https://home.example.org",
            "http://192.168.1.2:8123",
            ["https://home.example.org", "http://192.168.1.2:8123"],
        ),
        (
            "https://home.example.org",
            None,
            ["https://home.example.org", "http://10.10.10.10:8123"],
        ),
        (None, "http://192.168.1.2:8123", ["http://192.168.1.2:8123"]),
    ],
)
async def test_every_address_is_shown(
    hass: HomeAssistant,
    login: dict[str, Any],
    external: str | None,
    internal: str | None,
    hosts: list[str],
) -> None:
    await hass.config.async_update(external_url=external, internal_url=internal)
    result = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    shown = result["description_placeholders"]["webhook_url"].split("`, `")
    webhook_id = shown[0].rpartition("/")[2]
    assert shown == [f"{host}/api/webhook/{webhook_id}" for host in hosts]


CLOUDHOOK = "https://hooks.nabu.casa/abc"


async def test_the_address_of_home_assistant_cloud_is_shown_and_kept(
    hass: HomeAssistant, cloud: Cloud, login: dict[str, Any]
) -> None:
    cloud.make.return_value = CLOUDHOOK
    result = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    shown = result["description_placeholders"]["webhook_url"]
    assert shown.startswith(f"{CLOUDHOOK}`, `https://home.example.org/api/webhook/")
    done = await answer(hass, result)
    assert done["data"][CONF_CLOUDHOOK_URL] == CLOUDHOOK
    cloud.delete.assert_not_called()

    await hass.config_entries.async_remove(done["result"].entry_id)
    cloud.delete.assert_awaited_once_with(hass, done["data"][CONF_WEBHOOK_ID])


async def test_an_account_is_removed_though_the_cloud_is_gone(
    hass: HomeAssistant, cloud: Cloud, login: dict[str, Any]
) -> None:
    result = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    done = await answer(hass, result)
    cloud.delete.side_effect = cloud.unavailable
    await hass.config_entries.async_remove(done["result"].entry_id)
    assert hass.config_entries.async_entries(DOMAIN) == []


async def test_a_set_up_that_is_broken_off_gives_the_cloud_address_back(
    hass: HomeAssistant, cloud: Cloud, login: dict[str, Any]
) -> None:
    result = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    cloud.delete.assert_awaited_once()


async def test_a_cloud_that_is_not_connected_does_not_matter(
    hass: HomeAssistant, cloud: Cloud, login: dict[str, Any]
) -> None:
    cloud.make.side_effect = cloud.unavailable
    result = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    url = result["description_placeholders"]["webhook_url"]
    assert url.startswith("https://home.example.org/")


async def test_without_a_subscription_there_is_no_cloud_address(
    hass: HomeAssistant, cloud: Cloud, login: dict[str, Any]
) -> None:
    cloud.subscribed.return_value = False
    result = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    url = result["description_placeholders"]["webhook_url"]
    assert url.startswith("https://home.example.org/")


async def test_a_new_password_mends_a_running_account(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.accounts["demo"].password = "changed"
    form = await account.start_reauth_flow(hass)
    assert form["step_id"] == "reauth_confirm"
    assert form["description_placeholders"]["account"] == quoted("websmpp demo")

    form = await answer(hass, form, {CONF_PASSWORD: "wrong"})
    assert form["errors"] == {CONF_PASSWORD: "invalid_auth"}
    form = await answer(hass, form, {CONF_PASSWORD: ""})
    assert form["errors"] == {CONF_PASSWORD: "password_empty"}

    done = await answer(hass, form, {CONF_PASSWORD: "changed"})
    assert done["reason"] == "reauth_successful"
    assert account.data[CONF_PASSWORD] == "changed"
    assert account.state is ConfigEntryState.LOADED
    await becomes(hass, STATUS, "active")


async def test_a_new_password_mends_an_account_that_was_refused_from_the_start(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.accounts["demo"].password = "changed"
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    (form,) = hass.config_entries.flow.async_progress()
    assert form["context"]["source"] == "reauth"
    shown = await hass.config_entries.flow.async_configure(form["flow_id"])
    assert "INVALID USER/PASSWORD" in shown["description_placeholders"]["reason"]

    done = await answer(hass, form, {CONF_PASSWORD: "changed"})
    assert done["reason"] == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED


async def test_the_same_password_starts_a_refused_account_again(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    """The provider was wrong, not the password."""
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP05, times=1))
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    (form,) = hass.config_entries.flow.async_progress()
    await answer(hass, form, {CONF_PASSWORD: PASSWORD})
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("code", "error"),
    [(ErrorCode.HTTP05, "invalid_auth"), (ErrorCode.HTTP11, "unavailable")],
)
async def test_an_error_of_a_field_that_is_not_shown_is_told_above_the_form(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    code: ErrorCode,
    error: str,
) -> None:
    form = await account.start_reauth_flow(hass)
    simulator.errors.add(ForcedError(code=code, times=1))
    form = await answer(hass, form, {CONF_PASSWORD: PASSWORD})
    assert form["errors"] == {"base": error}
    done = await answer(hass, form, {CONF_PASSWORD: PASSWORD})
    assert done["reason"] == "reauth_successful"


async def test_an_account_is_changed(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    from simulator.websmpp import Account

    simulator.accounts["new"] = Account("new", "fresh")
    form = await account.start_reconfigure_flow(hass)
    assert form["step_id"] == "reconfigure"
    suggested = {
        str(key): (key.description or {}).get("suggested_value")
        for key in form["data_schema"].schema
    }
    assert suggested[CONF_URL] == simulator.base_url
    assert suggested[CONF_USERNAME] == "demo"
    assert suggested[CONF_PASSWORD] is None

    changed = {**account.data, CONF_USERNAME: "new", CONF_PASSWORD: "fresh"}
    given = {
        key: value
        for key, value in changed.items()
        if key not in (CONF_SYSTEM, CONF_WEBHOOK_ID, CONF_NOTIFY_SERVICE)
    }
    form = await answer(hass, form, {**given, CONF_URL: "http://127.0.0.1:1"})
    assert form["errors"] == {CONF_URL: "cannot_connect"}

    done = await answer(hass, form, given)
    assert done["reason"] == "reconfigure_successful"
    assert account.data == changed, "the webhook stays"
    assert account.unique_id == "websmpp:new@127.0.0.1"
    assert account.state is ConfigEntryState.LOADED


async def test_an_account_cannot_become_another_one(
    hass: HomeAssistant,
    account: MockConfigEntry,
    other_account: MockConfigEntry,
    login: dict[str, Any],
) -> None:
    form = await account.start_reconfigure_flow(hass)
    done = await answer(
        hass, form, {**login, CONF_USERNAME: "other", CONF_PASSWORD: "hidden"}
    )
    assert done["reason"] == "already_configured"
    assert account.data[CONF_USERNAME] == "demo"


async def test_a_silent_provider_is_told_at_the_address(
    hass: HomeAssistant, simulator: WebsmppSimulator, login: dict[str, Any]
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.RESET, times=2))
    form = await answer(hass, await begin(hass), {**login, CONF_SENDER: "Home"})
    assert form["errors"] == {CONF_URL: "connection_lost"}
