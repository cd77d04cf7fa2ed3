"""Setting an account at smsitaly up, mending its login and changing it."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_TIME_ZONE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import (
    CONF_ACCOUNT,
    CONF_GATEWAY,
    CONF_INTERFACE,
    CONF_KEEP_ALIVE,
    CONF_KEEP_DAYS,
    CONF_LONG_TEXT,
    CONF_LOW_CREDIT,
    CONF_MAIL_TO,
    CONF_NETWORK_CODE,
    CONF_ON_UNCERTAIN,
    CONF_RECEIPTS,
    CONF_SECONDARY_HOST,
    CONF_SECONDARY_PORT,
    CONF_SENDER,
    CONF_SYSTEM,
    CONF_TIME_TO_LIVE,
    CONF_TRACK_HOURS,
    CONF_UNICODE,
    DOMAIN,
    SECTION_ADVANCED,
)
from custom_components.sms_gateway.gateway.providers.smsitaly import Unicode
from custom_components.sms_gateway.quoting import quoted
from simulator.smsitaly import (
    Account,
    Fault,
    FaultKind,
    Field,
    SmsItalySimulator,
    Status,
)

from .helpers import (
    SMSITALY_CREDIT,
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
        CONF_LONG_TEXT: "whole",
        CONF_UNICODE: "utf",
        CONF_RECEIPTS: True,
        CONF_MAIL_TO: "watch@example.com",
        CONF_GATEWAY: "7",
        CONF_NETWORK_CODE: "22210",
        CONF_TIME_ZONE: "Asia/Tokyo",
        CONF_KEEP_ALIVE: True,
    },
}


async def begin(hass: HomeAssistant) -> dict[str, Any]:
    """Start to add an account at a gate."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    return await answer(hass, dict(menu), {"next_step_id": "smsitaly"})


