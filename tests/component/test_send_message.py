"""The action `sms_gateway.send_message`."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.sms_gateway.services import MOST_TARGETS
from simulator.websmpp import (
    ErrorCode,
    Fault,
    FaultKind,
    ForcedError,
    WebsmppSimulator,
)

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


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (ErrorCode.HTTP06, "send_sender"),
        (ErrorCode.HTTP09, "send_recipient"),
        (ErrorCode.HTTP17, "send_text"),
        (ErrorCode.HTTP18, "send_credit"),
        (ErrorCode.HTTP15, "send_refused"),
        (ErrorCode.HTTP26, "send_account_expired"),
    ],
)
async def test_a_refused_message_raises_with_the_reason(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    code: ErrorCode,
    key: str,
) -> None:
    simulator.errors.add(ForcedError(code=code))
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass)
    assert refused.value.translation_key == key
    assert code.name in str(refused.value)
    assert code.value in str(refused.value)
    assert BOB in str(refused.value)


async def test_a_refused_login_raises_and_asks_for_the_login(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.accounts["demo"].password = "changed"
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass)
    assert refused.value.translation_key == "send_login"
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    assert flow["context"]["entry_id"] == account.entry_id


async def test_of_several_messages_the_refused_ones_are_rows_of_the_answer(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP09, destination="9613123456"))
    answer = await send(hass, target=[BOB, "notify.alice"])
    assert [(each["state"], each["error_code"]) for each in answer["messages"]] == [
        ("failed", "HTTP09"),
        ("accepted", None),
    ]


async def test_of_several_messages_a_refused_one_raises_who_wants_no_answer(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP09, destination="9613123456"))
    with pytest.raises(HomeAssistantError, match="1 of 2 not sent") as refused:
        await send(hass, answer=False, target=[BOB, "notify.alice"])
    assert refused.value.translation_key == "send_recipient"


async def test_several_reasons_are_all_named(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP09, destination="9613123456"))
    simulator.errors.add(ForcedError(code=ErrorCode.HTTP17, destination="9613000123"))
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass, target=[BOB, ALICE])
    assert refused.value.translation_key == "send_several"
    assert "2 of 2" in str(refused.value)
    assert "HTTP09" in str(refused.value)
    assert "HTTP17" in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"target": ["nobody"]}, "target"),
        ({"target": ["12"]}, "target"),
        ({"message": ""}, "message"),
        ({"message": "x" * 40_000}, "message"),
        ({"message": "grün & #", "encoding": "gsm"}, "encoding"),
        ({"message": "سلام", "encoding": "special"}, "encoding"),
        ({"sender": "Far too long a name"}, "sender"),
        ({"schedule": "2001-01-01 00:00:00"}, "schedule"),
        ({"flash": True}, "flash"),
    ],
)
async def test_a_value_that_cannot_be_sent_is_named(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    fields: dict[str, Any],
    field: str,
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await send(hass, **fields)
    assert refused.value.translation_key == "invalid_input"
    assert refused.value.translation_placeholders["field"] == field
    assert simulator.messages_count == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"target": []}, "target"),
        ({"target": [BOB] * (MOST_TARGETS + 1)}, "target"),
        ({"target": [{}]}, "target"),
        ({"message": None}, "message"),
        ({"message": {}}, "message"),
        ({"title": []}, "title"),
        ({"sender": []}, "sender"),
        ({"encoding": "ebcdic"}, "encoding"),
        ({"encoding": 7}, "encoding"),
        ({"schedule": "soon"}, "schedule"),
        ({"validity": "soon"}, "validity"),
        ({"validity": {"seconds": 59}}, "validity"),
        ({"validity": {"days": 8}}, "validity"),
        ({"flash": "perhaps"}, "flash"),
        ({"reference": "x" * 256}, "reference"),
        ({"track": "perhaps"}, "track"),
        ({"colour": "red"}, "colour"),
        ({"config_entry_id": []}, "config_entry_id"),
    ],
)
async def test_a_value_of_a_wrong_form_is_named(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    fields: dict[str, Any],
    field: str,
) -> None:
    with pytest.raises(vol.MultipleInvalid) as refused:
        await send(hass, **fields)
    assert refused.value.path[0] == field
    assert simulator.messages_count == 0


@pytest.mark.parametrize(
    "entity_id", ["notify.nobody", "notify.other", "notify.websmpp_demo"]
)
async def test_an_entity_that_is_no_recipient_is_named(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    entity_registry: Any,
    entity_id: str,
) -> None:
    entity_registry.async_get_or_create(
        "notify", "ntfy", "1", suggested_object_id="other"
    )
    with pytest.raises(ServiceValidationError) as refused:
        await send(hass, target=[BOB, entity_id])
    assert refused.value.translation_key == "no_recipient"
    assert refused.value.translation_placeholders == {"entity_id": entity_id}
    assert simulator.messages_count == 0


async def test_nothing_goes_out_unless_all_of_it_can(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    """Alice has a sender of her own, the number has none."""
    (alice,) = account.subentries.values()
    hass.config_entries.async_update_subentry(
        account, alice, data={**alice.data, "sender": "Cellar"}
    )
    hass.config_entries.async_update_entry(account, options={"region": "LB"})
    await hass.async_block_till_done()
    for target in (["notify.alice", BOB], [BOB, "notify.alice"]):
        with pytest.raises(ServiceValidationError) as refused:
            await send(hass, target=target)
        assert refused.value.translation_placeholders["field"] == "sender"
    assert simulator.messages_count == 0

    await send(hass, target=["notify.alice"])
    assert simulator.messages[0].source == "Cellar"


async def test_of_several_accounts_one_has_to_be_chosen(
    hass: HomeAssistant,
    account: MockConfigEntry,
    other_account: MockConfigEntry,
    simulator: WebsmppSimulator,
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await send(hass)
    assert refused.value.translation_key == "choose_account"

    await send(hass, config_entry_id=other_account.entry_id)
    assert simulator.messages[-1].account == "other"
    await send(hass, target=[BOB, "notify.alice"])
    assert {each.account for each in list(simulator.messages)[1:]} == {"demo"}


async def test_a_recipient_of_another_account_is_none(
    hass: HomeAssistant, account: MockConfigEntry, other_account: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await send(
            hass, target=["notify.alice"], config_entry_id=other_account.entry_id
        )
    assert refused.value.translation_key == "no_recipient"


@pytest.mark.parametrize(
    ("entry_id", "key"),
    [
        ("nonsense", "service_config_entry_not_found"),
        ("01K000000000000000000ACC02", "service_config_entry_not_loaded"),
    ],
)
async def test_an_account_that_cannot_be_used_is_told(
    hass: HomeAssistant,
    account: MockConfigEntry,
    other_account: MockConfigEntry,
    entry_id: str,
    key: str,
) -> None:
    await hass.config_entries.async_unload(other_account.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await send(hass, config_entry_id=entry_id)
    assert refused.value.translation_key == key


async def test_a_recipient_of_an_account_that_is_not_loaded_is_told(
    hass: HomeAssistant, account: MockConfigEntry, other_account: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(account.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await send(hass, target=["notify.alice"])
    assert refused.value.translation_key == "service_config_entry_not_loaded"


async def test_without_a_loaded_account_it_is_told_where_to_look(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(account.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await send(hass)
    assert refused.value.translation_key == "no_account"


async def test_an_account_that_has_just_stopped_raises(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    await account.runtime_data.gateway.remove_account(account.entry_id)
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass)
    assert refused.value.translation_key == "gateway"


async def test_a_journal_that_cannot_be_written_raises(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await account.runtime_data.gateway._journal.close()
    with pytest.raises(HomeAssistantError) as refused:
        await send(hass)
    assert refused.value.translation_key == "journal"
    assert simulator.messages_count == 0
