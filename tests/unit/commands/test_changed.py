"""``check --changed``: the findings that a change touches, in repositories of every state that git knows."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from pgfpmlint.cli import main

# Two deployments that know nothing of each other, and a machine on its own. Each has a fault in postgresql.conf.
FILES = {
    "one/web/etc/php/8.3/fpm/php-fpm.conf": "[global]\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
    "one/web/etc/php/8.3/fpm/pool.d/www.conf": "[www]\nuser = www-data\nlisten = /run/a.sock\npm = static\n"
    "pm.max_children = 5\nenv[DB_HOST] = db.one\n",
    "one/db/etc/postgresql/16/main/postgresql.conf": "fsync = off\nlisten_addresses = '*'\n",
    "two/web/etc/php/8.3/fpm/php-fpm.conf": "[global]\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
    "two/web/etc/php/8.3/fpm/pool.d/www.conf": "[www]\nuser = www-data\nlisten = /run/a.sock\npm = static\n"
    "pm.max_children = 5\nenv[DB_HOST] = db.two\n",
    "two/db/etc/postgresql/16/main/postgresql.conf": "fsync = off\nlisten_addresses = '*'\n",
    "lone/etc/postgresql/16/main/postgresql.conf": "fsync = off\n",
    ".pgfpmlint.yaml": "hosts:\n"
    "  one-web: {root: one/web}\n  one-db: {root: one/db, addresses: [db.one]}\n"
    "  two-web: {root: two/web}\n  two-db: {root: two/db, addresses: [db.two]}\n",
}

ONE, TWO, LONE = (path for path in FILES if path.endswith("postgresql.conf"))


class Repository:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.folder = folder
        self.said = ""
        self.code = 0
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def git(self, *words: str) -> None:
        names = {f"GIT_{who}_{what}": "tester" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        subprocess.run(["git", *words], cwd=self.folder, env=os.environ | names, check=True, capture_output=True)

    def check(self, *words: str) -> list[str]:
        """The files with fsync off that are told of; ``code`` and ``said`` are the rest."""
        self.code = main(["check", "--format", "json", "--select", "postgres/fsync-off", *words])
        captured = self._capsys.readouterr()
        self.said = captured.err
        if not captured.out:
            return []
        report = json.loads(captured.out)
        paths = [one["path"] for one in report["findings"]]
        if "--changed" in words:
            assert report["summary"]["elsewhere"] == 3 - len(paths)
        return paths


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    return Repository(tmp_path, capsys)


@pytest.fixture
def repository(bare: Repository) -> Repository:
    bare.git("init", "--quiet", "--initial-branch=main")
    bare.git("add", "--all")
    bare.git("commit", "--quiet", "--message", "all")
    return bare


def test_nothing_changed(repository: Repository) -> None:
    assert repository.check("--changed") == []
    assert repository.code == 0
    assert repository.check() == [LONE, ONE, TWO]
    assert repository.code == 1


def test_what_connections_join_with_the_changed_file_is_told(repository: Repository) -> None:
    repository.write("one/web/etc/php/8.3/fpm/pool.d/www.conf", FILES["one/web/etc/php/8.3/fpm/pool.d/www.conf"] + "\n")
    assert repository.check("--changed") == [ONE]
    assert repository.code == 1


def test_staged_untracked_and_deleted_files_count(repository: Repository) -> None:
    repository.write(LONE, "fsync = off\n# staged\n")
    repository.git("add", "--all")
    assert repository.check("--changed") == [LONE]
    repository.write("two/db/etc/postgresql/16/main/conf.d/new é.conf", "")
    assert repository.check("--changed") == [LONE, TWO]
    (repository.folder / "one/web/etc/php/8.3/fpm/pool.d/www.conf").unlink()
    assert repository.check("--changed") == [LONE, TWO]  # without the pool, nothing links one/web with one/db
    repository.git("rm", "--quiet", "--cached", ONE)
    assert repository.check("--changed") == [LONE, ONE, TWO]


def test_ignored_files_do_not_count(repository: Repository) -> None:
    repository.write(".gitignore", "*.bak\n")
    repository.write("lone/etc/postgresql/16/main/old.bak", "")
    assert repository.check("--changed") == []


def test_the_configuration_is_about_everything(repository: Repository) -> None:
    repository.write(".pgfpmlint.yaml", FILES[".pgfpmlint.yaml"] + "# new\n")
    assert repository.check("--changed") == [LONE, ONE, TWO]


def test_a_dockerfile_is_about_all_below_it(repository: Repository) -> None:
    repository.write("lone/Dockerfile", "FROM postgres:16\n")
    assert repository.check("--changed") == [LONE]
    repository.write("Dockerfile", "FROM postgres:16\n")
    assert repository.check("--changed") == [LONE, ONE, TWO]


def test_since_a_commit_history_decides(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came to the other branch meanwhile is none of this change."""
    repository.git("switch", "--quiet", "--create", "topic")
    repository.write(LONE, "fsync = off\n# topic\n")
    repository.git("commit", "--quiet", "--all", "--message", "topic")
    repository.git("switch", "--quiet", "main")
    repository.write(TWO, "fsync = off\n# main\n")
    repository.git("commit", "--quiet", "--all", "--message", "main")
    repository.git("switch", "--quiet", "topic")
    assert repository.check("--changed") == []
    assert repository.check("--changed", "main") == [LONE]
    assert repository.check("--changed=main", ".") == [LONE]
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    assert repository.check("--changed") == [LONE]


