"""The action `sms_gateway.send_message`: which account it goes through."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.websmpp import WebsmppSimulator

from .helpers import BOB, send


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
