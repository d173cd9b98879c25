from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from editor.client import ROOT


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of examples/webshop."""
    shutil.copytree(ROOT / "examples/webshop", tmp_path / "shop")
    return tmp_path / "shop"
