"""A Home Assistant, a provider on a real socket, and an account set up at it."""

from collections.abc import AsyncIterator, Iterator
import logging
import math
from pathlib import Path
import sys
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PIN,
    CONF_PORT,
    CONF_SSL,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
    CONF_WEBHOOK_ID,
)
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.sms_gateway import coordinator
from custom_components.sms_gateway.const import (
    CONF_ACCOUNT,
    CONF_ADDRESS_RANGE,
    CONF_BIND_MODE,
    CONF_INTERFACE,
    CONF_NUMBERS,
    CONF_RECEIPT_PIN,
    CONF_RECEIPT_USERNAME,
    CONF_REGION,
    CONF_SECONDARY_HOST,
    CONF_SECONDARY_PORT,
    CONF_SECONDARY_URL,
    CONF_SENDER,
    CONF_SYSTEM,
    CONF_SYSTEM_ID,
    CONF_SYSTEM_TYPE,
    CONF_TRANSMITTERS,
    DOMAIN,
    SECTION_ADVANCED,
    SUBENTRY_RECIPIENT,
)
from custom_components.sms_gateway.gateway.providers.smpp import line as smpp_line
from custom_components.sms_gateway.gateway.providers.smsitaly import (
    line as smsitaly_line,
)
from simulator.csoft import Account as CsoftAccount, CsoftSimulator, Report, Step
from simulator.smsc import (
    Clock,
    SmscSimulator,
    SystemClock,
    default_script as smsc_script,
)
from simulator.smsitaly import Account as GateAccount, SmsItalySimulator
from simulator.websmpp import (
    Account,
    WebsmppSimulator,
    default_rules,
    default_script,
)

from .helpers import (
    ALICE,
    CSOFT_PIN,
    CSOFT_USER,
    CSOFT_WEBHOOK_ID,
    PASSWORD,
    SMPP_PASSWORD,
    SMSITALY_PASSWORD,
    WEBHOOK_ID,
    Cloud,
)

# Every SQL statement, twice: nobody reads that, and it takes its time.
logging.getLogger("aiosqlite").setLevel(logging.INFO)
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load the integration."""


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Allow connections to the simulator, on 127.0.0.1."""


