"""The house stays readable: rooms of a size, tests where one looks for them, nothing that only one machine has."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LARGEST = 350
LARGEST_MEDIAN = 120

# A room has a noun of the domain or a stage for a name.
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "misc"}


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_size(path: Path) -> None:
    assert _lines(path) <= LARGEST


def test_usual_size() -> None:
    assert median(_lines(path) for path in SOURCES) <= LARGEST_MEDIAN


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_name(path: Path) -> None:
    assert not FORBIDDEN_NAMES & {*path.relative_to(ROOT).parts, path.stem}


def test_unit_tests_mirror_the_package() -> None:
    folders = {path.relative_to(ROOT / "tests/unit") for path in (ROOT / "tests/unit").rglob("*") if path.is_dir()}
    strangers = {
        str(folder)
        for folder in folders
        if "__pycache__" not in folder.parts and not (ROOT / "src/pgfpmlint" / folder).is_dir()
    }
    assert not strangers


def test_nothing_outside_the_repository_is_read() -> None:
    """The project's own files are all that it is built, tested and run from."""
    outside = re.compile(r"\.\./shared\b|/work/")
    folders = ("src", "tests", "tools", "rules", "examples", ".ci")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    text = {path: path.read_text("utf-8", "replace") for path in files if path.suffix != ".pyc"}
    assert not [_name(path) for path, content in text.items() if outside.search(content) and path != Path(__file__)]
