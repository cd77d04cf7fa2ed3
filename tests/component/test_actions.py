"""The actions that ask: `get_message` and `get_coverage`."""

from base64 import b64decode
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.sms_gateway.const import DOMAIN
from simulator.websmpp import (
    ErrorCode,
    Fault,
    FaultKind,
    ForcedError,
    WebsmppSimulator,
)

from .helpers import BOB, DELIVERED, becomes, send


async def ask(hass: HomeAssistant, action: str, **fields: Any) -> dict[str, Any]:
    answer = await hass.services.async_call(
        DOMAIN, action, fields, blocking=True, return_response=True
    )
    return dict(answer)


async def test_a_message_is_told_in_full(
    hass: HomeAssistant, account: MockConfigEntry, pushing: WebsmppSimulator
) -> None:
    (sent,) = (await send(hass, reference="cellar-7"))["messages"]
    await becomes(hass, DELIVERED, "1")
    message = await ask(hass, "get_message", message_id=sent["message_id"])
    assert message["config_entry_id"] == account.entry_id
    assert message["recipient"] == BOB
    assert message["text"] == "Fire"
    assert message["sender"] == "Home"
    assert message["state"] == "delivered"
    assert message["part_states"] == ["delivered"]
    assert message["provider_ids"] == sent["provider_ids"]
    assert message["reference"] == "cellar-7"
    assert message["tracked"] is True
    assert message["attempts"] == 1
    assert message["created_at"] <= message["accepted_at"] <= message["finished_at"]
    assert message["schedule"] is None


async def test_a_message_that_is_unknown_or_forgotten_raises(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, "get_message", message_id="nonsense")
    assert refused.value.translation_key == "unknown_message"


@pytest.mark.parametrize("fields", [{}, {"message_id": []}, {"message_id": None}])
async def test_a_message_id_of_a_wrong_form_is_named(
    hass: HomeAssistant, account: MockConfigEntry, fields: dict[str, Any]
) -> None:
    with pytest.raises(vol.MultipleInvalid) as refused:
        await ask(hass, "get_message", **fields)
    assert refused.value.path == ["message_id"]


async def test_without_an_account_no_message_is_known(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(account.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, "get_message", message_id="any")
    assert refused.value.translation_key == "no_account"


async def test_the_coverage_comes_as_rows(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    answer = await ask(hass, "get_coverage")
    assert {"Country": "Lebanon", "Network": "Alfa"}.items() <= answer["networks"][
        0
    ].items()


@pytest.mark.parametrize("form", ["xls", "pdf"])
async def test_other_forms_of_the_coverage_come_as_files(
    hass: HomeAssistant, account: MockConfigEntry, form: str
) -> None:
    answer = await ask(hass, "get_coverage", format=form)
    assert answer["content_type"]
    assert b64decode(answer["content_base64"])


async def test_an_empty_coverage_is_no_coverage(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    simulator.faults.add(Fault(kind=FaultKind.EMPTY))
    with pytest.raises(HomeAssistantError, match="cannot be read"):
        await ask(hass, "get_coverage")


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (ErrorCode.HTTP15, "provider_refused"),
        (ErrorCode.HTTP11, "provider_transient"),
        (ErrorCode.HTTP26, "provider_account_expired"),
    ],
)
async def test_a_refused_coverage_raises_with_the_reason(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    code: ErrorCode,
    key: str,
) -> None:
    simulator.errors.add(ForcedError(code=code, times=1))
    with pytest.raises(HomeAssistantError) as refused:
        await ask(hass, "get_coverage")
    assert refused.value.translation_key == key
    assert code.value in str(refused.value)


async def test_a_form_that_is_unknown_is_named(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    with pytest.raises(vol.MultipleInvalid) as refused:
        await ask(hass, "get_coverage", format="docx")
    assert refused.value.path == ["format"]


async def test_of_several_accounts_one_has_to_be_chosen(
    hass: HomeAssistant, account: MockConfigEntry, other_account: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, "get_coverage")
    assert refused.value.translation_key == "choose_account"
    assert await ask(hass, "get_coverage", config_entry_id=account.entry_id)
