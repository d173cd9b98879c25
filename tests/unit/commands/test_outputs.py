"""Which reports a run writes, and where."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from pgfpmlint.cli import main

CONF = "etc/postgresql/16/main/postgresql.conf"


class Run:
    """``pgfpmlint check`` on one file with one fault."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        (folder / CONF).parent.mkdir(parents=True)
        (folder / CONF).write_text("fsync = off\n")

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        code = main(["check", *words])
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    return Run(tmp_path, capsys)


def test_several_at_once(run: Run) -> None:
    words = ["--format", "sarif", "-o", "a.sarif", "--format", "text", "--format", "gitlab", "--output", "b.json"]
    code, out, err = run(*words)
    assert code == 1
    assert out.startswith("warning[postgres/fsync-off]")
    assert err.splitlines()[-1].startswith("1 file, 1 host: 1 warning")
    assert json.loads(Path("a.sarif").read_text())["version"] == "2.1.0"
    assert json.loads(Path("b.json").read_text())[0]["check_name"] == "postgres/fsync-off"


@pytest.mark.parametrize("words", [["-o", "x"], ["--format", "text", "-o", "x"], ["-o", "x", "--format", "text"]])
def test_a_file_belongs_to_the_format_before_it_or_to_the_only_one(run: Run, words: list[str]) -> None:
    code, out, _ = run(*words)
    assert (code, out) == (1, "")
    assert Path("x").read_text().startswith("warning[postgres/fsync-off]")


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "github", "gitlab", "junit", "rdjson"])
def test_the_exit_code_is_the_same_for_all(run: Run, format_: str) -> None:
    assert run("--format", format_)[0] == 1
    assert run("--format", format_, "--fail-on", "never")[0] == 0
    assert run("--format", format_, "--postgres-version", "x")[0] == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--format json --format text", "--format json and --format text would both go to standard output"),
        ("--format text --format text", "--format text and --format text would both go to standard output"),
        ("--format json -o x --format text -o x", "-o x: two reports can't go to one file"),
        ("--format json -o no/x", "no/x: No such file or directory"),
        ("--format json -o etc", "etc: Is a directory"),
    ],
)
def test_what_can_not_be_done(run: Run, words: str, says: str) -> None:
    code, out, err = run(*words.split())
    assert (code, out) == (2, "")
    assert err.startswith(f"pgfpmlint: {says}")


def test_machines_get_nothing_but_the_report(run: Run) -> None:
    assert run("--format", "junit")[2] == ""
    assert run("--format", "github")[2] != ""


def test_annotations_under_github_actions(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    _, out, _ = run()
    assert out.startswith("warning[postgres/fsync-off]")
    assert out.splitlines()[-1].startswith(f"::warning file={CONF},line=1,")
    assert run("--format", "text")[1].count("::warning") == 0
    assert json.loads(run("--format", "json")[1])["schema"] == 1
    monkeypatch.chdir("etc")
    assert f"::warning file={CONF},line=1," in run()[1]
    assert f'"uri": "{CONF}"' in run("--format", "sarif")[1]


def test_paths_under_gitlab(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    monkeypatch.chdir("etc")
    assert json.loads(run("--format", "gitlab")[1])[0]["location"]["path"] == CONF
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path / "elsewhere"))
    assert json.loads(run("--format", "gitlab")[1])[0]["location"]["path"] == CONF.removeprefix("etc/")


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Path("report.json")
    target.write_text("old")
    target.chmod(0o640)
    Path("link.json").symlink_to(target)
    run("--format", "json", "-o", "link.json")
    assert Path("link.json").is_symlink()
    assert json.loads(target.read_text())["schema"] == 1
    assert stat.S_IMODE(target.stat().st_mode) == 0o640

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device", source)

    monkeypatch.setattr("os.replace", full)
    before = target.read_text()
    code, _, err = run("--format", "text", "-o", "report.json")
    assert (code, err) == (2, "pgfpmlint: report.json: No space left on device\n")
    assert target.read_text() == before
    assert sorted(os.listdir()) == ["etc", "link.json", "report.json"]


def test_a_device_is_written_to(run: Run) -> None:
    assert run("-o", "/dev/null")[:2] == (1, "")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("format_", ["text", "json", "sarif"])
def test_jobs_change_nothing(run: Run, format_: str) -> None:
    assert run("--format", format_, "--jobs", "7") == run("--format", format_)
    assert run("--jobs", "0")[2].endswith("argument --jobs: '0' is no number of jobs\n")
