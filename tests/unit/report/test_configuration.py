from __future__ import annotations

from pathlib import Path

import pytest

from pgfpmlint.cli import main

WRITTEN = """\
versions: {postgres: 16}
hosts: {web: {root: web, count: 3, memory: 8GB, addresses: [10.0.0.1]}}
policy: {headroom: 25%}
rules:
  ignore: [timeouts/, postgres/fsync-off]
  severity: {hba/host-without-tls: error}
  params: {capacity/headroom-below-target: {target: 15%}}
  overrides: [{paths: [legacy/], ignore: [hba/]}]
files: {exclude: [old/]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "web").mkdir()
    (tmp_path / "db").mkdir()
    (tmp_path / "db/postgresql.conf").write_text("port = 5432\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_word_with_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".pgfpmlint.yaml").write_text(WRITTEN)
    assert main(["check", "--explain-config", "--ignore", "sql/"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "configuration: .pgfpmlint.yaml; paths in it start from the working directory"
    for line in (
        "  PostgreSQL 16: versions: in .pgfpmlint.yaml:1",
        "  host web: root web, 3 machines, 8GB memory, 10.0.0.1  .pgfpmlint.yaml:2",
        "  headroom: 25%  .pgfpmlint.yaml:3",
        "  off: timeouts/ (rules.ignore)  .pgfpmlint.yaml:5",
        "  off: postgres/fsync-off (rules.ignore)  .pgfpmlint.yaml:5",
        "  error instead of warning: hba/host-without-tls  .pgfpmlint.yaml:6",
        "  capacity/headroom-below-target: target is 15% instead of 20%  .pgfpmlint.yaml:7",
        "  otherwise in legacy/: ignore hba/  .pgfpmlint.yaml:8",
        "  passed over: old/  .pgfpmlint.yaml:9",
        "  --ignore sql/",
    ):
        assert line in lines
    (head,) = [line for line in lines if line.startswith("rules: ")]
    run, known = (int(word) for word in head.split() if word.isdigit())
    assert 0 < run < known
    assert [line for line in lines if "of level pedantic" in line]


def test_the_command_line_wins(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".pgfpmlint.yaml").write_text("rules: {ignore: [postgres/fsync-off]}\n")
    assert main(["check", "--explain-config", "--select", "postgres/fsync-off", "--pedantic", "--preview"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].startswith("rules: 1 of ")
    assert "  on: postgres/fsync-off (rules.ignore)  .pgfpmlint.yaml:1" in lines
    assert not [line for line in lines if "of level" in line]


def test_without_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain-config"]) == 0
    assert capsys.readouterr().out.startswith("configuration: none; everything is told from the files")


def test_a_word_that_means_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".pgfpmlint.yaml").write_text("rules: {ignore: [postgres/fsink-off]}\n")
    assert main(["check", "--explain-config"]) == 2
    assert "did you mean postgres/fsync-off?" in capsys.readouterr().err
