from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint import __version__
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.cli import main
from pgfpmlint.config import Config
from pgfpmlint.engine.outcome import Crash, NotEvaluated, Outcome, ReadFile, Skipped
from pgfpmlint.finding.finding import Finding
from pgfpmlint.options import Options
from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.text import Source

FILE = Source("etc/some.conf", "a = é\n")
FILES = (ReadFile("etc/some.conf", "php-fpm", "named so"),)


def found(severity: str) -> Outcome:
    return Outcome((Finding("a/b", severity, "it is é", FILE.place(0, 5), (), (), "", "", None),), files=FILES)


class Run:
    """One run of ``pgfpmlint check`` whose pipeline answers what the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.outcome: Outcome | Exception = Outcome(files=FILES)
        self.asked: tuple[DiskTree, Config, Options] | None = None
        monkeypatch.setattr("pgfpmlint.pipeline.lint", self._lint)

    def _lint(self, tree: DiskTree, config: Config, options: Options) -> Outcome:
        self.asked = tree, config, options
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        code = main(["check", *words])
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err

    @property
    def options(self) -> Options:
        assert self.asked is not None
        return self.asked[2]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    return Run(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("severity", "words", "code"),
    [
        ("error", [], 1),
        ("warning", [], 1),
        ("info", [], 0),
        ("info", ["--fail-on", "info"], 1),
        ("warning", ["--fail-on", "error"], 0),
        ("error", ["--fail-on", "never"], 0),
    ],
)
def test_exit_code(run: Run, severity: str, words: list[str], code: int) -> None:
    run.outcome = found(severity)
    assert run(*words)[0] == code


def test_findings_go_to_standard_output_and_the_rest_to_standard_error(run: Run) -> None:
    run.outcome = found("error")._replace(
        notes=("PHP 8.5 is taken",), not_evaluated=(NotEvaluated("a/c", "no X here"),)
    )
    _, out, err = run("--statistics")
    assert out.startswith("error[a/b]: it is é\n")
    assert err.splitlines() == [
        "     1  error    a/b",
        "PHP 8.5 is taken",
        "1 file: 1 error; 1 rule not evaluated (no X here: 1); --verbose names them",
    ]
    assert run("-q")[2] == ""
    assert "not evaluated: a/c: no X here" in run("-v")[2]


def test_json_is_all_that_standard_output_holds(run: Run) -> None:
    run.outcome = found("warning")
    code, out, err = run("--format", "json")
    assert (code, json.loads(out)["tool"]["version"], err) == (1, __version__, "")


def test_output_file(run: Run, tmp_path: Path) -> None:
    run.outcome = found("warning")
    code, out, err = run("-o", "report.txt", "--color", "auto")
    assert (code, out) == (1, "")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8").startswith("warning[a/b]: it is é")
    code, out, err = run("--output", "nowhere/report.txt")
    assert (code, out) == (2, "")
    assert err == "pgfpmlint: nowhere/report.txt: No such file or directory\n"


def test_colour(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.outcome = found("error")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" not in run()[1]
    assert "\x1b[" in run("--color", "always")[1]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert "\x1b[" in run()[1]
    assert "\x1b[" not in run("--color", "never")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run()[1]


def test_a_terminal_that_knows_ascii_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.outcome = found("error")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["check", "-q"]) == 1
    assert stream.buffer.getvalue().startswith(b"error[a/b]: it is \\xe9\n")


def test_nothing_to_lint_does_not_look_like_nothing_wrong(run: Run) -> None:
    run.outcome = Outcome()
    code, out, err = run()
    assert (code, out) == (2, "")
    assert err == "pgfpmlint: nothing to lint in .; name files with --as KIND, or --allow-empty\n"
    assert run("--allow-empty")[0] == 0


def test_a_broken_rule_makes_the_run_fail_and_the_rest_is_reported(run: Run) -> None:
    run.outcome = found("info")._replace(crashed=(Crash("a/c", "KeyError: 'password=hunter2'"),))
    code, out, err = run("-q")
    assert code == 2
    assert "info[a/b]" in out
    first, advice = err.splitlines()
    assert first == "pgfpmlint: internal error: a/c: KeyError: 'password=********'"
    assert "please report" in advice


def test_an_internal_error_shows_no_traceback_unless_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGFPMLINT_DEBUG", raising=False)
    run.outcome = ZeroDivisionError("nothing to share")
    code, out, err = run()
    assert (code, out) == (2, "")
    first, advice = err.splitlines()
    assert re.fullmatch(
        r"pgfpmlint: internal error: ZeroDivisionError at cli\.py:\d+ > commands/check\.py:\d+ > .*", first
    )
    assert "PGFPMLINT_DEBUG=1" in advice
    monkeypatch.setenv("PGFPMLINT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run()


def test_options_reach_the_pipeline(run: Run, tmp_path: Path) -> None:
    (tmp_path / "some.conf").write_text("")
    (tmp_path / "hosts/db").mkdir(parents=True)
    words = ["--root", "hosts/db", "--as", "php-fpm", "--postgres-version", "16", "--pgbouncer-version", "1.24"]
    code, _, err = run(
        "some.conf", *words, "--select", "hba/,a/b", "--select", "c/d", "--ignore", "e/ f/g", "--pedantic"
    )
    assert (code, err[:6]) == (0, "1 file")
    assert run.options == Options(
        root="hosts/db",
        as_kind="php-fpm",
        versions={
            "postgresql": ServerVersion("postgresql", (16,), "--postgres-version"),
            "pgbouncer": ServerVersion("pgbouncer", (1, 24), "--pgbouncer-version"),
        },
        select=("hba/", "a/b", "c/d"),
        ignore=("e/", "f/g"),
        pedantic=True,
    )


def test_standard_input_stands_for_a_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"port = 1\n")))
    assert run("-", "--stdin-filename", "etc/postgresql.conf")[0] == 0
    assert run.asked is not None
    assert [entry.path for entry in run.asked[0].files()] == ["etc/postgresql.conf"]


def test_the_configuration_is_found_or_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".pgfpmlint.yaml").write_text("rules: {strict: true}\n")
    (tmp_path / "other.yaml").write_text("{}\n")
    run()
    assert run.asked is not None
    assert run.asked[1].rules.strict
    run("--config", "other.yaml")
    assert not run.asked[1].rules.strict


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere"], "pgfpmlint: nowhere: no such file or folder\n"),
        (["-"], "pgfpmlint: - needs --stdin-filename: which file does standard input stand for?\n"),
        ([".", "--stdin-filename", "x"], "pgfpmlint: --stdin-filename needs - among the paths\n"),
        (["--php-version", "new"], "pgfpmlint: --php-version: 'new' is no PHP version; write it like 8.5\n"),
        (["--config", "no.yaml"], "pgfpmlint: no.yaml: No such file or directory; name a readable file, or leave"),
        (["--root", "nowhere"], "pgfpmlint: --root nowhere: no such folder\n"),
        (["--select", ""], "pgfpmlint: --select names no rule\n"),
        (["--ignore", " , "], "pgfpmlint: --ignore names no rule\n"),
        (["--format", "xml"], "usage: pgfpmlint check"),
        (["--as", "nginx"], "usage: pgfpmlint check"),
        (["--no-such-option"], "usage: pgfpmlint "),
    ],
)
def test_what_cannot_be_done_is_said_and_exits_with_2(run: Run, words: list[str], says: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith(says)


def test_what_keeps_a_named_file_from_being_linted_is_said(run: Run) -> None:
    run.outcome = Outcome(skipped=(Skipped("www.conf.j2", "php-fpm", "a template (.j2)", named=True),))
    code, _, err = run()
    assert (code, err) == (
        2,
        "pgfpmlint: nothing to lint: www.conf.j2: a template (.j2); name files with --as KIND, or --allow-empty\n",
    )


def test_a_file_behind_a_closed_door_is_not_said_to_be_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs as root finds no door closed, hence the pretence."""

    def denied(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.lstat", denied)
    assert run("secret/x.conf") == (2, "", "pgfpmlint: secret/x.conf: Permission denied\n")


def test_show_files(run: Run) -> None:
    run.outcome = found("error")
    assert run("--show-files") == (0, "etc/some.conf: php-fpm (named so)\n", "")


def test_select_is_checked_by_the_real_pipeline_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--select", "files/unreadabel"]) == 2
    assert "did you mean files/unreadable?" in capsys.readouterr().err


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["check", "--help"]):
        assert main(words) == 0
        assert "usage: pgfpmlint" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pgfpmlint {__version__}\n"
    for wrong in ([], ["chek"], ["--color", "never"]):
        assert main(wrong) == 2
        captured: Any = capsys.readouterr()
        assert (captured.out, captured.err[:6]) == ("", "usage:")
