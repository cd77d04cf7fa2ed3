"""Setting an account at Connection Software up, mending its login and changing it."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowContext,
)
from homeassistant.const import CONF_PIN, CONF_URL, CONF_USERNAME, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import (
    CONF_ANY_ACCOUNT,
    CONF_CLOUDHOOK_URL,
    CONF_COLLECT_EVERY,
    CONF_DELIVERY_OPTION,
    CONF_KEEP_DAYS,
    CONF_LOW_CREDIT,
    CONF_ON_UNCERTAIN,
    CONF_RECEIPT_PIN,
    CONF_RECEIPT_USERNAME,
    CONF_REGION,
    CONF_SECONDARY_URL,
    CONF_SENDER,
    CONF_SYSTEM,
    CONF_TIME_TO_LIVE,
    CONF_TRACK_HOURS,
    DOMAIN,
    SECTION_ADVANCED,
)
from custom_components.sms_gateway.gateway.providers.csoft import DeliveryOption
from simulator.csoft import Account, CsoftSimulator, Fault, FaultKind

from .helpers import (
    CSOFT_PIN,
    CSOFT_STATUS,
    CSOFT_USER,
    CSOFT_WEBHOOK_ID,
    Cloud,
    answer,
    assert_told,
    becomes,
    send,
)

OPTIONS: dict[str, Any] = {
    CONF_SENDER: "Home",
    CONF_LOW_CREDIT: 20.0,
    CONF_TIME_TO_LIVE: 2,
    SECTION_ADVANCED: {
        CONF_ON_UNCERTAIN: "hold",
        CONF_KEEP_DAYS: 7,
        CONF_DELIVERY_OPTION: "least_cost",
        CONF_COLLECT_EVERY: 5,
        CONF_ANY_ACCOUNT: True,
    },
}


@pytest.fixture(autouse=True)
async def _url(hass: HomeAssistant) -> None:
    """Give Home Assistant an address that a provider can reach."""
    await async_process_ha_core_config(
        hass, {"external_url": "https://home.example.org", "country": "LB"}
    )


async def begin(hass: HomeAssistant) -> dict[str, Any]:
    """Start to add an account."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    return await answer(hass, dict(menu), {"next_step_id": "csoft"})


async def begin_receipts(hass: HomeAssistant) -> dict[str, Any]:
    """Start to add an account for receipts only."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    return await answer(hass, dict(menu), {"next_step_id": "csoft_receipts"})


async def reconfigure(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Start to change an account."""
    context = ConfigFlowContext(source=SOURCE_RECONFIGURE, entry_id=entry.entry_id)
    return dict(await hass.config_entries.flow.async_init(DOMAIN, context=context))


def suggested(schema: Any) -> dict[str, Any]:
    """Return what is suggested for each field of a form, or of its section."""
    return {
        str(key): (key.description or {}).get("suggested_value")
        for key in schema.schema
        if key != SECTION_ADVANCED
    }


def advanced_of(form: dict[str, Any]) -> Any:
    return form["data_schema"].schema[SECTION_ADVANCED].schema


async def test_an_account_is_set_up(
    hass: HomeAssistant, csoft_host: CsoftSimulator, csoft_login: dict[str, Any]
) -> None:
    form = await begin(hass)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "csoft"
    assert suggested(advanced_of(form))[CONF_SECONDARY_URL] == (
        "https://www2.csoft.co.uk/sendsms5"
    )
    given = {
        **csoft_login,
        CONF_USERNAME: f" {CSOFT_USER} ",
        CONF_RECEIPT_USERNAME: "home",
        CONF_RECEIPT_PIN: "1234",
        CONF_SENDER: "Home",
        CONF_REGION: "GB",
    }
    shown = await answer(hass, form, given)
    assert shown["step_id"] == "soap_webhook"
    words = shown["description_placeholders"]
    assert words["webhook_url"].startswith("https://home.example.org/api/webhook/")
    assert (words["receipt_username"], words["receipt_pin"]) == ("home", "1234")
    assert csoft_host.counts["AvailableCredit"] == 1

    again = await hass.config_entries.flow.async_configure(shown["flow_id"])
    assert again["description_placeholders"] == words, "a page that is loaded again"
    done = await answer(hass, shown)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == f"csoft {CSOFT_USER}"
    assert done["data"] == {
        CONF_SYSTEM: "csoft",
        CONF_WEBHOOK_ID: words["webhook_url"].rpartition("/")[2],
        CONF_USERNAME: CSOFT_USER,
        CONF_PIN: CSOFT_PIN,
        CONF_RECEIPT_USERNAME: "home",
        CONF_RECEIPT_PIN: "1234",
        SECTION_ADVANCED: {CONF_URL: csoft_host.url, CONF_SECONDARY_URL: ""},
    }
    assert done["options"] == {CONF_SENDER: "Home", CONF_REGION: "GB"}
    assert done["result"].unique_id == f"csoft:{CSOFT_USER}@127.0.0.1"
    assert done["result"].state is ConfigEntryState.LOADED


