"""Setting an SMPP account up, mending its login and changing it."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import (
    CONF_ADDRESS_RANGE,
    CONF_BIND_MODE,
    CONF_DESTINATION_NPI,
    CONF_DESTINATION_TON,
    CONF_KEEP_DAYS,
    CONF_LONG_TEXT,
    CONF_LOW_CREDIT,
    CONF_ON_UNCERTAIN,
    CONF_RATE,
    CONF_SENDER,
    CONF_SOURCE_TON,
    CONF_SYSTEM,
    CONF_SYSTEM_ID,
    CONF_SYSTEM_TYPE,
    CONF_TIME_TO_LIVE,
    CONF_TRACK_HOURS,
    CONF_TRANSMITTERS,
    CONF_WINDOW,
    DOMAIN,
    SECTION_ADVANCED,
)
from custom_components.sms_gateway.quoting import quoted
from simulator.smsc import Account, Command, CommandStatus, SmscSimulator

from .helpers import (
    BOB,
    SMPP_CONNECTION,
    SMPP_DELIVERED,
    SMPP_PASSWORD,
    SMPP_STATUS,
    answer,
    assert_told,
    becomes,
    send,
)

OPTIONS: dict[str, Any] = {
    CONF_SENDER: "Home",
    CONF_TIME_TO_LIVE: 2,
    SECTION_ADVANCED: {
        CONF_ON_UNCERTAIN: "hold",
        CONF_KEEP_DAYS: 7,
        CONF_WINDOW: 4,
        CONF_RATE: 250.0,
        CONF_LONG_TEXT: "payload",
        CONF_SOURCE_TON: 5,
        CONF_DESTINATION_TON: 2,
        CONF_DESTINATION_NPI: 8,
    },
}


async def begin(hass: HomeAssistant) -> dict[str, Any]:
    """Start to add an account at an SMSC."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    return await answer(hass, dict(menu), {"next_step_id": "smpp"})


