"""The wheel as users get it: complete, and quick to start."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Only what needs them may pay for them.
HEAVY = ("dataclasses", "inspect", "ipaddress", "logging", "pathlib", "pglast", "ruamel", "subprocess", "tempfile")


def _pythons() -> list[str]:
    """This interpreter; with PGFPMLINT_EVERY_PYTHON=1 the newest of every supported version on this machine."""
    if os.environ.get("PGFPMLINT_EVERY_PYTHON") != "1":
        return [sys.executable]
    roots = ("/usr/bin", "/usr/local/bin", os.path.expanduser("~/.pyenv/versions/*/bin"))
    places = [place for root in roots for place in glob.glob(f"{root}/python3.[0-9]*")]
    found: dict[str, str] = {}
    for place in sorted(places):
        version = os.path.basename(place)
        if version.removeprefix("python3.").isdigit() and int(version.removeprefix("python3.")) >= 10:
            probe = subprocess.run([place, "-c", "import ensurepip, venv"], capture_output=True, check=False)
            if probe.returncode == 0:
                found[version] = place
    return list(found.values())


def _run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: the build writes the compiled rule book, which other tests may be reading."""
    out = tmp_path_factory.mktemp("dist")
    copy = tmp_path_factory.mktemp("copy") / "pgfpmlint"
    passed_over = shutil.ignore_patterns(".*", "__pycache__", "tests", "dist", "build")
    shutil.copytree(ROOT, copy, ignore=passed_over)
    run = _run(sys.executable, "-m", "build", "--wheel", "--outdir", out, copy)
    if run.returncode and ("ConnectionError" in run.stdout + run.stderr or "Could not find a version" in run.stderr):
        pytest.skip("pip can't reach a package index for the build's own environment")
    assert run.returncode == 0, run.stdout + run.stderr
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "etc/postgresql/16/main"
    folder.mkdir(parents=True)
    (folder / "postgresql.conf").write_text("max_connections = 100\nfsync = off\n")
    (folder / "pg_hba.conf").write_text("local all all peer\n")
    return tmp_path


def test_holds_what_it_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "pgfpmlint/registry/data/rulebook.json",
        "pgfpmlint/registry/data/pages.json",
        "pgfpmlint/py.typed",
    } <= names
    data = ROOT / "src/pgfpmlint/catalog/data"
    assert {f"pgfpmlint/catalog/data/{path.relative_to(data)}" for path in data.rglob("*.json")} <= names
    assert not [name for name in names if name.startswith(("tests/", "rules/", "tools/")) or name.endswith(".pyc")]


@pytest.mark.parametrize("python", _pythons(), ids=os.path.basename)
def test_installs_and_lints(python: str, wheel: Path, tree: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    assert _run(python, "-m", "venv", venv).returncode == 0
    install = _run(venv / "bin/python", "-m", "pip", "install", "--quiet", wheel)
    assert install.returncode == 0, install.stderr

    version = _run(venv / "bin/pgfpmlint", "--version", cwd=tree)
    assert version.returncode == 0, version.stderr
    assert wheel.name.split("-")[1] in version.stdout

    check = _run(venv / "bin/pgfpmlint", "check", cwd=tree)
    assert check.returncode == 1, check.stdout + check.stderr
    assert "postgres/fsync-off" in check.stdout

    completion = _run(venv / "bin/pgfpmlint", "completion", "bash", cwd=tree)
    assert "hba/host-without-tls" in completion.stdout, completion.stderr
    assert ".SH EXIT STATUS" in (venv / "share/man/man1/pgfpmlint.1").read_text()

    code = "import sys; from pgfpmlint.cli import main; main(['check']); print(*sys.modules, file=sys.stderr)"
    modules = _run(venv / "bin/python", "-c", code, cwd=tree).stderr.split()
    assert not {module for module in modules if module.partition(".")[0] in HEAVY}
