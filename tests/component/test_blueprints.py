"""The blueprints: that Home Assistant takes them, with their inputs."""

from pathlib import Path

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint import BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.util.yaml import load_yaml_dict
import pytest

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
