"""Numbers, wherever one goes in: what is written is what is reached, or it is told.

Scripts and automations are read from YAML, as Home Assistant reads them.
"""

from collections.abc import Awaitable, Callable
import re
from typing import Any, NamedTuple

from homeassistant.config_entries import SOURCE_USER, ConfigSubentry
from homeassistant.const import CONF_NAME, CONF_OPTIONS, CONF_PLATFORM
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import trigger
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_mock_service,
)
import voluptuous as vol

from custom_components.sms_gateway.const import (
    CONF_NUMBERS,
    CONF_REGION,
    CONF_SENDER,
    DOMAIN,
    EVENT_MESSAGE,
    EVENT_RECEIPT,
    SUBENTRY_RECIPIENT,
)
from custom_components.sms_gateway.gateway.reasons import NUMBERS
from custom_components.sms_gateway.quoting import quoted
from simulator.smsc import SmscSimulator
from simulator.smsc.pdus import Address, ShortMessage
from simulator.websmpp import WebsmppSimulator

from .helpers import ALICE, BOB, becomes

PHONE = "input_text.phone"
INCOMING = "event.smpp_demo_incoming_message"

SENDERS = pytest.mark.parametrize(
    "action", ["sms_gateway.send_message", "notify.websmpp_demo"]
)


async def live_in(
    hass: HomeAssistant, account: MockConfigEntry, region: str | None
) -> None:
    """Let the account's country be another."""
    options = {CONF_SENDER: "Home"} | ({CONF_REGION: region} if region else {})
    hass.config_entries.async_update_entry(account, options=options)
    await hass.async_block_till_done(wait_background_tasks=True)


def read(yaml: str) -> dict[str, Any]:
    config = parse_yaml(yaml)
    assert isinstance(config, dict)
    return config


async def run_script(hass: HomeAssistant, action: str, target: str) -> None:
    """Run a script that sends; `target` is written in it as in a file."""
    script = read(
        f"""
        alarm:
          sequence:
            - action: {action}
              data:
                target: {target}
                message: Fire
        """
    )
    assert await async_setup_component(hass, "script", {"script": script})
    await hass.services.async_call("script", "alarm", blocking=True)


@SENDERS
@pytest.mark.parametrize(
    "target",
    [
        "\"{{ states('input_text.phone') }}\"",
        "\"{{ [states('input_text.phone')] }}\"",
        "[\"{{ states('input_text.phone') }}\"]",
    ],
)
@pytest.mark.parametrize("phone", ["+4917649665325", "+33612345678"])
async def test_a_number_out_of_a_template_is_reached_in_its_country(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    action: str,
    target: str,
    phone: str,
) -> None:
    """Out of the first template, Home Assistant makes a number of it."""
    await live_in(hass, account, "DE")
    hass.states.async_set(PHONE, phone)
    await run_script(hass, action, target)
    assert [f"+{each.destination}" for each in simulator.messages] == [phone]


@SENDERS
@pytest.mark.parametrize(
    ("target", "destination"),
    [
        ("+9613123456", "9613123456"),
        ("9613123456", "9613123456"),
        ("[+9613123456]", "9613123456"),
        ('"03123456"', "9613123456"),
        # What is no octal number stays text without quotes.
        ("03198456", "9613198456"),
        ("03 123 456", "9613123456"),
        ('"12345"', "12345"),
    ],
)
async def test_a_number_in_yaml_is_reached(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    action: str,
    target: str,
    destination: str,
) -> None:
    await run_script(hass, action, target)
    assert [each.destination for each in simulator.messages] == [destination]