async def unload(hass: HomeAssistant) -> None:
    """Unbind what was set up, while the SMSC is there."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)


async def test_an_account_is_set_up(
    hass: HomeAssistant, smsc: SmscSimulator, smpp_login: dict[str, Any]
) -> None:
    form = await begin(hass)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "smpp"
    given = {
        **smpp_login,
        CONF_HOST: " 127.0.0.1 ",
        CONF_PORT: float(smsc.port),
        CONF_SENDER: "Home",
    }
    done = await answer(hass, form, given)
    assert done["type"] is FlowResultType.CREATE_ENTRY, "there is no webhook to show"
    assert done["title"] == "smpp demo"
    assert done["data"] == {
        CONF_SYSTEM: "smpp",
        **smpp_login,
        SECTION_ADVANCED: {
            CONF_BIND_MODE: "transceiver",
            CONF_TRANSMITTERS: 1,
            CONF_SYSTEM_TYPE: "",
            CONF_ADDRESS_RANGE: "",
        },
    }
    assert done["result"].unique_id == f"smpp:demo@127.0.0.1:{smsc.port}"
    assert done["result"].state is ConfigEntryState.LOADED
    assert len(smsc.bound("demo")) == 1
    counts = smsc.observation.counts
    assert (counts[Command.BIND_TRANSCEIVER], counts[Command.UNBIND]) == (2, 1)
    await unload(hass)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({CONF_HOST: " "}, {CONF_HOST: "host_form"}),
        ({CONF_HOST: "http://127.0.0.1"}, {CONF_HOST: "host_form"}),
        ({CONF_HOST: "a..b"}, {CONF_HOST: "host_form"}),
        ({CONF_HOST: "x" * 64}, {CONF_HOST: "host_form"}),
        ({CONF_HOST: "a\0b"}, {CONF_HOST: "host_form"}),
        ({CONF_PORT: 1}, {CONF_HOST: "cannot_connect"}),
        ({CONF_SSL: True}, {CONF_HOST: "cannot_connect"}),
        ({CONF_SSL: True, "verify_ssl": False}, {CONF_HOST: "cannot_connect"}),
        ({CONF_SYSTEM_ID: " "}, {CONF_SYSTEM_ID: "system_id_empty"}),
        ({CONF_SYSTEM_ID: "x" * 16}, {CONF_SYSTEM_ID: "system_id_length"}),
        ({CONF_SYSTEM_ID: "nobody"}, {CONF_SYSTEM_ID: "invalid_auth"}),
        ({CONF_PASSWORD: "nine-long"}, {CONF_PASSWORD: "password_length"}),
        ({CONF_PASSWORD: "wrong"}, {CONF_PASSWORD: "invalid_auth"}),
        ({CONF_SENDER: "  "}, {CONF_SENDER: "sender_missing"}),
        ({CONF_SENDER: "Far too long a name"}, {CONF_SENDER: "sender_form"}),
        (
            {
                SECTION_ADVANCED: {
                    CONF_BIND_MODE: "transceiver",
                    CONF_TRANSMITTERS: 1,
                    CONF_SYSTEM_TYPE: "x" * 13,
                }
            },
            {SECTION_ADVANCED: "system_type_length"},
        ),
    ],
)
async def test_a_wrong_value_is_told_at_its_field_and_can_be_mended(
    hass: HomeAssistant,
    smpp_login: dict[str, Any],
    given: dict[str, Any],
    errors: dict[str, str],
) -> None:
    right = {**smpp_login, CONF_SENDER: "Home"}
    form = await answer(hass, await begin(hass), {**right, **given})
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == errors
    assert_told(form)

    done = await answer(hass, form, right)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await unload(hass)


@pytest.mark.parametrize(
    ("settings", "errors", "reason"),
    [
        (
            {"bind_refusals": "general"},
            {"base": "unavailable"},
            "ESME_RBINDFAIL: Bind Failed (0x0000000D)",
        ),
        (
            {"system_type": "other"},
            {SECTION_ADVANCED: "invalid_auth"},
            "ESME_RINVSYSTYP: Invalid system_type field (0x00000053)",
        ),
    ],
)
async def test_a_refusal_is_told_with_the_servers_code_and_words(
    hass: HomeAssistant,
    smsc: SmscSimulator,
    smpp_login: dict[str, Any],
    settings: dict[str, str],
    errors: dict[str, str],
    reason: str,
) -> None:
    smsc.settings.change(settings)
    given = {**smpp_login, CONF_PASSWORD: "wrong", CONF_SENDER: "Home"}
    form = await answer(hass, await begin(hass), given)
    assert form["errors"] == errors
    assert form["description_placeholders"]["reason"] == quoted(reason)


async def test_a_login_that_is_in_use_elsewhere_is_told(
    hass: HomeAssistant, smsc: SmscSimulator, smpp_login: dict[str, Any]
) -> None:
    smsc.accounts["demo"].receivers = 0
    form = await answer(hass, await begin(hass), {**smpp_login, CONF_SENDER: "Home"})
    assert form["errors"] == {"base": "sessions"}
    assert "ESME_RALYBND" in form["description_placeholders"]["reason"]


async def test_an_account_is_set_up_once_only(
    hass: HomeAssistant, smpp_account: MockConfigEntry, smpp_login: dict[str, Any]
) -> None:
    """Though the check would be refused, for the account is bound."""
    done = await answer(hass, await begin(hass), {**smpp_login, CONF_SENDER: "Home"})
    assert done["reason"] == "already_configured"


async def test_one_receiver_and_several_transmitters(
    hass: HomeAssistant, smsc: SmscSimulator, smpp_login: dict[str, Any]
) -> None:
    advanced = {CONF_BIND_MODE: "transmitters_and_receiver", CONF_TRANSMITTERS: 3}
    given = {**smpp_login, SECTION_ADVANCED: advanced, CONF_SENDER: "Home"}
    done = await answer(hass, await begin(hass), given)
    await smsc.wait_for(lambda each: len(each.bound("demo")) == 4)
    account = done["result"].runtime_data.account
    assert account.options.in_flight == 30
    await send(hass)
    await becomes(hass, SMPP_DELIVERED, "1")
    await unload(hass)


async def test_a_bound_account_is_changed(
    hass: HomeAssistant,
    smpp_account: MockConfigEntry,
    smsc: SmscSimulator,
    smpp_login: dict[str, Any],
) -> None:
    form = await smpp_account.start_reconfigure_flow(hass)
    assert form["step_id"] == "reconfigure"
    schema = form["data_schema"].schema
    suggested = {
        str(key): (key.description or {}).get("suggested_value") for key in schema
    }
    assert suggested[CONF_SYSTEM_ID] == "demo"
    assert suggested[CONF_PASSWORD] is None
    form = await answer(hass, form, {**smpp_login, CONF_PASSWORD: "wrong"})
    assert form["errors"] == {CONF_PASSWORD: "invalid_auth"}
    await becomes(hass, SMPP_CONNECTION, "on")

    # The same login: the session of the entry must not be in its own way.
    advanced = {**smpp_login[SECTION_ADVANCED], CONF_SYSTEM_TYPE: "VMA"}
    given = {**smpp_login, SECTION_ADVANCED: advanced}
    done = await answer(hass, form, given)
    assert done["reason"] == "reconfigure_successful"
    assert smpp_account.state is ConfigEntryState.LOADED
    await becomes(hass, SMPP_CONNECTION, "on")
    (session,) = smsc.bound("demo")
    assert session.system_type == "VMA"


async def test_an_account_cannot_become_another_one(
    hass: HomeAssistant,
    smpp_account: MockConfigEntry,
    smsc: SmscSimulator,
    smpp_login: dict[str, Any],
) -> None:
    smsc.accounts["other"] = Account("other", "hidden")
    MockConfigEntry(
        domain=DOMAIN, unique_id=f"smpp:other@127.0.0.1:{smsc.port}"
    ).add_to_hass(hass)
    form = await smpp_account.start_reconfigure_flow(hass)
    other = {**smpp_login, CONF_SYSTEM_ID: "other", CONF_PASSWORD: "hidden"}
    done = await answer(hass, form, other)
    assert done["reason"] == "already_configured"
    await smsc.wait_for(lambda each: len(each.bound("demo")) == 1)


async def test_options_are_changed_and_used(
    hass: HomeAssistant, smpp_account: MockConfigEntry, smsc: SmscSimulator
) -> None:
    form = await hass.config_entries.options.async_init(smpp_account.entry_id)
    assert form["step_id"] == "without_webhook"
    fields = set(map(str, form["data_schema"].schema))
    assert CONF_LOW_CREDIT not in fields
    (advanced,) = (
        value.schema.schema
        for key, value in form["data_schema"].schema.items()
        if key == SECTION_ADVANCED
    )
    assert CONF_TRACK_HOURS not in advanced
    flow = form["flow_id"]
    wrong = {**OPTIONS, CONF_SENDER: "Straße"}
    form = await hass.config_entries.options.async_configure(flow, wrong)
    assert form["errors"] == {CONF_SENDER: "sender_form"}
    await hass.config_entries.options.async_configure(flow, OPTIONS)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert smpp_account.options == OPTIONS
    account = smpp_account.runtime_data.account
    assert account.options.in_flight == 4
    login = account.provider._login
    assert (login.window, login.rate) == (4, 250.0)

    await send(hass, message="Fire! " * 40)
    (message,) = smsc.messages
    assert message.text == "Fire! " * 40
    pdu = message.pdu
    assert (pdu.source.ton, pdu.source.npi) == (5, 0)
    assert (pdu.destination.ton, pdu.destination.npi) == (2, 8)
    assert pdu.destination.digits == BOB.removeprefix("+")


async def test_no_place_at_the_server_is_no_reason_to_fail(
    hass: HomeAssistant, smpp_entry: MockConfigEntry, smsc: SmscSimulator
) -> None:
    smsc.accounts["demo"].locked = True
    smsc.settings.locked_status = CommandStatus.ESME_RBINDFAIL
    assert await hass.config_entries.async_setup(smpp_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert smpp_entry.state is ConfigEntryState.LOADED
    assert hass.states.get(SMPP_STATUS).state == "unreachable"
    smsc.accounts["demo"].locked = False
    await becomes(hass, SMPP_STATUS, "active")
    assert smpp_entry.data[CONF_PASSWORD] == SMPP_PASSWORD