def test_from_a_subfolder_and_in_a_worktree(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write(LONE, "fsync = off\n# new\n")
    monkeypatch.chdir("one")
    assert repository.check("..", "--changed") == [str(repository.folder / LONE)]
    repository.git("worktree", "add", "--quiet", "other")
    (repository.folder / "other" / TWO).write_text("fsync = off\n# new\n")
    monkeypatch.chdir(repository.folder / "other")
    assert repository.check("--changed") == [TWO]


def test_before_the_first_commit_everything_is_new(bare: Repository) -> None:
    bare.git("init", "--quiet")
    bare.git("add", LONE)
    assert bare.check("--changed") == [LONE, ONE, TWO]


def test_a_linked_file_changes_with_what_it_leads_to(repository: Repository) -> None:
    kept = "lone/etc/postgresql/kept/some.txt"
    repository.write(kept, FILES[LONE])
    (repository.folder / LONE).unlink()
    (repository.folder / LONE).symlink_to("../../kept/some.txt")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "link")
    assert repository.check("--changed") == []
    repository.write(kept, "fsync = off\n# new\n")
    assert repository.check("--changed") == [LONE]


def test_a_baseline_knows_what_the_change_does_not_touch(repository: Repository) -> None:
    repository.check("--changed", "--write-baseline", "known.json")
    assert len(json.loads((repository.folder / "known.json").read_text())["entries"]) == 3
    repository.write(LONE, "fsync = off # once more\n")
    assert main(["check", "--changed", "--baseline", "known.json", "--select", "postgres/fsync-off"]) == 1
    repository.said = repository._capsys.readouterr().err
    assert repository.said.count("is gone from") == 1
    assert repository.said.splitlines()[-1].endswith(
        "1 warning; 2 known to the baseline; 0 elsewhere, untouched by the change"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--changed", "nowhere"], "--changed nowhere: git knows no such commit\n"),
        (["--changed", "one/"], "--changed one/: git knows no such commit; to lint one/, write --changed=HEAD one/\n"),
        (["--changed=--output=x"], "--changed --output=x: git knows no such commit\n"),
        (["--changed", "stranger"], "--changed stranger: as far as this clone goes it shares no history with HEAD; "),
    ],
)
def test_commits_that_can_not_be_meant(repository: Repository, words: list[str], says: str) -> None:
    repository.git("checkout", "--quiet", "--orphan", "stranger")
    repository.git("commit", "--quiet", "--message", "apart")
    repository.git("switch", "--quiet", "main")
    assert repository.check(*words) == []
    assert repository.code == 2
    assert repository.said.startswith(f"pgfpmlint: {says}")
    assert not (repository.folder / "x").exists()


def test_outside_of_a_repository(bare: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(bare.folder.parent))
    bare.check("--changed")
    assert bare.code == 2
    assert bare.said.startswith("pgfpmlint: --changed asks git, which answers: not a git repository")


def test_without_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository.folder))
    repository.check("--changed")
    assert (repository.code, repository.said) == (2, "pgfpmlint: --changed asks git, which is not installed\n")


def test_nothing_that_the_repository_names_is_run(repository: Repository) -> None:
    trap = f"touch {repository.folder}/sprung"
    for key in ("core.fsmonitor", "diff.external", "core.pager", "diff.trap.textconv", "diff.trap.command"):
        repository.git("config", key, trap)
    repository.git("config", "diff.relative", "true")
    repository.write(".gitattributes", "* diff=trap\n")
    repository.write(LONE, "fsync = off\n# new\n")
    assert repository.check("--changed") == [LONE]
    assert not (repository.folder / "sprung").exists()