async def test_an_account_for_receipts_only_is_not_checked(
    hass: HomeAssistant, csoft_host: CsoftSimulator
) -> None:
    shown = await answer(hass, await begin_receipts(hass))
    words = shown["description_placeholders"]
    assert (words["receipt_username"], words["receipt_pin"]) == ("–", "–")
    done = await answer(hass, shown)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "csoft receipts"
    assert done["result"].unique_id == "csoft:receipts:@www.csoft.co.uk"
    assert done["result"].state is ConfigEntryState.LOADED
    assert done["options"] == {}
    assert csoft_host.requests_count == 0


async def test_an_address_of_home_assistant_cloud_is_shown(
    hass: HomeAssistant, cloud: Cloud, csoft_login: dict[str, Any]
) -> None:
    shown = await answer(hass, await begin(hass), csoft_login)
    url = shown["description_placeholders"]["webhook_url"]
    url = url.partition("`")[0]
    assert url == "https://hooks.nabu.casa/abc"
    done = await answer(hass, shown)
    assert done["data"][CONF_CLOUDHOOK_URL] == url


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({CONF_USERNAME: " "}, {CONF_USERNAME: "username_empty"}),
        ({CONF_USERNAME: "\x03"}, {CONF_USERNAME: "username_characters"}),
        ({CONF_PIN: " "}, {CONF_PIN: "pin_empty"}),
        (
            {CONF_PIN: "wrong"},
            {CONF_USERNAME: "invalid_auth", CONF_PIN: "invalid_auth"},
        ),
        (
            {CONF_RECEIPT_USERNAME: "x" * 21},
            {CONF_RECEIPT_USERNAME: "receipt_username_length"},
        ),
        ({CONF_RECEIPT_PIN: "x" * 21}, {CONF_RECEIPT_PIN: "receipt_pin_length"}),
        ({CONF_SENDER: "Far too long a name"}, {CONF_SENDER: "sender_form"}),
        ({SECTION_ADVANCED: {CONF_URL: "ftp://a.b"}}, {SECTION_ADVANCED: "url_form"}),
        (
            {SECTION_ADVANCED: {CONF_SECONDARY_URL: "http://u:p@a.b"}},
            {SECTION_ADVANCED: "secondary_url_login"},
        ),
        (
            {SECTION_ADVANCED: {CONF_URL: "http://127.0.0.1:1"}},
            {SECTION_ADVANCED: "cannot_connect"},
        ),
    ],
)
async def test_a_wrong_value_is_told_at_its_field_and_can_be_mended(
    hass: HomeAssistant,
    csoft_login: dict[str, Any],
    given: dict[str, Any],
    errors: dict[str, str],
) -> None:
    form = await answer(hass, await begin(hass), {**csoft_login, **given})
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == errors
    assert_told(form)
    advanced = form["data_schema"].schema[SECTION_ADVANCED]
    assert advanced.options["collapsed"] is (SECTION_ADVANCED not in errors)
    shown = await answer(hass, form, csoft_login)
    done = await answer(hass, shown)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_an_account_is_set_up_once_only(
    hass: HomeAssistant, csoft_account: MockConfigEntry, csoft_login: dict[str, Any]
) -> None:
    done = await answer(hass, await begin(hass), csoft_login)
    assert done["reason"] == "already_configured"


