"""Who imports whom: the contracts of pyproject.toml, and what they can't say."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/pgfpmlint"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each costs a run more than it may: milliseconds at every start, for what most runs don't need.
HEAVY = {
    "asyncio", "dataclasses", "difflib", "importlib.metadata", "importlib.resources", "inspect", "ipaddress",
    "logging", "pathlib", "pglast", "ruamel", "ruamel.yaml", "shutil", "subprocess", "tempfile", "textwrap",
}  # fmt: skip

# Runs when the package is built, never when a tree is linted.
BUILD_TIME = {"commands/manual.py", "registry/compile.py", "registry/validate.py"}

# Loaded by `pgfpmlint lsp` alone, which then runs for a day.
LONG_LIVED = sorted((PACKAGE / "lsp").glob("*.py"))

HEAVY_ITSELF = [*(PACKAGE / name for name in BUILD_TIME), *LONG_LIVED]


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _top_level(path: Path) -> Iterator[ast.stmt]:
    """Statements that run when the module is imported, those under ``if TYPE_CHECKING`` left out."""
    pending: list[ast.stmt] = list(ast.parse(path.read_text()).body)
    while pending:
        node = pending.pop(0)
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            pending += node.body + node.orelse
        elif isinstance(node, ast.Try):
            pending += node.body


def _imported(nodes: Iterator[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_contracts() -> None:
    lint_imports = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run(
        [lint_imports, "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_cycles() -> None:
    graph = grimp.build_graph("pgfpmlint", exclude_type_checking_imports=True, cache_dir=None)
    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()


@pytest.mark.parametrize("path", [path for path in MODULES if path not in HEAVY_ITSELF], ids=_name)
def test_starts_light(path: Path) -> None:
    assert not HEAVY & set(_imported(_top_level(path)))


def test_nothing_but_its_command_loads_the_language_server() -> None:
    loading = {
        _name(path)
        for path in MODULES
        if path not in LONG_LIVED
        for name in _imported(ast.walk(ast.parse(path.read_text())))
        if name.startswith(("pgfpmlint.lsp", "pygls", "lsprotocol"))
    }
    assert loading == {"commands/lsp.py"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "checks").rglob("*.py")), ids=_name)
def test_checks_stand_alone(path: Path) -> None:
    """A check uses no other check, and of a reading only its types: what two checks need belongs to the model."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom):
            assert not isinstance(node, ast.Import) or not any("pgfpmlint" in alias.name for alias in node.names)
        elif node.module:
            assert not node.module.startswith("pgfpmlint.checks")
            if node.module.startswith("pgfpmlint.resolve"):
                module = importlib.import_module(node.module)
                found = {alias.name: getattr(module, alias.name) for alias in node.names}
                assert not [
                    name for name, value in found.items() if inspect.isfunction(value) or inspect.ismodule(value)
                ]
