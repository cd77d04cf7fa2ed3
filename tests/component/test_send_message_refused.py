"""The action `sms_gateway.send_message`: what the system refuses, or we cannot do."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.quoting import quoted
from simulator.websmpp import ErrorCode, ForcedError, WebsmppSimulator

from .helpers import ALICE, BOB, send


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
    await hass.async_block_till_done(wait_background_tasks=True)
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
    invalid, unfit = ErrorCode.HTTP09, ErrorCode.HTTP17
    assert refused.value.translation_placeholders == {
        "failed": "2",
        "total": "2",
        "reasons": (
            f"{quoted(BOB)}: {quoted(f'{invalid.name}: {invalid.value}')}; "
            f"{quoted(ALICE)}: {quoted(f'{unfit.name}: {unfit.value}')}"
        ),
    }


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
    assert refused.value.translation_key == "journal_unwritable"
    assert refused.value.translation_placeholders == {
        "words": quoted("no active connection")
    }
    assert simulator.messages_count == 0