@SENDERS
@pytest.mark.parametrize(
    ("target", "key", "words"),
    [
        (
            "03123456",
            "number_octal",
            {"number": str(0o3123456), "written": "03123456"},
        ),
        (
            '["+9613123456", 03123456]',
            "number_octal",
            {"number": str(0o3123456), "written": "03123456"},
        ),
        (
            "12345",
            "number_bare",
            {
                "number": "12345",
                "template": quoted("{{ [states('input_text.phone')] }}"),
            },
        ),
        ("9613123456.0", "number_unreadable", {"number": quoted("9613123456.0")}),
        ("9.613123456e+9", "number_unreadable", {"number": quoted("9613123456.0")}),
        ("true", "number_unreadable", {"number": quoted("True")}),
        (
            '{phone: "+9613123456"}',
            "number_unreadable",
            {"number": quoted("{'phone': '+9613123456'}")},
        ),
        (
            "[[+9613123456]]",
            "number_unreadable",
            {"number": quoted("[9613123456]")},
        ),
        ("-9613123456", "number_unreadable", {"number": quoted("-9613123456")}),
    ],
)
async def test_what_yaml_has_made_something_else_of_reaches_nobody(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    action: str,
    target: str,
    key: str,
    words: dict[str, str],
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await run_script(hass, action, target)
    assert refused.value.translation_key == key
    assert refused.value.translation_placeholders == words
    assert simulator.messages_count == 0


class Refusal(NamedTuple):
    """Why a number is not taken, and what is said of it."""

    key: str
    said: str


type Outcome = list[str] | Refusal
"""The numbers that are reached, or why none is."""

type Place = Callable[
    [HomeAssistant, MockConfigEntry, WebsmppSimulator, str], Awaitable[Outcome]
]
"""Puts a number in, and tells what comes of it."""


def in_action(action: str) -> Place:
    async def put(
        hass: HomeAssistant,
        _account: MockConfigEntry,
        simulator: WebsmppSimulator,
        number: str,
    ) -> Outcome:
        domain, service = action.split(".")
        given = {"target": [number], "message": "Fire"}
        try:
            await hass.services.async_call(domain, service, given, blocking=True)
        except ServiceValidationError as error:
            words = error.translation_placeholders or {}
            return Refusal(str(error.translation_key), " ".join(words.values()))
        return [each.destination for each in simulator.messages]

    return put


async def in_form(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    number: str,
) -> Outcome:
    flows = hass.config_entries.subentries
    form = await flows.async_init(
        (account.entry_id, SUBENTRY_RECIPIENT), context={"source": SOURCE_USER}
    )
    done = await flows.async_configure(
        form["flow_id"], {CONF_NAME: "Bob", CONF_NUMBERS: [number]}
    )
    if done["type"] is FlowResultType.FORM:
        words = done["description_placeholders"] or {}
        return Refusal(done["errors"][CONF_NUMBERS], " ".join(words.values()))
    await hass.async_block_till_done(wait_background_tasks=True)
    return await in_action("sms_gateway.send_message")(
        hass, account, simulator, "notify.bob"
    )


def in_trigger(key: str, field: str, event: str) -> Place:
    async def put(
        hass: HomeAssistant,
        account: MockConfigEntry,
        _simulator: WebsmppSimulator,
        number: str,
    ) -> Outcome:
        config = {CONF_PLATFORM: f"{DOMAIN}.{key}", CONF_OPTIONS: {field: [number]}}
        try:
            valid = await trigger.async_validate_trigger_config(hass, [config])
        except vol.Invalid as error:
            return Refusal(key_of(error.msg), error.msg)
        met: list[str] = []
        await trigger.async_initialize_triggers(
            hass,
            valid,
            lambda variables, _context=None: met.append(variables["trigger"][field]),
            DOMAIN,
            "test",
            lambda *_args, **_more: None,
        )
        for each in POSSIBLE:
            data = {"config_entry_id": account.entry_id, "state": "sent", field: each}
            hass.bus.async_fire(event, data)
        await hass.async_block_till_done(wait_background_tasks=True)
        return [each.removeprefix("+") for each in met]

    return put


def key_of(sentence: str) -> str:
    """Return the key of one of our own sentences."""
    for key, text in NUMBERS.items():
        pattern = "".join(
            ".+" if part.startswith("{") else re.escape(part)
            for part in re.split(r"({\w+})", text)
        )
        if re.fullmatch(pattern, sentence):
            return key
    raise AssertionError(sentence)


PLACES = pytest.mark.parametrize(
    "put",
    [
        pytest.param(in_action("sms_gateway.send_message"), id="action"),
        pytest.param(in_action("notify.websmpp_demo"), id="notify"),
        pytest.param(in_form, id="form"),
        pytest.param(
            in_trigger("message_received", "sender", EVENT_MESSAGE), id="sender"
        ),
        pytest.param(
            in_trigger("receipt_received", "recipient", EVENT_RECEIPT), id="recipient"
        ),
    ],
)
POSSIBLE = [
    "+9613123456",
    "+499613123456",
    "+19613123456",
    "+96178123456",
    "+4978123456",
    "+7812345600",
    "+33612345678",
    "+4933612345678",
    "+61396131234",
    "12345",
]
"""Numbers that one may take others for."""


@PLACES
@pytest.mark.parametrize(
    ("region", "number", "reached"),
    [
        ("LB", "03 123 456", "9613123456"),
        ("LB", "3123456", "9613123456"),
        # A range that was opened later than the others.
        ("LB", "78 123 456", "96178123456"),
        ("LB", "12345", "12345"),
        ("AU", "0011 961 3 123 456", "9613123456"),
        ("AU", "+961 3 123 456", "9613123456"),
        ("DE", "\u2066+961 3 123 456\u2069", "9613123456"),
        ("DE", "+٩٦١ ٣ ١٢٣ ٤٥٦", "9613123456"),
        (None, "00961 (3) 123-456", "9613123456"),
    ],
)
async def test_every_place_understands_the_same(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    put: Place,
    region: str | None,
    number: str,
    reached: str,
) -> None:
    await live_in(hass, account, region)
    assert await put(hass, account, simulator, number) == [reached]


@PLACES
@pytest.mark.parametrize(
    ("region", "number", "key", "said"),
    [
        (
            "DE",
            "33612345678",
            "number_ambiguous",
            ["33612345678", "+4933612345678, +33612345678"],
        ),
        ("DE", "+96131", "number_length", ["+96131"]),
        (None, "03 123 456", "number_country", ["03 123 456"]),
        ("LB", "9613123456.0", "number_unreadable", ["9613123456.0"]),
        ("LB", "+9613123456, +96178123456", "number_unreadable", ["+9613123456, "]),
    ],
)
async def test_every_place_refuses_the_same_and_names_it(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    put: Place,
    region: str | None,
    number: str,
    key: str,
    said: list[str],
) -> None:
    await live_in(hass, account, region)
    outcome = await put(hass, account, simulator, number)
    assert isinstance(outcome, Refusal)
    assert outcome.key == key
    assert [each for each in said if each not in outcome.said] == []
    assert simulator.messages_count == 0


async def automate(hass: HomeAssistant, sender: str) -> list[ServiceCall]:
    """Set an automation up; `sender` is written in it as in a file."""
    calls = async_mock_service(hass, "test", "automation")
    automation = read(
        f"""
        alias: Heard
        triggers:
          - trigger: sms_gateway.message_received
            options:
              sender: {sender}
        actions:
          - action: test.automation
            data:
              sender: "{{{{ trigger.sender }}}}"
              name: "{{{{ trigger.sender_name }}}}"
        """
    )
    assert await async_setup_component(hass, "automation", {"automation": automation})
    return calls


async def come_in(hass: HomeAssistant, smsc: SmscSimulator, sender: Address) -> None:
    """Let an SMS come in, and be told to everybody."""
    events = async_capture_events(hass, EVENT_MESSAGE)
    message = ShortMessage(sender, Address(3, 0, "4040"), b"Hi")
    smsc.deliver("demo", message)
    await becomes(hass, INCOMING, lambda _: bool(events))
    await hass.async_block_till_done(wait_background_tasks=True)


def international(number: str) -> Address:
    return Address(1, 1, number.removeprefix("+"))


def national(number: str) -> Address:
    return Address(2, 1, number)


@pytest.fixture
async def lebanese(
    hass: HomeAssistant, smpp_account: MockConfigEntry
) -> MockConfigEntry:
    """The SMPP account, of somebody in Lebanon who knows Bob."""
    await live_in(hass, smpp_account, "LB")
    bob = ConfigSubentry(
        data={CONF_NUMBERS: [BOB]},  # type: ignore[arg-type]
        subentry_type=SUBENTRY_RECIPIENT,
        title="Bob",
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(smpp_account, bob)
    await hass.async_block_till_done(wait_background_tasks=True)
    return smpp_account


WRITTEN = [
    '"+9613123456"',
    "+9613123456",
    '"03 123 456"',
    '"3123456"',
    '"009613123456"',
    "notify.bob",
]


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize(
    "sender",
    [international(BOB), national("03123456"), national("3123456")],
    ids=lambda sender: sender.digits,
)
async def test_a_filter_lets_its_number_through_however_it_is_written(
    hass: HomeAssistant,
    lebanese: MockConfigEntry,
    smsc: SmscSimulator,
    written: str,
    sender: Address,
) -> None:
    calls = await automate(hass, written)
    await come_in(hass, smsc, sender)
    assert [call.data["name"] for call in calls] == ["Bob"]


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize(
    "sender",
    [
        international("+499613123456"),
        international("+19613123456"),
        international("+4903123456"),
        international(ALICE),
        national("13123456"),
    ],
    ids=lambda sender: sender.digits,
)
async def test_a_filter_stops_a_number_that_only_ends_alike(
    hass: HomeAssistant,
    lebanese: MockConfigEntry,
    smsc: SmscSimulator,
    written: str,
    sender: Address,
) -> None:
    calls = await automate(hass, written)
    await come_in(hass, smsc, sender)
    assert calls == []


@pytest.mark.parametrize("number", ["+499613123456", "+19613123456"])
async def test_a_number_that_only_ends_alike_has_no_name(
    hass: HomeAssistant, lebanese: MockConfigEntry, smsc: SmscSimulator, number: str
) -> None:
    events = async_capture_events(hass, EVENT_MESSAGE)
    await come_in(hass, smsc, international(number))
    assert [each.data["sender_name"] for each in events] == [None]


async def test_a_name_is_a_filter_as_it_is(
    hass: HomeAssistant, lebanese: MockConfigEntry, smsc: SmscSimulator
) -> None:
    calls = await automate(hass, "bank")
    await come_in(hass, smsc, Address(5, 0, "Bank"))
    assert [call.data["sender"] for call in calls] == ["Bank"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"+96131"', "'+96131' has the wrong length or prefix for its country"),
        (
            "03123456",
            "829230 was probably 03123456, which YAML reads as another number",
        ),
        ("4040", "4040 came without quotes, or out of a template"),
        ("9613123456.0", "'9613123456.0' is no phone number"),
        ("true", "'True' is no phone number"),
        ('{phone: "+9613123456"}', "is no phone number"),
        ('["+9613123456", "+96131"]', "'+96131' has the wrong length"),
    ],
)
async def test_a_filter_that_no_number_meets_is_told_when_it_is_set_up(
    hass: HomeAssistant,
    lebanese: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    written: str,
    said: str,
) -> None:
    await automate(hass, written)
    state = hass.states.get("automation.heard")
    assert state
    assert state.state == "unavailable"
    assert "Automation with alias 'Heard' failed to setup triggers" in caplog.text
    assert said in caplog.text