async def test_a_new_pin_mends_an_account_that_was_refused_from_the_start(
    hass: HomeAssistant, csoft_entry: MockConfigEntry, csoft_host: CsoftSimulator
) -> None:
    csoft_host.accounts[CSOFT_USER].password = "changed"
    await hass.config_entries.async_setup(csoft_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert csoft_entry.state is ConfigEntryState.LOADED
    (form,) = hass.config_entries.flow.async_progress()
    assert form["step_id"] == "reauth_pin"
    assert form["context"]["source"] == "reauth"
    asked = await answer(hass, dict(form), {CONF_PIN: "wrong"})
    assert asked["errors"] == {CONF_PIN: "invalid_auth"}
    done = await answer(hass, asked, {CONF_PIN: "changed"})
    assert done["reason"] == "reauth_successful"
    assert csoft_entry.data[CONF_PIN] == "changed"
    assert csoft_entry.data[CONF_WEBHOOK_ID] == CSOFT_WEBHOOK_ID
    assert csoft_entry.state is ConfigEntryState.LOADED
    await becomes(hass, CSOFT_STATUS, "active")


async def test_an_account_is_changed_and_keeps_its_pin(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    csoft_login: dict[str, Any],
) -> None:
    form = dict(await csoft_account.start_reconfigure_flow(hass))
    assert form["step_id"] == "reconfigure"
    shown = suggested(form["data_schema"])
    assert shown[CONF_USERNAME] == CSOFT_USER
    assert shown[CONF_PIN] is None
    assert suggested(advanced_of(form))[CONF_URL] == csoft_host.url

    del csoft_login[CONF_PIN]
    given = {**csoft_login, CONF_RECEIPT_PIN: " 77 "}
    done = await answer(hass, form, given)
    assert done["reason"] == "reconfigure_successful"
    assert csoft_account.data[CONF_PIN] == CSOFT_PIN
    assert csoft_account.data[CONF_RECEIPT_PIN] == "77"
    assert csoft_account.state is ConfigEntryState.LOADED

    form = dict(await csoft_account.start_reconfigure_flow(hass))
    await answer(hass, form, csoft_login)
    assert csoft_account.data[CONF_RECEIPT_PIN] == "", "what is left empty goes"


async def test_an_account_for_receipts_only_becomes_one_that_sends(
    hass: HomeAssistant, csoft_host: CsoftSimulator, csoft_login: dict[str, Any]
) -> None:
    shown = await answer(hass, await begin_receipts(hass))
    account = (await answer(hass, shown))["result"]
    assert not account.supported_subentry_types

    form = await reconfigure(hass, account)
    wrong = {**csoft_login, CONF_USERNAME: CSOFT_USER}
    del wrong[CONF_PIN]
    form = await answer(hass, form, wrong)
    assert form["errors"] == {CONF_PIN: "pin_empty"}
    await answer(hass, form, csoft_login)
    assert account.unique_id == f"csoft:{CSOFT_USER}@127.0.0.1"
    await send(hass)
    assert csoft_host.messages_count == 1


async def test_an_account_that_sends_does_not_stop_to_by_an_empty_field(
    hass: HomeAssistant, csoft_account: MockConfigEntry, csoft_login: dict[str, Any]
) -> None:
    form = dict(await csoft_account.start_reconfigure_flow(hass))
    form = await answer(hass, form, {**csoft_login, CONF_USERNAME: " "})
    assert form["errors"] == {CONF_USERNAME: "username_empty"}
    assert csoft_account.data[CONF_USERNAME] == CSOFT_USER


async def test_an_account_cannot_become_another_one(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    csoft_login: dict[str, Any],
) -> None:
    csoft_host.accounts["other"] = Account("other", "hidden")
    MockConfigEntry(domain=DOMAIN, unique_id="csoft:other@127.0.0.1").add_to_hass(hass)
    form = dict(await csoft_account.start_reconfigure_flow(hass))
    given = {**csoft_login, CONF_USERNAME: "other", CONF_PIN: "hidden"}
    done = await answer(hass, form, given)
    assert done["reason"] == "already_configured"


async def test_options_are_changed_and_used(
    hass: HomeAssistant, csoft_account: MockConfigEntry, csoft_host: CsoftSimulator
) -> None:
    form = dict(await hass.config_entries.options.async_init(csoft_account.entry_id))
    assert form["step_id"] == "soap_webhook"
    words = form["description_placeholders"]
    assert words["webhook_url"].endswith(CSOFT_WEBHOOK_ID)
    assert words["receipt_pin"] == "–"
    assert CONF_TRACK_HOURS not in suggested(advanced_of(form))
    await hass.config_entries.options.async_configure(form["flow_id"], OPTIONS)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert csoft_account.options == OPTIONS
    login = csoft_account.runtime_data.account.provider._login
    assert login.delivery_option is DeliveryOption.LEAST_COST
    assert login.collect_every == 300
    await send(hass)
    assert csoft_host.messages[0].submission.option == "LeastCost"
    assert csoft_host.messages[0].submission.reply_to == "Home"


async def test_options_of_an_account_for_receipts_only(hass: HomeAssistant) -> None:
    shown = await answer(hass, await begin_receipts(hass))
    entry = (await answer(hass, shown))["result"]
    form = dict(await hass.config_entries.options.async_init(entry.entry_id))
    assert set(map(str, form["data_schema"].schema)) == {SECTION_ADVANCED}
    assert set(suggested(advanced_of(form))) == {CONF_KEEP_DAYS, CONF_ANY_ACCOUNT}
    options = {SECTION_ADVANCED: {CONF_KEEP_DAYS: 3, CONF_ANY_ACCOUNT: True}}
    await hass.config_entries.options.async_configure(form["flow_id"], options)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == options


async def test_a_host_that_is_down_does_not_fail_the_set_up(
    hass: HomeAssistant, csoft_entry: MockConfigEntry, csoft_host: CsoftSimulator
) -> None:
    csoft_host.faults.add(Fault(kind=FaultKind.HTTP_STATUS))
    await hass.config_entries.async_setup(csoft_entry.entry_id)
    assert csoft_entry.state is ConfigEntryState.LOADED
