from __future__ import annotations

from pathlib import Path

import pytest

from pgfpmlint.lsp.project import Project, project_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for folder in ("repo/.git", "repo/a/b", "repo/c", "alone"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "repo/a/.pgfpmlint.yaml").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("path", "folders", "where"),
    [
        ("repo/c/postgresql.conf", ["repo"], "repo"),
        ("repo/a/b/postgresql.conf", ["repo"], "repo/a"),  # the nearest configuration
        ("repo/a/b/postgresql.conf", ["repo", "repo/a/b"], "repo/a/b"),  # within what the editor shows
        ("repo/a/b/postgresql.conf", [], "repo/a"),
        ("repo/a/b/postgresql.conf", ["repo/c"], "repo/a"),
    ],
)
def test_folders(path: str, folders: list[str], where: str, home: Path) -> None:
    assert project_of(str(home / path), [str(home / folder) for folder in folders]) == Project(str(home / where))


@pytest.mark.parametrize("path", ["alone/postgresql.conf", "repo/c/postgresql.conf"])
def test_a_file_alone(path: str, home: Path) -> None:
    full = home / path
    assert project_of(str(full), [str(home / "repo/a")]) == Project(str(full.parent), str(full))


def listed(project: Project, unsaved: dict[str, bytes]) -> list[tuple[str, bool]]:
    return [(entry.path, entry.named) for entry in project.tree(unsaved).files()]


def test_that_a_file_is_open_makes_it_no_argument(home: Path) -> None:
    (home / "alone/x.sql").touch()
    open_too = {"x.sql": b"", "new.conf": b"", "vendor/x/postgresql.conf": b"", "/elsewhere/postgresql.conf": b""}
    assert listed(Project(str(home / "alone")), open_too) == [("new.conf", False), ("x.sql", False)]


def test_a_file_that_was_never_saved(home: Path) -> None:
    path = str(home / "alone/postgresql.conf")
    tree = Project(str(home / "alone"), path).tree({"postgresql.conf": b"a", "other.conf": b"b"})
    assert [(entry.path, entry.named, entry.unreadable) for entry in tree.files()] == [("postgresql.conf", True, None)]
