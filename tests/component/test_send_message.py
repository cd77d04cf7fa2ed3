"""The action `sms_gateway.send_message`: what goes out, and what it answers."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.websmpp import Fault, FaultKind, WebsmppSimulator

from .helpers import ALICE, BOB, send


async def test_it_answers_with_what_became_of_each_message(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    answer = await send(hass, target=[BOB, "03 000 555"], message="x" * 161)
    assert [each["recipient"] for each in answer["messages"]] == [BOB, "+9613000555"]
    assert answer["parts_per_message"] == 2
    for row in answer["messages"]:
        assert row["state"] == "accepted"
        assert row["parts"] == 2
        assert len(row["provider_ids"]) == 2
        assert row["error_code"] is None
        assert row["reason"] is None
    assert [each.text for each in simulator.messages] == ["x" * 161] * 2


async def test_it_need_not_be_asked_for_an_answer(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    assert await send(hass, answer=False) == {}
    assert simulator.messages_count == 1


async def test_the_title_stands_above_the_text(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await send(hass, message="Water!", title="Cellar")
    assert simulator.messages[0].text == "Cellar\nWater!"


async def test_numbers_and_recipients_mix(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    answer = await send(hass, target=[BOB, " notify.alice "])
    assert [each["recipient"] for each in answer["messages"]] == [BOB, ALICE]


async def test_a_number_need_not_be_in_a_list(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await send(hass, target=9613123456)
    assert simulator.messages[0].destination == "9613123456"


async def test_all_fields_travel(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await dt_zone(hass, "Asia/Beirut")
    answer = await send(
        hass,
        message="سلام",
        sender="Cellar",
        encoding="Unicode",
        schedule="2099-07-01 12:00:00",
        validity={"hours": 2},
        flash=False,
        reference="cellar-7",
        track=True,
    )
    (message,) = simulator.messages
    assert message.source == "Cellar"
    assert message.text == "سلام"
    assert message.type == 2
    assert answer["messages"][0]["reference"] == "cellar-7"

    details = await account.runtime_data.gateway.get(
        answer["messages"][0]["message_id"]
    )
    noon = dt_util.parse_datetime("2099-07-01T12:00:00+03:00")
    assert details.schedule == noon, "a time without a zone is local time"
    assert details.expires_at == noon + timedelta(hours=2)


async def dt_zone(hass: HomeAssistant, name: str) -> None:
    await hass.config.async_set_time_zone(name)


async def test_without_tracking_many_numbers_share_a_request(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    numbers = [f"+9613{number:06}" for number in range(200000, 200050)]
    answer = await send(hass, target=numbers, track=False)
    assert len(answer["messages"]) == 50
    assert simulator.messages_count == 50
    assert simulator.counts["websms"] < 50
    for each in answer["messages"]:
        (received,) = simulator.messages.to(each["recipient"].removeprefix("+"))
        assert each["provider_ids"] == [str(id_) for id_ in received.ids]


async def test_a_message_that_waits_is_no_error(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.RESET, taken=False))
    answer = await send(hass)
    assert answer["messages"][0]["state"] == "queued"
    assert answer["messages"][0]["reason"]


async def test_nothing_goes_out_unless_all_of_it_can(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    """Alice has a sender of her own, the number has none."""
    (alice,) = account.subentries.values()
    hass.config_entries.async_update_subentry(
        account, alice, data={**alice.data, "sender": "Cellar"}
    )
    hass.config_entries.async_update_entry(account, options={"region": "LB"})
    await hass.async_block_till_done(wait_background_tasks=True)
    for target in (["notify.alice", BOB], [BOB, "notify.alice"]):
        with pytest.raises(ServiceValidationError) as refused:
            await send(hass, target=target)
        assert refused.value.translation_key == "sender_missing"
    assert simulator.messages_count == 0

    await send(hass, target=["notify.alice"])
    assert simulator.messages[0].source == "Cellar"
