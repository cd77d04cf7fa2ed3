"""The released zip."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from .conftest import build_package

pytestmark = pytest.mark.e2e


def test_it_holds_the_gateway_as_real_files_at_the_top(package: Path) -> None:
    with ZipFile(package) as archive:
        names = archive.namelist()
    assert {"manifest.json", "LICENSE", "gateway/__init__.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or "simulator" in name]


def test_the_same_tree_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    assert build_package(tmp_path / "again.zip").read_bytes() == package.read_bytes()