@pytest.fixture(autouse=True)
def _own_configuration_folder(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give each test a journal of its own."""
    hass.config.config_dir = str(tmp_path)


@pytest.fixture(autouse=True)
def _long_turns() -> Iterator[None]:
    """Let all changes be told in one turn of the event loop, on a slow machine too."""
    with patch.object(coordinator, "TURN", math.inf):
        yield


@pytest.fixture
def entity_registry_enabled_by_default() -> Iterator[None]:
    """Enable the entities that a user would have to enable."""
    default = "homeassistant.helpers.entity.Entity.entity_registry_enabled_default"
    with patch(default, True):
        yield


@pytest.fixture
async def simulator() -> AsyncIterator[WebsmppSimulator]:
    """A websmpp server with one account, `demo`, that has 100 credits.

    It delivers at once; nobody hears of it who does not ask, or is not told (`pushing`).
    """
    async with WebsmppSimulator([Account("demo", PASSWORD, credit=100)]) as running:
        running.settings.script = default_script(0)
        running.settings.rules = default_rules(0)
        yield running


@pytest.fixture
def login(simulator: WebsmppSimulator) -> dict[str, Any]:
    """What a user types to set that account up."""
    return {
        CONF_URL: simulator.base_url,
        CONF_VERIFY_SSL: True,
        CONF_USERNAME: "demo",
        CONF_PASSWORD: PASSWORD,
    }


@pytest.fixture
def entry(hass: HomeAssistant, login: dict[str, Any]) -> MockConfigEntry:
    """The account's entry, with one recipient, not set up yet."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="websmpp demo",
        entry_id="01K000000000000000000ACC01",
        unique_id="websmpp:demo@127.0.0.1",
        data={CONF_SYSTEM: "websmpp", CONF_WEBHOOK_ID: WEBHOOK_ID, **login},
        options={CONF_SENDER: "Home", CONF_REGION: "LB"},
        subentries_data=[
            ConfigSubentryData(
                data={CONF_NUMBERS: [ALICE]},
                subentry_id="01K000000000000000000REC01",
                subentry_type=SUBENTRY_RECIPIENT,
                title="Alice",
                unique_id=None,
            )
        ],
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def account(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: WebsmppSimulator,
) -> MockConfigEntry:
    """The account's entry, set up."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


@pytest.fixture
async def other_account(
    hass: HomeAssistant,
    account: MockConfigEntry,
    login: dict[str, Any],
    simulator: WebsmppSimulator,
) -> MockConfigEntry:
    """A second account at the same server, without recipients, set up."""
    simulator.accounts["other"] = Account("other", "hidden", credit=50)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="websmpp other",
        entry_id="01K000000000000000000ACC02",
        unique_id="websmpp:other@127.0.0.1",
        data={
            **login,
            CONF_SYSTEM: "websmpp",
            CONF_USERNAME: "other",
            CONF_PASSWORD: "hidden",
            CONF_WEBHOOK_ID: "webhook-of-the-other-account",
        },
        options={CONF_SENDER: "Other"},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


@pytest.fixture
def smsc_clock() -> type[Clock]:
    """What the SMSC's clock is."""
    return SystemClock


@pytest.fixture
async def smsc(smsc_clock: type[Clock]) -> AsyncIterator[SmscSimulator]:
    """An SMSC with one account, `demo`, that may bind one transceiver or receiver.

    It delivers at once, and brings receipts.
    """
    account = Account("demo", SMPP_PASSWORD, credit=100)
    async with SmscSimulator([account], clock=smsc_clock()) as running:
        running.settings.script = smsc_script(0)
        running.settings.rules = {}
        yield running


@pytest.fixture
def smpp_login(smsc: SmscSimulator) -> dict[str, Any]:
    """What a user types to set that account up."""
    return {
        CONF_HOST: smsc.host,
        CONF_PORT: smsc.port,
        CONF_SSL: False,
        CONF_VERIFY_SSL: True,
        CONF_SYSTEM_ID: "demo",
        CONF_PASSWORD: SMPP_PASSWORD,
        SECTION_ADVANCED: {CONF_BIND_MODE: "transceiver", CONF_TRANSMITTERS: 1},
    }


@pytest.fixture
async def smpp_entry(
    hass: HomeAssistant,
    smsc: SmscSimulator,
    smpp_login: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[MockConfigEntry]:
    """The SMPP account's entry, not set up yet; it tries to bind again and again."""
    monkeypatch.setattr(smpp_line, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(smpp_line, "LONGEST_PAUSE", 0.02)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="smpp demo",
        entry_id="01K000000000000000000ACC03",
        unique_id=f"smpp:demo@127.0.0.1:{smsc.port}",
        data={
            CONF_SYSTEM: "smpp",
            **smpp_login,
            SECTION_ADVANCED: {
                **smpp_login[SECTION_ADVANCED],
                CONF_SYSTEM_TYPE: "",
                CONF_ADDRESS_RANGE: "",
            },
        },
        options={CONF_SENDER: "Home"},
    )
    entry.add_to_hass(hass)
    yield entry
    # While the SMSC is there to be unbound from.
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
async def smpp_account(
    hass: HomeAssistant, smpp_entry: MockConfigEntry
) -> MockConfigEntry:
    """The SMPP account's entry, set up and bound."""
    assert await hass.config_entries.async_setup(smpp_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return smpp_entry


@pytest.fixture
async def gate() -> AsyncIterator[SmsItalySimulator]:
    """An SMS gate with one account, `demo`, that has 100 credits and one session."""
    account = GateAccount("demo", SMSITALY_PASSWORD, credit=100)
    async with SmsItalySimulator([account]) as running:
        yield running


@pytest.fixture
async def other_gate() -> AsyncIterator[SmsItalySimulator]:
    """The gate that is there when the first one is not, with the same account."""
    account = GateAccount("demo", SMSITALY_PASSWORD, credit=50)
    async with SmsItalySimulator([account]) as running:
        yield running


@pytest.fixture
def interface() -> str:
    """Which interface the account at the gate uses."""
    return "packet"


@pytest.fixture
def smsitaly_login(
    gate: SmsItalySimulator, other_gate: SmsItalySimulator, interface: str
) -> dict[str, Any]:
    """What a user types to set that account up."""
    return {
        CONF_ACCOUNT: "demo",
        CONF_PASSWORD: SMSITALY_PASSWORD,
        SECTION_ADVANCED: {
            CONF_HOST: gate.host,
            CONF_PORT: gate.port,
            CONF_SECONDARY_HOST: other_gate.host,
            CONF_SECONDARY_PORT: other_gate.port,
            CONF_INTERFACE: interface,
        },
    }


@pytest.fixture
async def smsitaly_entry(
    hass: HomeAssistant,
    gate: SmsItalySimulator,
    smsitaly_login: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[MockConfigEntry]:
    """The account's entry, with one recipient, not set up yet; it does not pause."""
    monkeypatch.setattr(smsitaly_line, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(smsitaly_line, "LONGEST_PAUSE", 0.0)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="smsitaly demo",
        entry_id="01K000000000000000000ACC04",
        unique_id="smsitaly:demo",
        data={CONF_SYSTEM: "smsitaly", **smsitaly_login},
        options={CONF_SENDER: "Home"},
        subentries_data=[
            ConfigSubentryData(
                data={CONF_NUMBERS: [ALICE]},
                subentry_id="01K000000000000000000REC04",
                subentry_type=SUBENTRY_RECIPIENT,
                title="Alice",
                unique_id=None,
            )
        ],
    )
    entry.add_to_hass(hass)
    yield entry
    # While the gate is there to be left.
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
async def smsitaly_account(
    hass: HomeAssistant, smsitaly_entry: MockConfigEntry
) -> MockConfigEntry:
    """The account's entry at the gate, set up and logged in."""
    assert await hass.config_entries.async_setup(smsitaly_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return smsitaly_entry


@pytest.fixture
async def csoft_host() -> AsyncIterator[CsoftSimulator]:
    """A host of Connection Software with one account that has 100 pounds.

    It delivers at once; nobody hears of it before receipts are `posting`.
    """
    account = CsoftAccount(CSOFT_USER, CSOFT_PIN, credit=100)
    async with CsoftSimulator([account]) as running:
        running.settings.script = (Step(0, Report.OK),)
        running.settings.rules = {}
        yield running


@pytest.fixture
def csoft_login(csoft_host: CsoftSimulator) -> dict[str, Any]:
    """What a user types to set that account up."""
    return {
        CONF_USERNAME: CSOFT_USER,
        CONF_PIN: CSOFT_PIN,
        SECTION_ADVANCED: {CONF_URL: csoft_host.url},
    }


@pytest.fixture
def csoft_entry(hass: HomeAssistant, csoft_host: CsoftSimulator) -> MockConfigEntry:
    """The account's entry, with one recipient, not set up yet."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="csoft demo",
        entry_id="01K000000000000000000ACC05",
        unique_id=f"csoft:{CSOFT_USER}@127.0.0.1",
        data={
            CONF_SYSTEM: "csoft",
            CONF_WEBHOOK_ID: CSOFT_WEBHOOK_ID,
            CONF_USERNAME: CSOFT_USER,
            CONF_PIN: CSOFT_PIN,
            CONF_RECEIPT_USERNAME: "",
            CONF_RECEIPT_PIN: "",
            SECTION_ADVANCED: {CONF_URL: csoft_host.url, CONF_SECONDARY_URL: ""},
        },
        options={CONF_SENDER: "Home"},
        subentries_data=[
            ConfigSubentryData(
                data={CONF_NUMBERS: [ALICE]},
                subentry_id="01K000000000000000000REC05",
                subentry_type=SUBENTRY_RECIPIENT,
                title="Alice",
                unique_id=None,
            )
        ],
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def csoft_account(
    hass: HomeAssistant, csoft_entry: MockConfigEntry
) -> MockConfigEntry:
    """The account's entry, set up."""
    assert await hass.config_entries.async_setup(csoft_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return csoft_entry


@pytest.fixture
async def posting(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    hass_client_no_auth: ClientSessionGenerator,
) -> CsoftSimulator:
    """The host, that posts receipts to the account's webhook from now on."""
    client = await hass_client_no_auth()
    url = client.make_url(f"/api/webhook/{CSOFT_WEBHOOK_ID}")
    csoft_host.accounts[CSOFT_USER].receipt_url = str(url)
    return csoft_host


@pytest.fixture
def cloud(hass: HomeAssistant) -> Iterator[Cloud]:
    """Home Assistant Cloud, in a Home Assistant that has it."""
    cloud = Cloud()
    modules = {"homeassistant.components.cloud": cloud.as_module()}
    with patch.dict(sys.modules, modules):
        hass.config.components.add("cloud")
        yield cloud


@pytest.fixture
async def pushing(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    hass_client_no_auth: ClientSessionGenerator,
) -> WebsmppSimulator:
    """The simulator, that brings receipts to the account's webhook from now on."""
    client = await hass_client_no_auth()
    url = client.make_url(f"/api/webhook/{WEBHOOK_ID}")
    simulator.accounts["demo"].push_url = str(url)
    return simulator


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare as Home Assistant does, in whatever order the plugins were loaded."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)
