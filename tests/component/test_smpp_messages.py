"""Messages through SMPP: to their receipts, asked after, and taken back."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.sms_gateway.const import DOMAIN, EVENT_RECEIPT
from custom_components.sms_gateway.quoting import quoted
from simulator.smsc import CommandStatus, Fault, FaultKind, MessageState, SmscSimulator
from simulator.websmpp import ErrorCode, ForcedError, WebsmppSimulator

from .helpers import (
    ALICE,
    BOB,
    QUEUED,
    SMPP_DELIVERED,
    SMPP_RECEIPT,
    SMPP_STATUS,
    becomes,
    send,
)


async def perform(
    hass: HomeAssistant, action: str, *, answer: bool = True, **fields: Any
) -> dict[str, Any]:
    response = await hass.services.async_call(
        DOMAIN, action, fields, blocking=True, return_response=answer
    )
    return dict(response or {})


@pytest.fixture
def unmoved(smsc: SmscSimulator) -> SmscSimulator:
    """The SMSC, that delivers nothing."""
    smsc.settings.script = ()
    return smsc


async def test_a_message_to_its_receipt(
    hass: HomeAssistant, smpp_account: MockConfigEntry, smsc: SmscSimulator
) -> None:
    events = async_capture_events(hass, EVENT_RECEIPT)
    answer = await send(hass, message="огонь 😀 " * 30, reference="cellar-7")
    (sent,) = answer["messages"]
    assert sent["state"] in ("accepted", "delivered")
    assert sent["parts"] == answer["parts_per_message"] == 5
    state = await becomes(hass, SMPP_RECEIPT, lambda state: state.state != "unknown")
    assert state.attributes["event_type"] == "delivered"
    assert state.attributes["reference"] == "cellar-7"
    await becomes(hass, SMPP_DELIVERED, "1")
    assert [event.data["state"] for event in events] == ["delivered"]
    assert smsc.messages.whole_texts()[0][2] == "огонь 😀 " * 30


async def test_a_message_from_a_phone(
    hass: HomeAssistant, smpp_account: MockConfigEntry, smsc: SmscSimulator
) -> None:
    text = "Is the door shut? 😀 " * 10
    smsc.originate("demo", ALICE.removeprefix("+"), "4040", text)
    state = await becomes(
        hass, "event.smpp_demo_incoming_message", lambda state: state.state != "unknown"
    )
    assert state.attributes["event_type"] == "received"
    assert state.attributes["sender"] == ALICE
    assert state.attributes["text"] == text


async def test_a_refusal_raises_with_the_servers_code_and_words(
    hass: HomeAssistant, smpp_account: MockConfigEntry, smsc: SmscSimulator
) -> None:
    smsc.faults.add(
        Fault(kind=FaultKind.STATUS, status=CommandStatus.ESME_RINVDSTADR, times=1)
    )
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass)
    assert refused.value.translation_key == "send_recipient"
    assert refused.value.translation_placeholders == {
        "reason": quoted("ESME_RINVDSTADR: Invalid Destination Address (0x0000000B)"),
        "failed": "1",
        "total": "1",
        "recipients": quoted(BOB),
    }
    assert hass.states.get(SMPP_STATUS).state == "active"


async def test_a_message_is_asked_after_on_demand(
    hass: HomeAssistant, smpp_account: MockConfigEntry, smsc: SmscSimulator
) -> None:
    smsc.settings.change({"receipt_timing": "never"})
    (sent,) = (await send(hass))["messages"]
    id_ = sent["message_id"]
    assert (await perform(hass, "get_message", message_id=id_))["state"] == "accepted"
    message = await perform(hass, "get_message", message_id=id_, refresh=True)
    assert message["state"] == "delivered"
    assert message["answer"] == "message_state 2, error 0"
    await becomes(hass, SMPP_DELIVERED, "1")


async def test_an_enquiry_that_fails_raises(
    hass: HomeAssistant, smpp_account: MockConfigEntry, unmoved: SmscSimulator
) -> None:
    (sent,) = (await send(hass))["messages"]
    unmoved.messages.clear()
    with pytest.raises(HomeAssistantError) as refused:
        await perform(hass, "get_message", message_id=sent["message_id"], refresh=True)
    assert refused.value.translation_key == "provider_no_record"
    assert "ESME_RINVMSGID" in str(refused.value)


async def test_a_message_is_taken_back(
    hass: HomeAssistant, smpp_account: MockConfigEntry, unmoved: SmscSimulator
) -> None:
    (sent,) = (await send(hass))["messages"]
    id_ = sent["message_id"]
    cancelled = await perform(hass, "cancel_message", message_id=id_)
    assert cancelled["state"] == "deleted"
    (message,) = unmoved.messages
    assert message.stage(unmoved.clock.now()).state is MessageState.DELETED
    # Once more changes nothing, and nobody has to take the answer.
    assert await perform(hass, "cancel_message", answer=False, message_id=id_) == {}


async def test_what_the_server_does_not_take_back_raises(
    hass: HomeAssistant, smpp_account: MockConfigEntry, unmoved: SmscSimulator
) -> None:
    (sent,) = (await send(hass))["messages"]
    unmoved.faults.add(
        Fault(kind=FaultKind.STATUS, status=CommandStatus.ESME_RCANCELFAIL)
    )
    with pytest.raises(HomeAssistantError) as refused:
        await perform(hass, "cancel_message", message_id=sent["message_id"])
    assert refused.value.translation_key == "provider_refused"
    assert "ESME_RCANCELFAIL" in str(refused.value)


async def test_a_message_that_has_arrived_is_not_taken_back(
    hass: HomeAssistant, smpp_account: MockConfigEntry
) -> None:
    (sent,) = (await send(hass))["messages"]
    await becomes(hass, SMPP_DELIVERED, "1")
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "cancel_message", message_id=sent["message_id"])
    assert refused.value.translation_key == "message_ended"
    assert refused.value.translation_placeholders == {"state": quoted("delivered")}
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "cancel_message", message_id="nonsense")
    assert refused.value.translation_key == "unknown_message"


async def test_what_waits_is_taken_back_at_every_system_and_never_sent(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP11))
    (sent,) = (await send(hass))["messages"]
    assert sent["state"] == "queued"
    cancelled = await perform(hass, "cancel_message", message_id=sent["message_id"])
    assert cancelled["state"] == "deleted"
    simulator.errors.clear()
    await becomes(hass, QUEUED, "0")
    await hass.config_entries.async_reload(account.entry_id)
    await send(hass)
    assert simulator.messages_count == 1


async def test_a_system_that_takes_nothing_back_says_so(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    (sent,) = (await send(hass))["messages"]
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "cancel_message", message_id=sent["message_id"])
    assert refused.value.translation_key == "cancel_unsupported"