async def unload(hass: HomeAssistant) -> None:
    """Log out what was set up, while the gate is there."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)


def fields_of(form: dict[str, Any]) -> dict[str, Any]:
    """Return what is suggested for each field of the advanced section."""
    (advanced,) = (
        value.schema.schema
        for key, value in form["data_schema"].schema.items()
        if key == SECTION_ADVANCED
    )
    return {
        str(key): (key.description or {}).get("suggested_value") for key in advanced
    }


@pytest.mark.parametrize("interface", ["packet", "ascii"])
async def test_an_account_is_set_up(
    hass: HomeAssistant, gate: SmsItalySimulator, smsitaly_login: dict[str, Any]
) -> None:
    form = await begin(hass)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "smsitaly"
    assert fields_of(form)[CONF_SECONDARY_HOST] == "backup.smsitaly.com"
    advanced = {
        **smsitaly_login[SECTION_ADVANCED],
        CONF_HOST: " 127.0.0.1 ",
        CONF_PORT: float(gate.port),
    }
    del advanced[CONF_SECONDARY_HOST]
    given = {
        **smsitaly_login,
        CONF_ACCOUNT: " demo ",
        SECTION_ADVANCED: advanced,
        CONF_SENDER: "Home",
    }
    done = await answer(hass, form, given)
    assert done["type"] is FlowResultType.CREATE_ENTRY, "there is no webhook to show"
    assert done["title"] == "smsitaly demo"
    assert done["data"] == {
        CONF_SYSTEM: "smsitaly",
        **smsitaly_login,
        SECTION_ADVANCED: {
            **smsitaly_login[SECTION_ADVANCED],
            CONF_SECONDARY_HOST: "",
        },
    }
    assert done["result"].unique_id == "smsitaly:demo"
    assert done["result"].state is ConfigEntryState.LOADED
    assert len(gate.logged_in("demo")) == 1
    assert len(gate.observation.sessions) == 2
    await unload(hass)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({CONF_ACCOUNT: " "}, {CONF_ACCOUNT: "account_empty"}),
        ({CONF_ACCOUNT: "x" * 21}, {CONF_ACCOUNT: "account_length"}),
        ({CONF_ACCOUNT: "\x03"}, {CONF_ACCOUNT: "account_characters"}),
        (
            {CONF_ACCOUNT: "nobody"},
            {CONF_ACCOUNT: "invalid_auth", CONF_PASSWORD: "invalid_auth"},
        ),
        ({CONF_PASSWORD: "x" * 21}, {CONF_PASSWORD: "password_length"}),
        ({CONF_PASSWORD: "5 €"}, {CONF_PASSWORD: "password_characters"}),
        (
            {CONF_PASSWORD: "wrong"},
            {CONF_ACCOUNT: "invalid_auth", CONF_PASSWORD: "invalid_auth"},
        ),
        ({CONF_SENDER: "Far too long a name"}, {CONF_SENDER: "sender_form"}),
        ({CONF_SENDER: "  "}, {CONF_SENDER: "sender_missing"}),
    ],
)
async def test_a_wrong_value_is_told_at_its_field_and_can_be_mended(
    hass: HomeAssistant,
    smsitaly_login: dict[str, Any],
    given: dict[str, Any],
    errors: dict[str, str],
) -> None:
    right = {**smsitaly_login, CONF_SENDER: "Home"}
    form = await answer(hass, await begin(hass), {**right, **given})
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == errors
    assert_told(form)

    done = await answer(hass, form, right)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await unload(hass)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({CONF_HOST: " "}, "host_form"),
        ({CONF_HOST: "http://127.0.0.1"}, "host_form"),
        ({CONF_SECONDARY_HOST: "a b"}, "secondary_host_form"),
        ({CONF_PORT: 1, CONF_SECONDARY_PORT: 1}, "cannot_connect"),
    ],
)
async def test_a_wrong_server_is_told_at_its_section_which_is_open_then(
    hass: HomeAssistant,
    smsitaly_login: dict[str, Any],
    given: dict[str, Any],
    error: str,
) -> None:
    wrong = {**smsitaly_login[SECTION_ADVANCED], **given}
    right = {**smsitaly_login, CONF_SENDER: "Home"}
    form = await answer(hass, await begin(hass), {**right, SECTION_ADVANCED: wrong})
    assert form["errors"] == {SECTION_ADVANCED: error}
    assert_told(form)
    assert fields_of(form) == wrong, "nothing has to be typed again"


@pytest.mark.parametrize(
    ("code", "command", "key", "reason"),
    [
        (79, "Connection", "unavailable", "79: Permission Denied!"),
        (80, "<Send Login>", "blocked", "80: TCP/IP Not Allowed!"),
        (85, "<Send Login>", "address_locked", "85: IP Not Available!"),
        (87, "<Send Login>", "address_locked", "87: IP Locked!"),
        (99, "<Send Login>", "refused", "99: Credit Not Available!"),
        (101, "<Send Login>", "sessions", "101: Too many sessions"),
    ],
)
async def test_a_refusal_is_told_with_the_servers_code_and_words(
    hass: HomeAssistant,
    gate: SmsItalySimulator,
    smsitaly_login: dict[str, Any],
    code: int,
    command: str,
    key: str,
    reason: str,
) -> None:
    smsitaly_login[SECTION_ADVANCED][CONF_SECONDARY_HOST] = ""
    gate.faults.add(Fault(kind=FaultKind.ERROR, code=code, command=command))
    given = {**smsitaly_login, CONF_SENDER: "Home"}
    form = await answer(hass, await begin(hass), given)
    place = SECTION_ADVANCED if key == "unavailable" else "base"
    assert form["errors"] == {place: key}
    assert form["description_placeholders"]["reason"] == quoted(reason)


async def test_an_account_that_is_not_active_is_told(
    hass: HomeAssistant, gate: SmsItalySimulator, smsitaly_login: dict[str, Any]
) -> None:
    gate.accounts["demo"].status = Status.INACTIVE
    given = {**smsitaly_login, CONF_SENDER: "Home"}
    form = await answer(hass, await begin(hass), given)
    assert form["errors"] == {"base": "inactive"}
    reason = form["description_placeholders"]["reason"]
    assert reason == quoted("89: Account Not Active!")


async def test_an_account_is_set_up_once_only(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    smsitaly_login: dict[str, Any],
) -> None:
    """Though the check would be refused, for the account has its session.

    Which of its servers is the first makes no other account of it.
    """
    servers = {
        **smsitaly_login[SECTION_ADVANCED],
        CONF_HOST: "localhost",
        CONF_SECONDARY_HOST: "127.0.0.1",
    }
    given = {**smsitaly_login, SECTION_ADVANCED: servers, CONF_SENDER: "Home"}
    done = await answer(hass, await begin(hass), given)
    assert done["reason"] == "already_configured"


async def test_an_account_is_changed(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    smsitaly_login: dict[str, Any],
) -> None:
    form = await smsitaly_account.start_reconfigure_flow(hass)
    assert form["step_id"] == "reconfigure"
    assert fields_of(form) == smsitaly_login[SECTION_ADVANCED]
    form = await answer(hass, form, {**smsitaly_login, CONF_PASSWORD: "wrong"})
    assert form["errors"] == dict.fromkeys(
        (CONF_ACCOUNT, CONF_PASSWORD), "invalid_auth"
    )

    # The same account: the session of the entry must not be in its own way.
    advanced = {**smsitaly_login[SECTION_ADVANCED], CONF_INTERFACE: "ascii"}
    given = {**smsitaly_login, SECTION_ADVANCED: advanced}
    done = await answer(hass, form, given)
    assert done["reason"] == "reconfigure_successful"
    assert smsitaly_account.state is ConfigEntryState.LOADED
    await send(hass)
    assert gate.messages[0].interface == "ascii"


async def test_an_account_cannot_become_another_one(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    smsitaly_login: dict[str, Any],
) -> None:
    gate.accounts["other"] = Account("other", "hidden")
    MockConfigEntry(domain=DOMAIN, unique_id="smsitaly:other").add_to_hass(hass)
    form = await smsitaly_account.start_reconfigure_flow(hass)
    other = {**smsitaly_login, CONF_ACCOUNT: "other", CONF_PASSWORD: "hidden"}
    done = await answer(hass, form, other)
    assert done["reason"] == "already_configured"
    assert len(gate.logged_in("demo")) == 1


async def test_options_are_changed_and_used(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    form = await hass.config_entries.options.async_init(smsitaly_account.entry_id)
    assert form["step_id"] == "without_webhook"
    assert CONF_LOW_CREDIT in map(str, form["data_schema"].schema)
    assert CONF_TRACK_HOURS not in fields_of(dict(form))
    await hass.config_entries.options.async_configure(form["flow_id"], OPTIONS)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert smsitaly_account.options == OPTIONS
    account = smsitaly_account.runtime_data.account
    assert account.options.in_flight == 8
    assert str(account.provider._login.time_zone) == "Asia/Tokyo"
    assert account.provider._login.unicode is Unicode.UTF
    await becomes(hass, SMSITALY_CREDIT, "100")

    text = "Fire! " * 40
    await send(hass, message=text)
    (message,) = gate.messages
    assert message.text == text
    told = {
        Field.DELIVERY: "1",
        Field.NOTIFICATION: "mailto:watch@example.com",
        Field.GATEWAY: "7",
        Field.NETWORK_CODE: "22210",
    }
    assert {name: message.fields[name] for name in told} == told


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        (CONF_MAIL_TO, "alice@пример.рф", "mail_to_characters"),
        (CONF_MAIL_TO, "alice", "mail_to_form"),
        (CONF_MAIL_TO, "alice smith@example.com", "mail_to_form"),
        (CONF_GATEWAY, "1\r\n2", "gateway_characters"),
        (CONF_NETWORK_CODE, "\x03", "network_code_characters"),
        (CONF_TIME_ZONE, "", "time_zone_unknown"),
        (CONF_TIME_ZONE, "/etc", "time_zone_unknown"),
        (CONF_TIME_ZONE, "Europe/Atlantis", "time_zone_unknown"),
        (CONF_TIME_ZONE, "x" * 300, "time_zone_unknown"),
    ],
)
async def test_a_wrong_option_is_told_and_can_be_mended(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    field: str,
    value: str,
    error: str,
) -> None:
    form = await hass.config_entries.options.async_init(smsitaly_account.entry_id)
    flow = form["flow_id"]
    wrong = {**OPTIONS, SECTION_ADVANCED: {**OPTIONS[SECTION_ADVANCED], field: value}}
    form = await hass.config_entries.options.async_configure(flow, wrong)
    assert form["errors"] == {SECTION_ADVANCED: error}
    assert_told(dict(form), "options")
    await hass.config_entries.options.async_configure(flow, OPTIONS)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert smsitaly_account.options == OPTIONS


@pytest.mark.parametrize("interface", ["ascii"])
@pytest.mark.parametrize("field", [CONF_GATEWAY, CONF_NETWORK_CODE])
async def test_an_option_of_packets_is_refused_for_commands(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, field: str
) -> None:
    form = await hass.config_entries.options.async_init(smsitaly_account.entry_id)
    flow = form["flow_id"]
    other = CONF_NETWORK_CODE if field == CONF_GATEWAY else CONF_GATEWAY
    advanced = {**OPTIONS[SECTION_ADVANCED], other: " "}
    wrong = {**OPTIONS, SECTION_ADVANCED: advanced}
    form = await hass.config_entries.options.async_configure(flow, wrong)
    assert form["errors"] == {SECTION_ADVANCED: f"{field}_packets"}


@pytest.mark.parametrize("field", [CONF_GATEWAY, CONF_NETWORK_CODE])
async def test_commands_are_refused_while_an_option_is_one_of_packets(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    smsitaly_login: dict[str, Any],
    field: str,
) -> None:
    options = {**smsitaly_account.options, SECTION_ADVANCED: {field: "7"}}
    hass.config_entries.async_update_entry(smsitaly_account, options=options)
    await hass.async_block_till_done(wait_background_tasks=True)
    form = await smsitaly_account.start_reconfigure_flow(hass)
    advanced = {**smsitaly_login[SECTION_ADVANCED], CONF_INTERFACE: "ascii"}
    form = await answer(hass, form, {**smsitaly_login, SECTION_ADVANCED: advanced})
    # The option is not in this form.
    assert form["errors"] == {"base": f"{field}_packets"}
    assert_told(form)
    done = await answer(hass, form, smsitaly_login)
    assert done["reason"] == "reconfigure_successful"
