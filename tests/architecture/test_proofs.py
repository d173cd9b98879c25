"""What definitions say of their proofs is so."""

from __future__ import annotations

import ast
from pathlib import Path

from tool import tool

ROOT = Path(__file__).parents[2]

TOOL = tool("list_proofs")
DEFINITIONS = TOOL.definitions()


def _tests(path: Path) -> set[str]:
    """The tests of a module, if all of them are marked as needing servers."""
    body = ast.parse(path.read_text()).body
    marks = [ast.unparse(one.value) for one in body if isinstance(one, ast.Assign) and "pytestmark" in ast.unparse(one)]
    assert any("pytest.mark.server" in mark for mark in marks), f"{path.name} has no pytestmark = pytest.mark.server"
    return {one.name for one in body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}


def test_every_named_proof_is_there() -> None:
    named = {one["proof"] for one in DEFINITIONS.values() if "::" in one.get("proof", "")}
    folder = ROOT / TOOL.PROOFS
    there = {f"{path.name}::{test}" for path in folder.glob("test_*.py") for test in _tests(path)}
    assert named - there == set()


def test_the_page_is_fresh() -> None:
    """After a change to rules/: make proofs."""
    assert TOOL.PAGE.read_text(encoding="utf-8") == TOOL.page(DEFINITIONS)
