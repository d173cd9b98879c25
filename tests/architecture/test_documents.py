"""What the documents say is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pgfpmlint.catalog.version import NEWEST, OLDEST
from pgfpmlint.registry.declarative import KINDS
from pgfpmlint.registry.definition import FAMILIES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
PYPROJECT = (ROOT / "pyproject.toml").read_text()


def test_the_finding_is_printed_like_that() -> None:
    """After a change to the wording, paste what `make demo` prints."""
    block = README.split("```\n")[1]
    run = subprocess.run(
        [sys.executable, "-m", "pgfpmlint", "check"],
        cwd=ROOT / "examples/webshop",
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert block in run.stdout


def test_the_rules_named_in_it_are_rules() -> None:
    """A configuration with an id that nobody knows is refused: whoever copies the example must not meet that."""
    named = set(re.findall(rf"(?<![\w/.])(?:{'|'.join(FAMILIES)})/[a-z-]+(?![\w/.])", README))
    assert named
    assert named <= {f"{path.parent.name}/{path.stem}" for path in (ROOT / "rules").glob("*/*.yaml")}


def test_the_budget_is_printed_like_that() -> None:
    block = README.split("## Where the connections go")[1].split("```\n")[1]
    assert block in (ROOT / "tests/deployments/webshop-budget.txt").read_text()


def test_the_path_is_printed_like_that() -> None:
    block = README.split("## Who gets in")[1].split("```\n")[1]
    assert block in (ROOT / "tests/deployments/webshop-trace.txt").read_text()


def test_the_record_is_printed_like_that() -> None:
    command, *shown = README.split("## Who gets in")[1].split("```\n")[3].splitlines()
    run = subprocess.run(
        [sys.executable, "-m", *command.split()[1:]],
        cwd=ROOT / "examples/webshop",
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, run.stdout.splitlines()) == (0, shown)


@pytest.mark.parametrize(
    ("name", "product"), [("PostgreSQL", "postgresql"), ("PHP", "php"), ("PgBouncer", "pgbouncer")]
)
def test_versions(name: str, product: str) -> None:
    oldest, newest = (".".join(map(str, versions[product])) for versions in (OLDEST, NEWEST))
    assert f"({name} {oldest} to {newest})" in " ".join(README.split())


def test_commands_of_the_makefile() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"^make (\w+)|`make (\w+)(?: (\w+))?`", README + CONTRIBUTING, re.MULTILINE))
    assert {target for found in named for target in found if target} <= targets


def test_rooms_in_the_picture() -> None:
    picture = CONTRIBUTING.split("```\n")[1]
    drawn = set(re.findall(r"^    (\w+)/", picture.split("src/pgfpmlint/\n")[1].split("tests/\n")[0], re.MULTILINE))
    there = {path.name for path in (ROOT / "src/pgfpmlint").iterdir() if (path / "__init__.py").exists()}
    assert drawn == there


def test_each_dependency_has_its_reason() -> None:
    rows = re.findall(r"^\| ([\w., -]+) \|", CONTRIBUTING, re.MULTILINE)
    told = {name for row in rows for name in row.split(", ")} - {"package"}
    (declared,) = re.findall(r"^dependencies = \[(.*?)^\]$", PYPROJECT, re.MULTILINE | re.DOTALL)
    extras = PYPROJECT.split("[project.optional-dependencies]\n")[1].split("dev = [")[0]
    assert told == set(re.findall(r'"([\w.-]+?)[><=~!]', declared + extras))
    dev = PYPROJECT.split("\ndev = [\n")[1].split("]")[0]
    reasons = CONTRIBUTING.split("For development:")[1]
    assert not [name for name in re.findall(r'"([\w.-]+?)[><=~!]', dev) if name not in reasons]


def test_the_rule_of_the_recipe_is_a_rule() -> None:
    recipe = CONTRIBUTING.split("### One rule, from start to end")[1].split("\n## ")[0]
    (name,) = set(re.findall(r"`(rules/[\w/-]+\.yaml)`", recipe))
    assert recipe.split("```yaml\n")[1].split("```\n")[0] == (ROOT / name).read_text()


def test_the_recipe_names_every_kind_of_declarative_check() -> None:
    recipe = CONTRIBUTING.split("### One rule, from start to end")[1].split("\n## ")[0]
    assert [kind for kind in KINDS if f"`{kind}`" not in recipe] == []
