"""A backup of Home Assistant holds the journal whole, whatever is sent meanwhile."""

import asyncio
from pathlib import Path
import shutil
from unittest.mock import patch

from homeassistant.components.backup import DATA_MANAGER
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway import backup
from custom_components.sms_gateway.const import DOMAIN, JOURNAL_FILE
from custom_components.sms_gateway.gateway import Gateway
from custom_components.sms_gateway.gateway.errors import JournalError
from custom_components.sms_gateway.gateway.reasons import Reason
from simulator.websmpp import Fault, FaultKind, WebsmppSimulator

from .helpers import QUEUED, becomes, send

NUMBERS = [f"+96170{number:06}" for number in range(300)]


def journal(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(JOURNAL_FILE))


def restore(hass: HomeAssistant, folder: Path) -> None:
    """Put the copies in the place of the journal, as a restore does."""
    for suffix in ("", "-wal", "-shm"):
        journal(hass).with_name(f"{JOURNAL_FILE}{suffix}").unlink(missing_ok=True)
    shutil.copytree(folder, journal(hass).parent, dirs_exist_ok=True)


async def broadcast(hass: HomeAssistant) -> None:
    await send(hass, target=NUMBERS, message="Water! " * 20, track=False)


async def test_home_assistant_asks_us_before_and_after(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "backup", {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.data[DATA_MANAGER].platforms[DOMAIN] is backup


async def test_what_was_queued_in_the_midst_of_a_broadcast_goes_out_after_a_restore(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "backup"
    folder.mkdir()
    simulator.accounts["demo"].credit = 10_000
    simulator.faults.add(Fault(kind=FaultKind.HTTP_STATUS))
    await send(hass, message="Fire")
    await backup.async_pre_backup(hass)
    await broadcast(hass)
    await asyncio.to_thread(shutil.copy, journal(hass), folder)
    assert await hass.config_entries.async_reload(account.entry_id)
    await broadcast(hass)
    log = journal(hass).with_name(f"{JOURNAL_FILE}-wal")
    await asyncio.to_thread(shutil.copy, log, folder)
    await backup.async_post_backup(hass)
    await broadcast(hass)
    assert await hass.config_entries.async_unload(account.entry_id)

    await asyncio.to_thread(restore, hass, folder)
    simulator.faults.clear()
    assert await hass.config_entries.async_setup(account.entry_id)
    await simulator.wait_for(lambda s: s.messages_count == 1 + 2 * len(NUMBERS))
    await becomes(hass, QUEUED, "0")
    assert not list(journal(hass).parent.glob("*.corrupt*"))


async def test_a_backup_without_accounts_is_none_of_our_business(
    hass: HomeAssistant,
) -> None:
    await backup.async_pre_backup(hass)
    await backup.async_post_backup(hass)
    assert not await asyncio.to_thread(journal(hass).exists)


async def test_a_journal_that_cannot_be_held_fails_the_backup_in_words(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    error = JournalError(Reason("journal_closed"))
    with (
        patch.object(Gateway, "hold_file", side_effect=error),
        pytest.raises(HomeAssistantError) as raised,
    ):
        await backup.async_pre_backup(hass)
    assert raised.value.translation_key == "journal_closed"
    await backup.async_post_backup(hass)
