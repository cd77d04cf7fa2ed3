"""The blueprints: that Home Assistant takes them, with their inputs."""

import asyncio
from pathlib import Path
import shutil

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint import BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.websmpp import WebsmppSimulator

ROOT = Path(__file__).parents[2] / "blueprints"
BLUEPRINTS = sorted(ROOT.rglob("*.yaml"))


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_it_is_valid(path: Path) -> None:
    domain = path.relative_to(ROOT).parts[0]
    schema = {
        "automation": AUTOMATION_BLUEPRINT_SCHEMA,
        "script": BLUEPRINT_SCHEMA,
    }[domain]
    blueprint = Blueprint(
        load_yaml_dict(str(path)), expected_domain=domain, schema=schema
    )
    assert blueprint.validate() is None
    assert blueprint.inputs


async def use_script(hass: HomeAssistant, account: MockConfigEntry, yaml: str) -> None:
    """Make a script of the blueprint, with inputs as YAML reads them."""
    folder = Path(hass.config.path("blueprints/script/sms_gateway"))
    blueprint = ROOT / "script/sms_gateway/send_until_delivered.yaml"
    await asyncio.to_thread(folder.mkdir, parents=True)
    await asyncio.to_thread(shutil.copy, blueprint, folder)
    inputs = parse_yaml(yaml)
    assert isinstance(inputs, dict)
    use = {
        "path": "sms_gateway/send_until_delivered.yaml",
        "input": {"account": account.entry_id, **inputs},
    }
    script = {"alarm": {"use_blueprint": use}}
    assert await async_setup_component(hass, "script", {"script": script})


async def run_script(hass: HomeAssistant) -> None:
    await hass.services.async_call(
        "script", "alarm", {"message": "Fire"}, blocking=True
    )


@pytest.mark.parametrize("number", ['"+9613123456"', "+9613123456", '"03 123 456"'])
async def test_a_number_reaches_the_provider_as_it_is_meant(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    number: str,
) -> None:
    await use_script(hass, account, f"numbers: [{number}]\npatience: 0:00:00.01")
    await run_script(hass)
    assert [each.destination for each in simulator.messages] == ["9613123456"]


async def test_a_number_that_yaml_has_changed_reaches_nobody(
    hass: HomeAssistant, account: MockConfigEntry, simulator: WebsmppSimulator
) -> None:
    await use_script(hass, account, "numbers: [03123456]\npatience: 0:00:00.01")
    await run_script(hass)
    assert simulator.messages_count == 0
