"""The released zip, in a Home Assistant that knows nothing of the checkout."""

from pathlib import Path
import subprocess
from zipfile import ZipFile

import pytest

from demo.accounts import add_websmpp_account
from demo.api import HomeApi
from demo.home import running_home
from simulator.websmpp import WebsmppSimulator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, freshly built."""
    target = tmp_path_factory.mktemp("dist") / "sms_gateway.zip"
    subprocess.run([ROOT / "scripts" / "package", target], check=True)
    return target


def test_it_holds_the_gateway_as_real_files_at_the_top(package: Path) -> None:
    with ZipFile(package) as archive:
        names = archive.namelist()
    assert {"manifest.json", "LICENSE", "gateway/__init__.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or "simulator" in name]


def test_the_same_tree_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    subprocess.run([ROOT / "scripts" / "package", again], check=True)
    assert again.read_bytes() == package.read_bytes()


async def test_it_boots_and_sends(
    package: Path, folder: Path, port: int, provider: WebsmppSimulator
) -> None:
    component = folder / "custom_components" / "sms_gateway"
    with ZipFile(package) as archive:
        archive.extractall(component)

    async with running_home(folder, port) as url, HomeApi(url) as api:
        await api.onboard("demo", "demo")
        entry = await add_websmpp_account(api, provider.base_url, "demo", "demo")
        answer = await api.action(
            "sms_gateway.send_message",
            {"target": "+9613000111", "message": "from the zip"},
        )

    assert entry.state == "loaded"
    assert answer["messages"][0]["state"] == "accepted"
    assert provider.messages.to("9613000111")[0].text == "from the zip"
