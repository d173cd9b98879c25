"""docs/ci.md: each snippet is well formed, and what it runs does what it says, as far as it can without the service.

The commands run as they are written there, on the example, in an environment like the service's."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pgfpmlint.report import REPORTERS
from reports import problems

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/ci.md").read_text()
FENCES = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def snippet(name: str) -> str:
    (text,) = (text for _, text in FENCES if text.splitlines()[0].endswith(name))
    return str(text)


def job(name: str) -> Any:
    return YAML(typ="safe").load(snippet(name))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples/webshop", tmp_path / "shop"))


def run(command: str, folder: Path, **service: str) -> subprocess.CompletedProcess[str]:
    """The command in a shell, as a runner does it; ``pgfpmlint`` is this checkout's."""
    binaries = folder.parent / "bin"
    binaries.mkdir(exist_ok=True)
    program = binaries / "pgfpmlint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pgfpmlint "$@"\n')
    program.chmod(0o755)
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "src"), **service},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_every_format_is_in_the_table() -> None:
    assert re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE) == [
        "text", "json", "github", "sarif", "gitlab", "junit", "rdjson"
    ]  # fmt: skip
    assert {*REPORTERS} == {*re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)}


@pytest.mark.parametrize("text", [text for language, text in FENCES if language == "sh"])
def test_commands(text: str, shop: Path) -> None:
    """The clone that ``--changed`` asks about has a branch that changed one file."""
    for step in (
        "init -q -b main",
        "add -A",
        "commit -q -m all",
        "branch origin/main",
        "rm -q --cached .pgfpmlint.yaml",
    ):
        assert run(f"git -c user.name=tester -c user.email=t@example.org {step}", shop).returncode == 0
    done = run(text, shop)
    assert done.returncode == 1, done.stderr
    for format_, name in re.findall(r"--format (\w+) -o (\S+)", text):
        assert problems(format_, (shop / name).read_text()) == []


def test_github(shop: Path) -> None:
    (steps,) = (job["steps"] for job in job("workflows/pgfpmlint.yml")["jobs"].values())
    (command,) = (step["run"] for step in steps if "pgfpmlint check" in step.get("run", ""))
    upload = steps[-1]
    assert upload["uses"].startswith("github/codeql-action/upload-sarif@")
    done = run(command, shop, GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(shop))
    assert done.returncode == 1
    annotations = [line for line in done.stdout.splitlines() if line.startswith("::") and not line.startswith(":::")]
    assert [line.partition(" ")[0] for line in annotations] == ["::warning", "::warning", "::error"]
    sarif = (shop / upload["with"]["sarif_file"]).read_text()
    assert problems("sarif", sarif) == []
    assert len(json.loads(sarif)["runs"][0]["results"]) == 3


def test_github_without_a_format(shop: Path) -> None:
    done = run("pgfpmlint check", shop, GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(shop))
    assert done.stdout.count("\n::error file=hosts/web/etc/php/8.3/fpm/pool.d/www.conf,line=10,") == 1


def test_gitlab(shop: Path) -> None:
    (described,) = job(".gitlab-ci.yml").values()
    report = described["artifacts"]["reports"]["codequality"]
    done = run(described["script"][-1], shop, GITLAB_CI="true", CI_PROJECT_DIR=str(shop))
    assert done.returncode == 1
    assert problems("gitlab", (shop / report).read_text()) == []
    assert {entry["severity"] for entry in json.loads((shop / report).read_text())} == {"critical", "major"}
    assert described["artifacts"]["when"] == "always"


def test_jenkins(shop: Path) -> None:
    text = snippet("Jenkinsfile")
    assert text.count("{") == text.count("}")
    *_, command = re.findall(r"sh '(.*)'", text)
    (report,) = re.findall(r"junit '(.*)'", text)
    assert run(command, shop).returncode == 1
    assert problems("junit", (shop / report).read_text()) == []


def test_reviewdog(shop: Path) -> None:
    (steps,) = (job["steps"] for job in job("reviewdog.yml")["jobs"].values())
    command, pipe, reader = steps[-1]["run"].partition(" | ")
    assert pipe
    assert reader.startswith("reviewdog -f=rdjson ")
    done = run(command, shop)
    assert (done.returncode, done.stderr) == (0, "")
    assert problems("rdjson", done.stdout) == []
