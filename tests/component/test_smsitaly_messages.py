"""Messages through smsitaly: taken or refused, and what each leaves of the credit."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.const import DOMAIN
from custom_components.sms_gateway.coordinator import CREDIT_PAUSE
from custom_components.sms_gateway.quoting import quoted
from simulator.smsitaly import Fault, FaultKind, Field, SmsItalySimulator

from .helpers import (
    ALICE,
    BOB,
    SMSITALY_CREDIT,
    SMSITALY_SENT,
    SMSITALY_STATUS,
    becomes,
    pass_time,
    send,
)

LOW = "low_credit_01K000000000000000000ACC04"


@pytest.mark.parametrize("interface", ["packet", "ascii"])
async def test_messages_are_taken_and_the_credit_follows_each(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    asked = gate.observation.counts["SmsQuery"]
    (sent,) = (await send(hass, message="Fire"))["messages"]
    assert sent["state"] == "accepted"
    await becomes(hass, SMSITALY_CREDIT, "99")
    await hass.services.async_call(
        "notify", "smsitaly_demo", {"message": "Fire", "target": [BOB]}, blocking=True
    )
    await becomes(hass, SMSITALY_CREDIT, "98")
    await hass.services.async_call(
        "notify",
        "send_message",
        {"message": "Water", "entity_id": "notify.alice"},
        blocking=True,
    )
    await becomes(hass, SMSITALY_CREDIT, "97")
    await becomes(hass, SMSITALY_SENT, "3")
    taken = [(each.recipient, each.sender, each.text) for each in gate.messages]
    assert taken == [
        (BOB, "Home", "Fire"),
        (BOB, "Home", "Fire"),
        (ALICE, "Home", "Water"),
    ]
    await pass_time(hass, CREDIT_PAUSE + 1)
    assert gate.observation.counts["SmsQuery"] == asked, "nobody has to ask"


@pytest.mark.parametrize("interface", ["packet", "ascii"])
async def test_a_long_text_costs_what_its_parts_cost(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    text = "огонь 😀 " * 30
    answer = await send(hass, message=text)
    assert answer["parts_per_message"] == len(gate.messages) == 5
    assert "".join(each.text for each in gate.messages) == text
    await becomes(hass, SMSITALY_CREDIT, "95")
    await becomes(hass, SMSITALY_SENT, "1")


@pytest.mark.parametrize("interface", ["packet", "ascii"])
@pytest.mark.parametrize(
    ("encoding", "type_"), [("wap_bookmark", "WBK"), ("wap_push", "WPS")]
)
async def test_a_bookmark_or_a_push_is_sent_as_it_is_given(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    encoding: str,
    type_: str,
) -> None:
    link = "http://homeassistant.local:8123/lovelace/doors"
    answer = await send(hass, message=link, encoding=encoding)
    [taken] = gate.messages
    assert (taken.text, taken.fields[Field.SMS_TYPE]) == (link, type_)
    assert answer["parts_per_message"] == 1


async def test_other_systems_have_no_bookmarks(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await send(hass, encoding="wap_push")
    assert refused.value.translation_key == "wap_unsupported"


async def test_a_message_at_a_time_is_written_in_the_servers_time(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    wanted = (dt_util.utcnow() + timedelta(days=1)).replace(second=0, microsecond=0)
    await send(hass, schedule=wanted.isoformat(), flash=True)
    (message,) = gate.messages
    rome = await dt_util.async_get_time_zone("Europe/Rome")
    local = wanted.astimezone(rome)
    clock = (Field.SMS_DAY, Field.SMS_HOUR, Field.SMS_MINUTE, Field.SMS_AM_PM)
    told = " ".join(message.fields[field] for field in clock)
    assert told == local.strftime("%d %I %M %p")
    assert message.fields[Field.SMS_TYPE] == "FL"


@pytest.mark.parametrize("interface", ["packet", "ascii"])
@pytest.mark.parametrize(
    ("code", "key", "reason", "status"),
    [
        (80, "send_blocked", "80: TCP/IP Not Allowed!", "blocked"),
        (84, "send_sender", "84: Sender Not Valid", "active"),
        (85, "send_address_locked", "85: IP Not Available!", "address_locked"),
        (86, "send_recipient_locked", "86: Recipient Locked From Account!", "active"),
        (93, "send_text", "93: Sms Text Message Not Valid", "active"),
        (99, "send_credit", "99: Credit Not Available!", "no_credit"),
    ],
)
async def test_a_refusal_raises_with_the_servers_code_and_words(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    interface: str,
    code: int,
    key: str,
    reason: str,
    status: str,
) -> None:
    command = "SendSMS" if interface == "ascii" else "<Send Data>"
    gate.faults.add(Fault(kind=FaultKind.ERROR, code=code, command=command, times=1))
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass)
    assert refused.value.translation_key == key
    assert refused.value.translation_placeholders["reason"] == quoted(reason)
    await becomes(hass, SMSITALY_STATUS, status)
    # What the next message says is the truth again.
    await send(hass)
    await becomes(hass, SMSITALY_STATUS, "active")
    await becomes(hass, SMSITALY_CREDIT, "99")


async def test_the_last_credit_raises_the_issue_before_it_is_needed(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    gate.accounts["demo"].credit = 10
    await send(hass)
    await becomes(hass, SMSITALY_CREDIT, "9")
    await becomes(hass, "binary_sensor.smsitaly_demo_low_credit", "on")
    issue = issue_registry.async_get_issue(DOMAIN, LOW)
    assert issue
    assert issue.translation_placeholders == {
        "account": quoted("smsitaly demo"),
        "credit": "9",
    }


async def test_what_was_taken_is_not_taken_back(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry
) -> None:
    (sent,) = (await send(hass))["messages"]
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            DOMAIN,
            "cancel_message",
            {"message_id": sent["message_id"]},
            blocking=True,
        )
    assert refused.value.translation_key == "cancel_unsupported"


async def test_a_short_code_is_refused(
    hass: HomeAssistant, smsitaly_account: MockConfigEntry, gate: SmsItalySimulator
) -> None:
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass, target=["4040"])
    assert refused.value.translation_key == "destination_short"
    assert not gate.messages
