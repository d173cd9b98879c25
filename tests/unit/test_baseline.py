"""What a baseline keeps quiet, and for how long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgfpmlint.cli import main

CONF = "etc/postgresql/16/main/postgresql.conf"
POOLER = "etc/pgbouncer/pgbouncer.ini"


class Repository:
    """A folder that is linted, and what was said of it last."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.said = ""

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def check(self, *words: str) -> list[tuple[str, int]]:
        """The rules of the findings, with their lines; ``code`` and ``said`` are the rest."""
        self.code = main(["check", "--format", "json", *words])
        captured = self._capsys.readouterr()
        self.said = captured.err
        return [(one["rule"], one["line"]) for one in json.loads(captured.out or '{"findings": []}')["findings"]]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    monkeypatch.chdir(tmp_path)
    repository = Repository(tmp_path, capsys)
    repository.write(CONF, "fsync = off\n")
    return repository


def test_known_findings_stay_quiet_wherever_their_lines_move(repository: Repository) -> None:
    assert repository.check("--write-baseline", "known.json") == []
    assert repository.code == 0
    repository.write(CONF, "# moved\n\nfsync = off\n")
    assert repository.check("--baseline", "known.json") == []
    assert repository.code == 0
    assert repository.said.count("known.json") == 0


def test_a_second_line_like_a_known_one_is_new(repository: Repository) -> None:
    repository.check("--write-baseline", "known.json")
    repository.write("etc/postgresql/15/main/postgresql.conf", "fsync = off\n")
    assert repository.check("--baseline", "known.json") == [("postgres/fsync-off", 1)]
    assert repository.code == 1


def test_a_changed_line_is_new(repository: Repository) -> None:
    repository.check("--write-baseline", "known.json")
    repository.write(CONF, "fsync = false\n")
    assert repository.check("--baseline", "known.json") == [("postgres/fsync-off", 1)]
    assert f"postgres/fsync-off is gone from {CONF}: fsync = off" in repository.said


def test_entries_that_are_gone_are_named(repository: Repository) -> None:
    repository.check("--write-baseline", "known.json")
    repository.write(CONF, "fsync = on\n")
    assert repository.check("--baseline", "known.json") == []
    assert repository.code == 0
    assert f"known.json: postgres/fsync-off is gone from {CONF}: fsync = off" in repository.said


def test_entries_of_a_file_that_is_gone_are_named(repository: Repository) -> None:
    repository.write("etc/postgresql/15/main/postgresql.conf", "fsync = off\n")
    repository.check("--write-baseline", "known.json")
    (repository.folder / CONF).unlink()
    assert repository.check("--baseline", "known.json") == []
    assert f"postgres/fsync-off is gone from {CONF}" in repository.said


@pytest.mark.parametrize("words", [["etc/postgresql/15"], ["--ignore", "postgres/fsync-off"]])
def test_what_was_not_looked_at_is_not_gone(repository: Repository, words: list[str]) -> None:
    repository.write("etc/postgresql/15/main/postgresql.conf", "work_mem = 8MB\n")
    repository.check("--write-baseline", "known.json")
    repository.check("--baseline", "known.json", *words)
    assert "gone" not in repository.said


def test_a_baseline_in_another_folder_names_the_same_files(repository: Repository) -> None:
    (repository.folder / "ci").mkdir()
    repository.check("--write-baseline", "ci/known.json")
    assert repository.check("--baseline", "ci/known.json") == []
    entries = json.loads((repository.folder / "ci/known.json").read_text())["entries"]
    assert [entry["path"] for entry in entries] == [f"../{CONF}"]


def test_no_secret_gets_into_it(repository: Repository) -> None:
    repository.write(POOLER, "[databases]\nshop = host=db port=x password=hunter22\n[pgbouncer]\nlisten_port = 6432\n")
    repository.check("--write-baseline", "known.json")
    held = (repository.folder / "known.json").read_text()
    assert "shop = host=db" in held
    assert "hunter22" not in held


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "known.json: No such file or directory; --write-baseline known.json makes it"),
        ("", "known.json: not JSON"),
        ("[]", "known.json: no baseline"),
        ('{"schema": 1, "entries": [{"rule": 1}]}', "known.json: no baseline"),
        ('{"schema": 9, "entries": []}', "known.json: schema 9"),
    ],
)
def test_a_baseline_that_is_none_is_an_error(repository: Repository, text: str | None, says: str) -> None:
    if text is not None:
        repository.write("known.json", text)
    repository.check("--baseline", "known.json")
    assert repository.code == 2
    assert says in repository.said
