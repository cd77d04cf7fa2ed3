"""Both systems of one AMS login at once: receipts come through either."""

from typing import Any, Final

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.sms_gateway.const import EVENT_RECEIPT
from simulator.smsc import Address, ShortMessage, SmscSimulator

from .helpers import (
    BOB,
    DELIVERED,
    RECEIPT,
    SMPP_DELIVERED,
    SMPP_RECEIPT,
    WEBHOOK_ID,
    becomes,
    send,
)

_RECEIPT: Final = 0x04
_NUMBER: Final = BOB.removeprefix("+")


@pytest.fixture
async def client(
    account: MockConfigEntry,
    smpp_account: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> TestClient:
    """The platform, as a client of Home Assistant, which has both accounts."""
    return await hass_client_no_auth()


def deliver(smsc: SmscSimulator, message_id: str) -> None:
    """Bring a receipt by SMPP, in the platform's own form."""
    text = (
        f"id:{message_id} sub:001 submit date:2601011200 done date:2601011207 "
        "mcc:415 mnc:01 stat:DELIVRD err:000"
    )
    smsc.deliver(
        "demo",
        ShortMessage(
            Address(1, 1, _NUMBER),
            Address(5, 0, "Home"),
            text.encode(),
            esm_class=_RECEIPT,
        ),
    )


async def push(client: TestClient, message_id: str) -> str:
    """Bring a receipt by HTTP; returns the answer."""
    answer = await client.get(
        f"/api/webhook/{WEBHOOK_ID}",
        params={
            "MessageId": message_id,
            "Source": "Home",
            "Destination": _NUMBER,
            "Status": "DELIVRD",
            "SubmitDate": "2026-01-01 12:00:00",
            "DoneDate": "2026-01-01 12:00:07",
        },
    )
    return await answer.text()


async def sent_through(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Send a message, and return what the action says of it."""
    (message,) = (await send(hass, config_entry_id=entry.entry_id))["messages"]
    return dict(message)


async def test_a_receipt_by_smpp_for_a_message_sent_by_http(
    hass: HomeAssistant,
    account: MockConfigEntry,
    client: TestClient,
    smsc: SmscSimulator,
) -> None:
    events = async_capture_events(hass, EVENT_RECEIPT)
    message = await sent_through(hass, account)
    deliver(smsc, message["provider_ids"][0])
    await becomes(hass, DELIVERED, "1")
    await becomes(hass, RECEIPT, lambda s: s.attributes["event_type"] == "delivered")
    # And once more by its own way: that is nothing new.
    assert await push(client, message["provider_ids"][0]) == "ok"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [event.data["message_id"] for event in events] == [message["message_id"]]
    assert hass.states.get(SMPP_DELIVERED).state == "0"


async def test_a_receipt_by_http_for_a_message_sent_by_smpp(
    hass: HomeAssistant,
    smpp_account: MockConfigEntry,
    client: TestClient,
    smsc: SmscSimulator,
) -> None:
    smsc.settings.change({"receipt_timing": "never"})
    message = await sent_through(hass, smpp_account)
    [taken] = smsc.messages
    assert await push(client, taken.message_id) == "ok"
    await becomes(hass, SMPP_DELIVERED, "1")
    state = await becomes(hass, SMPP_RECEIPT, lambda s: s.state != "unknown")
    assert state.attributes["message_id"] == message["message_id"]
    assert hass.states.get(DELIVERED).state == "0"


async def test_receipts_cross_each_other(
    hass: HomeAssistant,
    account: MockConfigEntry,
    smpp_account: MockConfigEntry,
    client: TestClient,
    smsc: SmscSimulator,
) -> None:
    smsc.settings.change({"receipt_timing": "never"})
    by_http = await sent_through(hass, account)
    await sent_through(hass, smpp_account)
    [taken] = smsc.messages
    deliver(smsc, by_http["provider_ids"][0])
    assert await push(client, taken.message_id) == "ok"
    await becomes(hass, DELIVERED, "1")
    await becomes(hass, SMPP_DELIVERED, "1")
